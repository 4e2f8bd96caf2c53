import { decodeErrorResult, encodeFunctionData, erc20Abi, parseEther } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accountAbi, accountFactoryAbi, testTokenAbi } from "#contracts/abi.ts";
import type { Owner } from "#contracts/testing/world.ts";
import { newOwner, newSigner } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { deployer } from "../chain/accounts.ts";
import { CHAIN_ID } from "../chain/id.ts";
import type { TestChain } from "../testing/devnet-chain.ts";
import { startTestChain } from "../testing/devnet-chain.ts";
import type { Relay } from "./relay.ts";
import { createRelay, RelayError, zRelayCall } from "./relay.ts";

let chain: TestChain;
let relay: Relay;
const stranger = newSigner().account;

beforeAll(async () => {
  chain = await startTestChain();
  relay = createRelay(chain.clients, chain.contracts);
});
afterAll(async () => chain.close());

/** Has the relay create the owner's account, and funds it. */
async function createAccount(owner: Owner): Promise<Address> {
  const keys = [keyId(owner.device.key), keyId(owner.mfa.key), keyId(owner.recovery.key), NO_SALT] as const;
  const { factory, tusd } = chain.contracts;
  const data = encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args: keys });
  await relay.submit({ to: factory, data });
  const account = toAddress(
    await chain.clients.reader.readContract({
      address: factory,
      abi: accountFactoryAbi,
      functionName: "accountAddress",
      args: keys,
    }),
  );
  const wallet = chain.clients.as(deployer);
  await wallet.sendTransaction({ to: account, value: parseEther("2") });
  await wallet.writeContract({
    address: tusd,
    abi: testTokenAbi,
    functionName: "mint",
    args: [account, 5_000_000n],
  });
  return account;
}

async function withdrawal(owner: Owner, account: Address, nonce = makeNonce(0n, 0n)) {
  const operation: Operation = {
    kind: "withdraw",
    account,
    token: chain.contracts.tusd,
    to: toAddress(stranger.address),
    amount: 1_250_000n,
    nonce,
  };
  const domain = { chainId: CHAIN_ID, implementation: chain.contracts.implementation };
  const token = { symbol: "TUSD", decimals: 6 };
  const signatures = await Promise.all(
    [owner.device, owner.mfa].map(async ({ key, account: signer }) => ({
      key,
      signer: "plain" as const,
      form: "compact" as const,
      signature: await signer.sign({ hash: operationDigest(operation, "compact", domain, token) }),
    })),
  );
  return encodeOperation(operation, signatures);
}

async function balanceOf(holder: Address): Promise<bigint> {
  return chain.clients.reader.readContract({
    address: chain.contracts.tusd,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [holder],
  });
}

async function refusalOf(promise: Promise<unknown>): Promise<RelayError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RelayError);
  return error as RelayError;
}

describe("the relay", () => {
  it("creates an account and submits what its owner signed, paying the gas itself", async () => {
    const owner = newOwner();
    const account = await createAccount(owner);
    const paidBefore = await chain.clients.reader.getBalance({ address: relay.address });
    const hash = await relay.submit({ to: account, data: await withdrawal(owner, account) });
    expect(await chain.clients.reader.getTransactionReceipt({ hash })).toMatchObject({ status: "success" });
    expect(await balanceOf(account)).toBe(3_750_000n);
    expect(await balanceOf(toAddress(stranger.address))).toBe(1_250_000n);
    expect(await chain.clients.reader.getBalance({ address: relay.address })).toBeLessThan(paidBefore);
  });

  it("refuses what the account would refuse, with the contract's own error, and sends nothing", async () => {
    const owner = newOwner();
    const account = await createAccount(owner);
    const sentBefore = await chain.clients.reader.getTransactionCount({ address: relay.address });
    const late = await withdrawal(owner, account, makeNonce(0n, 7n));
    const refusal = await refusalOf(relay.submit({ to: account, data: late }));
    expect(refusal.code).toBe("reverted");
    expect(decodeErrorResult({ abi: accountAbi, data: refusal.revertData! }).errorName).toBe("NonceNotNext");
    expect(await chain.clients.reader.getTransactionCount({ address: relay.address })).toBe(sentBefore);
  });

  it("submits a signed operation once only, also when it is handed in twice at once", async () => {
    const owner = newOwner();
    const account = await createAccount(owner);
    const data = await withdrawal(owner, account);
    const results = await Promise.allSettled([
      relay.submit({ to: account, data }),
      relay.submit({ to: account, data }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await balanceOf(account)).toBe(3_750_000n);
  });

  it("pays for nothing but Trivet's contracts and accounts that the factory made", async () => {
    const owner = newOwner();
    const data = await withdrawal(owner, toAddress(stranger.address));
    for (const to of [chain.contracts.tusd, chain.contracts.staking, toAddress(stranger.address)]) {
      expect((await refusalOf(relay.submit({ to, data }))).code).toBe("not-allowed");
    }
  });

  it("pays for no call that needs more gas than its limit", async () => {
    const frugal = createRelay(chain.clients, chain.contracts, 50_000n);
    const owner = newOwner();
    const account = await createAccount(owner);
    const refusal = await refusalOf(frugal.submit({ to: account, data: await withdrawal(owner, account) }));
    expect(refusal.code).toBe("too-expensive");
  });

  it("takes nothing but an address and calldata of bounded length", () => {
    const to = stranger.address;
    expect(zRelayCall.safeParse({ to, data: "0x1234" }).success).toBe(true);
    for (const call of [
      { to, data: "1234" },
      { to: "0x1234", data: "0x" },
      { to, data: "0x", value: "1" },
      { to, data: `0x${"00".repeat(32_769)}` },
    ]) {
      expect(zRelayCall.safeParse(call).success).toBe(false);
    }
  });
});
