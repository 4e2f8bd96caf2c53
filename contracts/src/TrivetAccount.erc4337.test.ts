import { concat, decodeErrorResult, encodeFunctionData, parseEther, parseEventLogs, size } from "viem";
import { entryPoint08Abi, toPackedUserOperation } from "viem/account-abstraction";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { ROLE_NUMBER } from "#core/keys/role.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { zOperation } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import { accountAbi } from "../abi.ts";
import { deployEntryPoint, ENTRY_POINT } from "../testing/entry-point.ts";
import { perform, type Wish } from "../testing/perform.ts";
import { type UnsignedUserOperation, userOperation, userOperationHash } from "../testing/user-operation.ts";
import { newOwner, newSigner, type Owner, type TestSigner, World } from "../testing/world.ts";

/** A user operation with its signature. */
interface Signed {
  readonly unsigned: UnsignedUserOperation;
  readonly signature: Hex;
}

let world: World;
let paymaster: Address;
beforeAll(async () => {
  world = await World.start();
  await deployEntryPoint(world.chain);
  ({ address: paymaster } = await world.deploy("GenerousPaymaster", "testing/GenerousPaymaster.sol"));
  await deposit(paymaster);
});
afterAll(async () => await world.stop());

let owner: Owner;
let account: Address;
let bob: Address;
beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
  bob = toAddress(newSigner().account.address);
});

/** Pays an ether into somebody's deposit at the EntryPoint. */
async function deposit(to: Address): Promise<void> {
  const data = encodeFunctionData({ abi: entryPoint08Abi, functionName: "depositTo", args: [to] });
  await world.send(ENTRY_POINT, data, parseEther("1"));
}

const depositOf = async (holder: Address) =>
  await world.chain.publicClient.readContract({
    address: ENTRY_POINT,
    abi: entryPoint08Abi,
    functionName: "balanceOf",
    args: [holder],
  });
const etherOf = async (address: Address) => await world.chain.publicClient.getBalance({ address });

const toBob = (amount = 1n): Wish => ({ kind: "withdraw", token: NATIVE_TOKEN, to: bob, amount });

/** The call for a wish, with the account's nonce `later` operations from now. */
async function callOf(wish: Wish, later = 0n): Promise<Hex> {
  const nonce = (await world.nextNonce(account)) + later;
  return encodeOperation(zOperation.parse({ ...wish, account, nonce }), []);
}

/** A user operation for a call, the EntryPoint's nonce `later` operations from now. */
async function unsignedOf(callData: Hex, later = 0n): Promise<UnsignedUserOperation> {
  const unsigned = await userOperation(world.chain, account, callData);
  return { ...unsigned, nonce: unsigned.nonce + later };
}

/** The same at the paymaster's expense. */
const sponsored = (unsigned: UnsignedUserOperation): UnsignedUserOperation => ({
  ...unsigned,
  paymaster,
  paymasterVerificationGasLimit: 100_000n,
  paymasterPostOpGasLimit: 0n,
});

async function signaturesOf(hash: Hex, signers: readonly TestSigner[]): Promise<Hex> {
  const signatures = signers.map(async ({ key, account: { sign } }) => {
    return { key, signer: "plain", form: "compact", signature: await sign({ hash }) } as const;
  });
  return encodeSignatures(await Promise.all(signatures));
}

async function signed(unsigned: UnsignedUserOperation, ...signers: readonly TestSigner[]): Promise<Signed> {
  return { unsigned, signature: await signaturesOf(userOperationHash(world.chain, unsigned), signers) };
}

/** What a bundler sends. */
const bundleOf = (operations: readonly Signed[]): Hex =>
  encodeFunctionData({
    abi: entryPoint08Abi,
    functionName: "handleOps",
    args: [
      operations.map(({ unsigned, signature }) => toPackedUserOperation({ ...unsigned, signature })),
      world.chain.walletClient.account.address,
    ],
  });

/** Has the EntryPoint handle operations together; for each, what it cost and why its call failed, if it did. */
async function handle(...operations: readonly Signed[]) {
  const { logs } = await world.send(ENTRY_POINT, bundleOf(operations));
  const reasons = new Map(
    parseEventLogs({ abi: entryPoint08Abi, eventName: "UserOperationRevertReason", logs }).map(({ args }) => [
      args.userOpHash,
      decodeErrorResult({ abi: accountAbi, data: args.revertReason }).errorName,
    ]),
  );
  return parseEventLogs({ abi: entryPoint08Abi, eventName: "UserOperationEvent", logs }).map(({ args }) => ({
    failure: args.success ? null : reasons.get(args.userOpHash),
    cost: args.actualGasCost,
  }));
}

/** Why the EntryPoint does not take an operation: its own code, and the account's error, if that reverted. */
async function refusalOf(operation: Signed): Promise<readonly string[]> {
  const { name, args } = await world.refusalOf(ENTRY_POINT, bundleOf([operation]), entryPoint08Abi);
  if (name === "Error") return [String(args[0]).split(" ")[0] ?? ""];
  expect(args[0]).toBe(0n);
  const code = String(args[1]).split(" ")[0] ?? "";
  if (name === "FailedOp") return [code];
  // FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)
  const inner = zHex.parse(args[2]);
  return inner === "0x" ? [code] : [code, decodeErrorResult({ abi: accountAbi, data: inner }).errorName];
}

describe("who pays", () => {
  test("device and mfa withdraw at the account's own expense", async () => {
    const before = await etherOf(account);
    const unsigned = await unsignedOf(await callOf(toBob(parseEther("1"))));
    const [result] = await handle(await signed(unsigned, owner.device, owner.mfa));
    expect(result?.failure).toBeNull();
    expect(await etherOf(bob)).toBe(parseEther("1"));
    // What was paid ahead and not used is the account's deposit.
    const spent = before - (await etherOf(account)) - (await depositOf(account));
    expect(spent).toBe(parseEther("1") + (result?.cost ?? 0n));
    expect(await world.nextNonce(account)).toBe(1n);
  });

  test("one key alone cannot spend the account's ether on fees, nor can others that may not withdraw", async () => {
    await setLimit(owner.mfa);
    await deposit(account);
    const unsigned = await unsignedOf(await callOf(toBob()));
    for (const signers of [[owner.device], [owner.mfa], [owner.recovery], [owner.device, owner.recovery]]) {
      expect(await refusalOf(await signed(unsigned, ...signers))).toEqual([
        "AA23",
        "FeesNeedDeviceAndMfaKey",
      ]);
    }
  });

  test("nobody, and the account itself, are no paymasters", async () => {
    await deposit(account);
    const unsigned = sponsored(await unsignedOf(await callOf(toBob())));
    for (const [paymaster, code] of [
      [NATIVE_TOKEN, "AA98"],
      [account, "AA33"],
    ] as const) {
      const operation = await signed({ ...unsigned, paymaster }, owner.device);
      expect(await refusalOf(operation)).toEqual([code]);
    }
  });

  test("one key alone spends within its limit where a paymaster pays", async () => {
    await setLimit(owner.mfa);
    const before = await etherOf(account);
    const unsigned = sponsored(await unsignedOf(await callOf(toBob(60n))));
    expect(await handle(await signed(unsigned, owner.mfa))).toMatchObject([{ failure: null }]);
    expect(await etherOf(account)).toBe(before - 60n);

    const more = sponsored(await unsignedOf(await callOf(toBob(41n))));
    expect(await handle(await signed(more, owner.mfa))).toMatchObject([{ failure: "LimitExceeded" }]);
    expect(await etherOf(bob)).toBe(60n);
  });

  test("what one key proposes where a paymaster pays is run later by anybody, as its event says", async () => {
    const rules = { singleKeyRoles: 1 << ROLE_NUMBER.mfa, pendingKeysMayCall: false } as const;
    const wish: Wish = { kind: "setRules", ...rules, tripwireCount: 0, tripwireWindow: 0 };
    await perform(world, account, wish, [owner.device, owner.mfa]);
    const proposal = await signed(sponsored(await unsignedOf(await callOf(toBob()))), owner.mfa);
    const { logs } = await world.send(ENTRY_POINT, bundleOf([proposal]));
    const [scheduled] = parseEventLogs({ abi: accountAbi, eventName: "OperationScheduled", logs });
    if (!scheduled) throw new Error("nothing was scheduled");
    const { call, proposer } = scheduled.args;
    expect(proposer).toBe(keyId(owner.mfa.key));
    expect(await world.refusalOf(account, call)).toMatchObject({ name: "StillWaiting" });

    await world.chain.testClient.increaseTime({ seconds: 7 * 24 * 60 * 60 });
    await world.send(account, call);
    expect(await etherOf(bob)).toBe(1n);
    expect(await world.refusalOf(account, call)).toMatchObject({ name: "NotScheduled" });
  });

  test("a frozen account pays no fees, whoever signs, because that would be a way to take its ether", async () => {
    await deposit(account);
    await perform(world, account, { kind: "lock" }, [owner.device]);
    const unsigned = await unsignedOf(await callOf({ kind: "unfreeze" }));
    const both = [owner.device, owner.mfa];
    expect(await refusalOf(await signed(unsigned, ...both))).toEqual(["AA23", "AccountFrozen"]);
    expect(await handle(await signed(sponsored(unsigned), ...both))).toMatchObject([{ failure: null }]);
    expect(await handle(await signed(await unsignedOf(await callOf(toBob())), ...both))).toMatchObject([
      { failure: null },
    ]);
    expect(await etherOf(bob)).toBe(1n);
  });

  test("a migrated account's deposit moves along", async () => {
    await deposit(account);
    const successor = toAddress(newSigner().account.address);
    await perform(world, account, { kind: "migrate", successor, assets: [] }, [owner.device, owner.mfa]);
    expect(await depositOf(account)).toBe(0n);
    expect(await etherOf(account)).toBe(0n);
    expect(await etherOf(successor)).toBe(parseEther("11"));
  });

  async function setLimit({ key }: TestSigner): Promise<void> {
    const wish: Wish = { kind: "setLimit", key: keyId(key), token: NATIVE_TOKEN, limit: 100n };
    await perform(world, account, wish, [owner.device, owner.mfa]);
  }
});

describe("signatures", () => {
  beforeEach(async () => await deposit(account));

  test("of strangers, of nobody, cut short, doubled or out of order are refused", async () => {
    const unsigned = await unsignedOf(await callOf(toBob()));
    const hash = userOperationHash(world.chain, unsigned);
    const device = await signaturesOf(hash, [owner.device]);
    const mfa = await signaturesOf(hash, [owner.mfa]);
    const ascending = await signaturesOf(hash, [owner.device, owner.mfa]);
    const descending = ascending === concat([device, mfa]) ? concat([mfa, device]) : concat([device, mfa]);
    const stranger = await signaturesOf(hash, [owner.device, newSigner()]);
    const short: Hex = `0x${ascending.slice(2, -2)}`;
    expect(size(short)).toBe(131);
    for (const signature of ["0x", stranger, short, concat([device, device]), descending] as const) {
      expect(await refusalOf({ unsigned, signature })).toEqual(["AA24"]);
    }
    expect(await handle({ unsigned, signature: ascending })).toMatchObject([{ failure: null }]);
  });

  test("are for every part of the operation", async () => {
    const { unsigned, signature } = await signed(
      await unsignedOf(await callOf(toBob())),
      owner.device,
      owner.mfa,
    );
    const changes: readonly Partial<UnsignedUserOperation>[] = [
      { callData: await callOf(toBob(2n)) },
      { maxFeePerGas: unsigned.maxFeePerGas + 1n },
      { callGasLimit: unsigned.callGasLimit + 1n },
      sponsored(unsigned),
    ];
    for (const change of changes) {
      expect(await refusalOf({ unsigned: { ...unsigned, ...change }, signature })).toEqual(["AA24"]);
    }
  });

  test("are for one account", async () => {
    const operation = await signed(await unsignedOf(await callOf(toBob())), owner.device, owner.mfa);
    const twin = await world.createAccount(owner, `0x${"01".repeat(32)}`);
    await deposit(twin);
    const unsigned = { ...operation.unsigned, sender: twin };
    expect(await refusalOf({ unsigned, signature: operation.signature })).toEqual(["AA24"]);
  });

  test("of a pending key are refused", async () => {
    const { key, account: signer } = newSigner();
    await perform(world, account, { kind: "addKey", role: "device", key, expires: 0 }, [owner.recovery]);
    const unsigned = await unsignedOf(await callOf(toBob()));
    const operation = await signed(unsigned, { key, account: signer }, owner.mfa);
    expect(await refusalOf(operation)).toEqual(["AA24"]);
  });
});

describe("an operation runs once", () => {
  test("and not again through the EntryPoint", async () => {
    const operation = await signed(await unsignedOf(await callOf(toBob())), owner.device, owner.mfa);
    expect(await handle(operation)).toMatchObject([{ failure: null }]);
    expect(await refusalOf(operation)).toEqual(["AA25"]);
    expect(await etherOf(bob)).toBe(1n);
  });

  test("and not again under another nonce of the EntryPoint", async () => {
    const callData = await callOf(toBob());
    const both = [owner.device, owner.mfa];
    const results = await handle(
      await signed(await unsignedOf(callData), ...both),
      await signed(await unsignedOf(callData, 1n), ...both),
    );
    expect(results).toMatchObject([{ failure: null }, { failure: "NonceNotNext" }]);
    expect(await etherOf(bob)).toBe(1n);
  });

  test("and not when it was done through the relay before", async () => {
    const callData = await callOf(toBob());
    await perform(world, account, toBob(), [owner.device, owner.mfa]);
    const operation = await signed(await unsignedOf(callData), owner.device, owner.mfa);
    expect(await handle(operation)).toMatchObject([{ failure: "NonceNotNext" }]);
    expect(await etherOf(bob)).toBe(1n);
  });
});

describe("an operation of the same bundle that comes before", () => {
  test("freezes the account, and the next one does not run", async () => {
    const both = [owner.device, owner.mfa];
    const results = await handle(
      await signed(await unsignedOf(await callOf({ kind: "lock" })), ...both),
      await signed(await unsignedOf(await callOf(toBob(), 1n), 1n), ...both),
    );
    expect(results).toMatchObject([{ failure: null }, { failure: "AccountFrozen" }]);
    expect(await etherOf(bob)).toBe(0n);
  });

  test("takes a key's authority, and what that key signed does not run", async () => {
    const replacement: Wish = {
      kind: "replaceKey",
      role: "mfa",
      oldKey: owner.mfa.key,
      newKey: newSigner().key,
    };
    const both = [owner.device, owner.mfa];
    const results = await handle(
      await signed(await unsignedOf(await callOf(replacement)), owner.device, owner.mfa),
      await signed(await unsignedOf(await callOf(toBob(), 1n), 1n), ...both),
    );
    expect(results).toMatchObject([{ failure: null }, { failure: "KeyUnknown" }]);
    expect(await etherOf(bob)).toBe(0n);
  });

  test("raises a threshold, and what was signed by fewer does not run", async () => {
    const { key } = newSigner();
    const both = [owner.device, owner.mfa];
    await perform(world, account, { kind: "addKey", role: "mfa", key, expires: 0 }, both);
    const results = await handle(
      await signed(
        await unsignedOf(await callOf({ kind: "setThreshold", role: "mfa", threshold: 2 })),
        ...both,
      ),
      await signed(await unsignedOf(await callOf(toBob(), 1n), 1n), ...both),
    );
    expect(results).toMatchObject([{ failure: null }, { failure: "MfaKeyMissing" }]);
    expect(await etherOf(bob)).toBe(0n);
  });

  test("uses up a limit, and the next one exceeds it", async () => {
    const wish: Wish = { kind: "setLimit", key: keyId(owner.mfa.key), token: NATIVE_TOKEN, limit: 100n };
    await perform(world, account, wish, [owner.device, owner.mfa]);
    const results = await handle(
      await signed(sponsored(await unsignedOf(await callOf(toBob(60n)))), owner.mfa),
      await signed(sponsored(await unsignedOf(await callOf(toBob(60n), 1n), 1n)), owner.mfa),
    );
    expect(results).toMatchObject([{ failure: null }, { failure: "LimitExceeded" }]);
    expect(await etherOf(bob)).toBe(60n);
  });

  test("lends its signatures to no other call", async () => {
    const results = await handle(
      await signed(await unsignedOf(await callOf(toBob())), owner.device, owner.mfa),
      await signed(sponsored(await unsignedOf(await callOf(toBob(2n), 1n), 1n)), owner.device),
    );
    expect(results).toMatchObject([{ failure: null }, { failure: "NotAllowedAlone" }]);
    expect(await etherOf(bob)).toBe(1n);
  });
});

describe("without a validation in the same transaction", () => {
  test("the EntryPoint itself can have nothing done", async () => {
    const call = { account: ENTRY_POINT, to: account, data: await callOf(toBob()) };
    await expect(world.chain.publicClient.call(call)).rejects.toThrow("KeyMissing");
  });

  test("a call without signatures only runs what was scheduled before", async () => {
    expect(await world.refusalOf(account, await callOf(toBob()))).toMatchObject({ name: "NotScheduled" });
  });

  test("nobody else has operations validated", async () => {
    const { unsigned, signature } = await signed(
      await unsignedOf(await callOf(toBob())),
      owner.device,
      owner.mfa,
    );
    const data = encodeFunctionData({
      abi: accountAbi,
      functionName: "validateUserOp",
      args: [
        toPackedUserOperation({ ...unsigned, signature }),
        userOperationHash(world.chain, unsigned),
        parseEther("1"),
      ],
    });
    expect(await world.refusalOf(account, data)).toEqual({
      name: "NotTheEntryPoint",
      args: [world.chain.walletClient.account.address],
    });
  });
});
