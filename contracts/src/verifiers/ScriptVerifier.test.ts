import { encodeFunctionData, hashTypedData, parseAbi, parseEther, toFunctionSelector } from "viem";
import { toPackedUserOperation } from "viem/account-abstraction";
import { hashTypedData as nestedTypedDataHash, wrapTypedDataSignature } from "viem/experimental/erc7739";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { FIRST_ENTRY_POINT_LANE } from "#core/operations/nonce.ts";
import type { Operation, OperationKind } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex, zOperationId } from "#core/primitives/hex.ts";
import { HAND_OUT_TOKENS } from "#core/primitives/selector.ts";
import { accountAbi } from "../../abi.ts";
import { ENTRY_POINT, deployEntryPoint } from "../../testing/entry-point.ts";
import { operationOf, perform, type Wish } from "../../testing/perform.ts";
import { encodeScriptSignature } from "../../testing/signers.ts";
import { userOperation, userOperationHash } from "../../testing/user-operation.ts";
import {
  newOwner,
  newScriptSigner,
  newSigner,
  type Owner,
  type TestSigner,
  World,
} from "../../testing/world.ts";

const exchangeAbi = parseAbi(["function buy(uint256 least) payable"]);
const BUY = toFunctionSelector(exchangeAbi[0]);

let world: World;
let exchange: Address;
beforeAll(async () => {
  world = await World.start();
  const price = [world.contracts.tusd, 2_000_000_000n];
  ({ address: exchange } = await world.deploy("DevnetExchange", "devnet/DevnetExchange.sol", price));
  await deployEntryPoint(world.chain);
});
afterAll(async () => await world.stop());

let owner: Owner;
let account: Address;
let script: TestSigner;
const thief = toAddress(newSigner().account.address);
const change = (wish: Wish) => perform(world, account, wish, [owner.device, owner.mfa]);
const allow = (target: Address, selector: Hex) =>
  change({ kind: "setScope", key: keyId(script.key), target, selector, allowed: true });

beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
  script = newScriptSigner(world.contracts.scriptVerifier);
  await change({ kind: "addKey", role: "device", key: script.key, expires: 0 });
  await allow(exchange, BUY);
  const limit = parseEther("0.1");
  await change({ kind: "setLimit", key: keyId(script.key), token: NATIVE_TOKEN, limit });
});

const purchase = (value: bigint): Wish => ({
  kind: "execute",
  calls: [
    {
      target: exchange,
      value,
      data: zHex.parse(encodeFunctionData({ abi: exchangeAbi, functionName: "buy", args: [0n] })),
    },
  ],
});

/** Who signs: the script alone, and with every choice of the owner's other keys. */
const companies = (): TestSigner[][] => [
  [script],
  [script, owner.mfa],
  [script, owner.recovery],
  [script, owner.mfa, owner.recovery],
];

async function refusals(wish: Wish): Promise<unknown[]> {
  const operation = await operationOf(world, account, wish);
  return await Promise.all(
    companies().map(async (signers) => {
      const signatures = await Promise.all(signers.map((signer) => world.sign(operation, signer)));
      return await world.refusal(operation, signatures);
    }),
  );
}
const unsigned = () => companies().map(() => ({ name: "SignatureRejected", args: [keyId(script.key)] }));

test("a script makes the calls in its scope by itself, within its limit", async () => {
  await perform(world, account, purchase(parseEther("0.06")), [script]);
  await perform(world, account, purchase(parseEther("0.04")), [script]);
  expect(await world.chain.publicClient.getBalance({ address: exchange })).toBe(parseEther("0.1"));
  expect(await refusals(purchase(1n))).toEqual(unsigned());
});

test("beside others it makes no other calls than by itself", async () => {
  for (const signers of companies().filter((keys) => keys.length === 1 || keys.includes(owner.mfa))) {
    await perform(world, account, purchase(1n), signers);
  }
  const elsewhere: Wish = { kind: "execute", calls: [{ target: thief, value: 0n, data: BUY }] };
  expect(await refusals(elsewhere)).toEqual(unsigned());
  expect(await refusals(purchase(parseEther("0.2")))).toEqual(unsigned());
});

describe("an operation that is no execution", () => {
  /** One of each, such as would take effect if a device key of a computer signed in the script's place. */
  const wishes = (): { [K in Exclude<OperationKind, "execute" | "cancel">]: Extract<Wish, { kind: K }> } => {
    const device = keyId(owner.device.key);
    return {
      withdraw: { kind: "withdraw", token: NATIVE_TOKEN, to: thief, amount: 1n },
      replaceKey: { kind: "replaceKey", role: "mfa", oldKey: owner.mfa.key, newKey: newSigner().key },
      migrate: { kind: "migrate", successor: thief, assets: [] },
      addKey: { kind: "addKey", role: "device", key: newSigner().key, expires: 0 },
      activateKey: { kind: "activateKey", key: keyId(newSigner().key) },
      rejectKey: { kind: "rejectKey", key: keyId(newSigner().key) },
      removeKey: { kind: "removeKey", key: device },
      setThreshold: { kind: "setThreshold", role: "mfa", threshold: 1 },
      setEmergencyAddress: { kind: "setEmergencyAddress", recipient: thief, enabled: true },
      setAllowlisted: { kind: "setAllowlisted", recipient: thief, allowed: true },
      setScope: { kind: "setScope", key: keyId(script.key), target: thief, selector: BUY, allowed: true },
      setLimit: { kind: "setLimit", key: keyId(script.key), token: NATIVE_TOKEN, limit: parseEther("1") },
      setHours: { kind: "setHours", key: keyId(script.key), closedHours: 1 },
      setDelays: {
        kind: "setDelays",
        recoveryDelay: 0,
        removalDelay: 0,
        singleKeyDelay: 0,
        overrideDelay: 0,
      },
      setRules: {
        kind: "setRules",
        singleKeyRoles: 2,
        pendingKeysMayCall: true,
        tripwireCount: 0,
        tripwireWindow: 0,
      },
      setSuccessor: { kind: "setSuccessor", successor: thief },
      lock: { kind: "lock" },
      archive: { kind: "archive" },
      unfreeze: { kind: "unfreeze" },
      rearm: { kind: "rearm", operation: zOperationId.parse(`0x${"77".repeat(32)}`) },
    };
  };
  test("is not signed, alone or beside others", async () => {
    for (const wish of Object.values(wishes())) {
      expect(await refusals(wish), wish.kind).toEqual(unsigned());
    }
  });

  test("is not signed where the owner lets each role alone propose, and to allowed recipients neither", async () => {
    const rules = { pendingKeysMayCall: true, tripwireCount: 0, tripwireWindow: 0 };
    await change({ kind: "setRules", singleKeyRoles: 14, ...rules });
    await change({ kind: "setAllowlisted", recipient: thief, allowed: true });
    expect(await refusals(wishes().withdraw)).toEqual(unsigned());
    const elsewhere: Wish = { kind: "execute", calls: [{ target: thief, value: 1n, data: "0x" }] };
    expect(await refusals(elsewhere)).toEqual(unsigned());
  });

  test("is not signed within the limit either", async () => {
    const small: Wish = { kind: "withdraw", token: NATIVE_TOKEN, to: thief, amount: 1n };
    // A plain device key with that limit sends it.
    const key = keyId(owner.device.key);
    await change({ kind: "setLimit", key, token: NATIVE_TOKEN, limit: parseEther("0.1") });
    await perform(world, account, small, [owner.device]);
    expect(await refusals(small)).toEqual(unsigned());
  });

  test("cancels nothing and rejects nobody, when there is something", async () => {
    const rules = { pendingKeysMayCall: false, tripwireCount: 0, tripwireWindow: 0 };
    await change({ kind: "setRules", singleKeyRoles: 2, ...rules });
    const waiting = await operationOf(world, account, wishes().withdraw);
    const { logs } = await world.run(waiting, [owner.device]);
    const id = zOperationId.parse(logs[0]?.topics[1]);
    expect(await refusals({ kind: "cancel", operation: id })).toEqual(unsigned());

    const pending = newSigner().key;
    await perform(world, account, { kind: "addKey", role: "device", key: pending, expires: 0 }, [
      owner.recovery,
    ]);
    expect(await refusals({ kind: "rejectKey", key: keyId(pending) })).toEqual(unsigned());
    expect(await refusals({ kind: "activateKey", key: keyId(pending) })).toEqual(unsigned());
  });
});

test("functions that hand out tokens are not called, even in scope", async () => {
  for (const signature of HAND_OUT_TOKENS) {
    const selector = toFunctionSelector(signature);
    await allow(world.contracts.tusd, selector);
    const calls = [{ target: world.contracts.tusd, value: 0n, data: zHex.parse(selector.padEnd(138, "0")) }];
    expect(await refusals({ kind: "execute", calls })).toEqual(unsigned());
  }
});

test("nothing is signed in readable form", async () => {
  const operation = await operationOf(world, account, purchase(1n));
  const signature = await world.sign(operation, script, "readable");
  expect(await world.refusal(operation, [signature])).toEqual(unsigned()[0]);
});

test("nothing is signed for the EntryPoint, not even its own calls", async () => {
  const lane = FIRST_ENTRY_POINT_LANE;
  const operation = await operationOf(world, account, purchase(1n), lane);
  const asked = await userOperation(world.chain, account, encodeOperation(operation, []), lane);
  const hash = userOperationHash(world.chain, asked);
  const validate = async (signer: TestSigner) => {
    const plain = await signer.account.sign({ hash });
    const own = signer.script
      ? ({ signer: "contract", signature: encodeScriptSignature(operation, plain) } as const)
      : ({ signer: "plain", signature: plain } as const);
    const packed = toPackedUserOperation({
      ...asked,
      paymaster: thief,
      paymasterVerificationGasLimit: 1n,
      paymasterPostOpGasLimit: 0n,
      signature: encodeSignatures([{ key: signer.key, form: "compact", ...own }]),
    });
    const { result } = await world.chain.publicClient.simulateContract({
      account: ENTRY_POINT,
      address: account,
      abi: accountAbi,
      functionName: "validateUserOp",
      args: [packed, hash, 0n],
    });
    return result;
  };
  const FAILED = 1n;
  expect(await validate(script)).toBe(FAILED);
  expect(await validate(owner.device)).not.toBe(FAILED);
});

test("nothing is signed in the account's name for other contracts", async () => {
  const { domain } = await world.chain.publicClient.getEip712Domain({ address: account });
  // What would be a withdrawal from this very account, were it not for the nesting.
  const withdrawal = {
    domain: {
      name: "Trivet",
      version: "1",
      chainId: world.domain.chainId,
      verifyingContract: world.domain.implementation,
    },
    types: {
      Withdrawal: [
        { name: "account", type: "address" },
        { name: "token", type: "address" },
        { name: "to", type: "address" },
        { name: "amount", type: "uint256" },
        { name: "nonce", type: "uint256" },
      ],
    },
    primaryType: "Withdrawal",
    message: { account, token: NATIVE_TOKEN, to: thief, amount: 1n, nonce: 0n },
  } as const;
  const hash = nestedTypedDataHash({ ...withdrawal, verifierDomain: domain });
  const operation: Operation = { kind: "execute", account, calls: [], nonce: 0n };
  const answer = async (signer: TestSigner) => {
    const plain = await signer.account.sign({ hash });
    const mfa = await owner.mfa.account.sign({ hash });
    const own = signer.script
      ? ({ signer: "contract", signature: encodeScriptSignature(operation, plain) } as const)
      : ({ signer: "plain", signature: plain } as const);
    const signature = encodeSignatures([
      { key: signer.key, form: "compact", ...own },
      { key: owner.mfa.key, form: "compact", signer: "plain", signature: mfa },
    ]);
    return await world.chain.publicClient.readContract({
      address: account,
      abi: accountAbi,
      functionName: "isValidSignature",
      args: [hashTypedData(withdrawal), wrapTypedDataSignature({ ...withdrawal, signature })],
    });
  };
  expect(await answer(owner.device)).toBe("0x1626ba7e");
  expect(await answer(script)).toBe("0xffffffff");
});

test("it has no other role than a device key's", async () => {
  for (const role of ROLES) {
    const other = newScriptSigner(world.contracts.scriptVerifier);
    await change({ kind: "addKey", role, key: other.key, expires: 0 });
    const operation = await operationOf(world, account, { kind: "lock" });
    expect(await world.refusal(operation, [await world.sign(operation, other)])).toEqual({
      name: "SignatureRejected",
      args: [keyId(other.key)],
    });
  }
});
