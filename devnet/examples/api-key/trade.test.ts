import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { erc20Abi, parseEther } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { perform } from "#contracts/testing/perform.ts";
import { newOwner, newSigner, type Owner, type TestSigner, World } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { allowanceOperation } from "#core/operations/allowance.ts";
import { encodeOperation } from "#core/operations/call.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN, toAddress, zAddress } from "#core/primitives/address.ts";
import { type KeyId, zHex } from "#core/primitives/hex.ts";
import { createApiKey } from "#electron/vault/keyring/api-key.ts";
import { type Call, execute, type Network, openKey, purchase, sale } from "./trade.ts";

const DAY = 86_400;
const BUY = "0xd96a094a";
const SELL = "0xd79875eb";

let world: World;
let relay: Server;
let network: Network;
let exchange: Address;
beforeAll(async () => {
  world = await World.start();
  ({ address: exchange } = await world.deploy("DevnetExchange", "devnet/DevnetExchange.sol", [
    world.contracts.tusd,
    2_000_000_000n,
  ]));
  // The chain has no address of its own here: requests to it and to its relay come over this server.
  relay = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      const body: unknown = await json(request);
      if (request.url === "/relay") {
        const { to, data } = z.object({ to: zAddress, data: zHex }).parse(body);
        return { transactionHash: (await world.send(to, data)).transactionHash };
      }
      const { id, method, params } = z
        .object({ id: z.number(), method: z.string(), params: z.array(z.unknown()).optional() })
        .parse(body);
      try {
        const result: unknown = await world.chain.publicClient.transport.request({ method, params });
        return { jsonrpc: "2.0", id, result };
      } catch (error) {
        const { data } = z.looseObject({ data: zHex.optional() }).parse(causeWithData(error));
        return { jsonrpc: "2.0", id, error: { code: 3, message: "execution reverted", data } };
      }
    };
    void answer().then((value) => response.end(JSON.stringify(value)));
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(relay.address());
  network = {
    chain: { id: world.domain.chainId, rpcUrls: [`http://127.0.0.1:${port}/rpc`] },
    contracts: {
      implementation: world.contracts.implementation,
      scriptVerifier: world.contracts.scriptVerifier,
    },
    relayUrl: `http://127.0.0.1:${port}/relay`,
  };
});
afterAll(async () => {
  relay.closeAllConnections();
  relay.close();
  await world.stop();
});

/** The error that carries what the contract answered. */
function causeWithData(error: unknown): object {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if ("data" in one && typeof one.data === "string") return one;
  }
  return {};
}

let owner: Owner;
let account: Address;
let key: PrivateKeyAccount;
let id: KeyId;
let signer: TestSigner;
beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
  // As Trivet makes it, and as the script opens it.
  key = openKey((await createApiKey(undefined)).text, "");
  signer = {
    key: keyOfScript(world.contracts.scriptVerifier, toAddress(key.address)),
    account: key,
    script: true,
  };
  id = keyId(signer.key);
  const { timestamp } = await world.chain.publicClient.getBlock();
  await change({ kind: "addKey", role: "device", key: signer.key, expires: Number(timestamp) + 30 * DAY });
  await change({ kind: "setScope", key: id, target: exchange, selector: BUY, allowed: true });
  await change({ kind: "setLimit", key: id, token: NATIVE_TOKEN, limit: parseEther("0.1") });
});

const change = (wish: Parameters<typeof perform>[2]) =>
  perform(world, account, wish, [owner.device, owner.mfa]);
const trade = (ether: string) => execute(key, account, [purchase(exchange, parseEther(ether), 0n)], network);
const tusdOf = (holder: Address) =>
  world.chain.publicClient.readContract({
    address: world.contracts.tusd,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [holder],
  });

test("the script buys, again and again, within its limit and scope", async () => {
  const before = await tusdOf(account);
  await trade("0.05");
  await trade("0.04");
  expect((await tusdOf(account)) - before).toBe(180_000_000n);
});

test("the script sells what the owner allowed the exchange to take, and not more", async () => {
  await trade("0.1");
  await change({ kind: "setScope", key: id, target: exchange, selector: SELL, allowed: true });
  const sell = (tokens: bigint) => execute(key, account, [sale(exchange, tokens, 0n)], network);
  await expect(sell(50_000_000n)).rejects.toMatchObject({ error: "CallFailed" });
  const allowance = { token: world.contracts.tusd, spender: exchange, amount: 60_000_000n };
  await change(allowanceOperation(allowance));
  const before = await tusdOf(account);
  await sell(50_000_000n);
  expect(before - (await tusdOf(account))).toBe(50_000_000n);
  await expect(sell(50_000_000n)).rejects.toMatchObject({ error: "CallFailed" });
});

describe("the account refuses the script", () => {
  test("more ether within a day than its limit, and takes it again the day after next", async () => {
    await trade("0.08");
    await expect(trade("0.03")).rejects.toMatchObject({ error: "more than is left of the key's limit" });
    await world.chain.testClient.increaseTime({ seconds: 32 * 3600 });
    await world.chain.testClient.mine({ blocks: 1 });
    await trade("0.03");
  });

  test("at hours that the owner closed", async () => {
    await change({ kind: "setHours", key: id, closedHours: 2 ** 24 - 1 });
    await expect(trade("0.01")).rejects.toThrow("a closed hour");
  });

  test("calls outside of its scope, alone or beside one that is in it", async () => {
    const approval: Call = {
      target: world.contracts.tusd,
      value: 0n,
      data: `0x095ea7b3${exchange.slice(2).padStart(64, "0")}${"f".repeat(64)}`,
    };
    await expect(execute(key, account, [approval], network)).rejects.toThrow("not in the key's scope");
    const calls = [purchase(exchange, 1n, 0n), approval];
    await expect(execute(key, account, calls, network)).rejects.toThrow("not in the key's scope");
  });

  test("an approval even where the owner put it into its scope", async () => {
    const { tusd } = world.contracts;
    await change({ kind: "setScope", key: id, target: tusd, selector: "0x095ea7b3", allowed: true });
    const approval: Call = { target: tusd, value: 0n, data: `0x095ea7b3${"0".repeat(128)}` };
    await expect(execute(key, account, [approval], network)).rejects.toThrow("hands out tokens");
  });

  test("withdrawals, also within its limit", async () => {
    const withdrawal = async (token: Address, amount: bigint) => {
      const operation: Operation = {
        kind: "withdraw",
        account,
        token,
        to: newSigner().account.address as Address,
        amount,
        nonce: await world.nextNonce(account),
      };
      const signature = await world.sign(operation, signer);
      return (await world.refusalOf(account, encodeOperation(operation, [signature]))).name;
    };
    expect(await withdrawal(world.contracts.tusd, 1n)).toBe("SignatureRejected");
    expect(await withdrawal(NATIVE_TOKEN, 1n)).toBe("SignatureRejected");
  });

  test("once its key expired, or was revoked", async () => {
    await world.chain.testClient.increaseTime({ seconds: 31 * DAY });
    await world.chain.testClient.mine({ blocks: 1 });
    await expect(trade("0.01")).rejects.toMatchObject({ error: "KeyExpired" });
    await change({ kind: "removeKey", key: id });
    await expect(trade("0.01")).rejects.toMatchObject({ error: "KeyUnknown" });
  });
});

test("the script opens the key file that Trivet saved with its password, and with no other", async () => {
  const { address, text } = await createApiKey("correct horse");
  expect(openKey(text, "correct horse").address).toBe(address);
  expect(() => openKey(text, "correct house")).toThrow("Wrong password.");
  expect(openKey(`0x${"5c".repeat(32)}\n`, "").address).toBe(
    privateKeyToAccount(`0x${"5c".repeat(32)}`).address,
  );
});
