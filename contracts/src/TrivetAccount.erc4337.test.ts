import {
  concat,
  decodeErrorResult,
  encodeFunctionData,
  hexToBigInt,
  parseEther,
  parseEventLogs,
  size,
  toHex,
} from "viem";
import { entryPoint08Abi, toPackedUserOperation } from "viem/account-abstraction";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { keyId } from "#core/keys/key.ts";
import { maskOfRoles } from "#core/keys/role.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { FIRST_ENTRY_POINT_LANE, makeNonce } from "#core/operations/nonce.ts";
import { zOperation } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import { accountAbi } from "../abi.ts";
import { deployEntryPoint, ENTRY_POINT } from "../testing/entry-point.ts";
import { perform, type Wish } from "../testing/perform.ts";
import { type UnsignedUserOperation, userOperation, userOperationHash } from "../testing/user-operation.ts";
import { newOwner, newSigner, type Owner, type TestSigner, World } from "../testing/world.ts";

const DAY = 24 * 60 * 60;

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

const LANE = FIRST_ENTRY_POINT_LANE;

/** The call for a wish with a nonce. */
const callWith = (wish: Wish, nonce: bigint): Hex =>
  encodeOperation(zOperation.parse({ ...wish, account, nonce }), []);

/** The call for a wish, with the EntryPoint's nonce `later` operations from now. */
const callOf = async (wish: Wish, later = 0n): Promise<Hex> =>
  callWith(wish, (await world.nextNonce(account, LANE)) + later);

/** A user operation for a call, the EntryPoint's nonce `later` operations from now. */
async function unsignedOf(callData: Hex, later = 0n, lane = LANE): Promise<UnsignedUserOperation> {
  const unsigned = await userOperation(world.chain, account, callData, lane);
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
    expect(await world.nextNonce(account)).toBe(0n);
    expect(await world.nextNonce(account, LANE)).toBe(makeNonce(LANE, 1n));
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
    const rules = { singleKeyRoles: maskOfRoles(["mfa"]), pendingKeysMayCall: false } as const;
    const wish: Wish = { kind: "setRules", ...rules, tripwireCount: 0, tripwireWindow: 0 };
    await perform(world, account, wish, [owner.device, owner.mfa]);
    const proposal = await signed(sponsored(await unsignedOf(await callOf(toBob()))), owner.mfa);
    const { logs } = await world.send(ENTRY_POINT, bundleOf([proposal]));
    const [scheduled] = parseEventLogs({ abi: accountAbi, eventName: "OperationScheduled", logs });
    if (!scheduled) throw new Error("nothing was scheduled");
    const { call, proposer } = scheduled.args;
    expect(proposer).toBe(keyId(owner.mfa.key));
    expect(await world.refusalOf(account, call)).toMatchObject({ name: "StillWaiting" });

    await world.chain.testClient.increaseTime({ seconds: 7 * DAY });
    await world.send(account, call);
    expect(await etherOf(bob)).toBe(1n);
    expect(await world.refusalOf(account, call)).toMatchObject({ name: "NotScheduled" });
  });

  test("a frozen account pays no fees, whoever signs, because that would be a way to take its ether", async () => {
    await deposit(account);
    await perform(world, account, { kind: "lock" }, [owner.device]);
    const unsigned = await unsignedOf(await callOf({ kind: "unfreeze" }));
    const both = [owner.device, owner.mfa];
    expect(await refusalOf(await signed(unsigned, ...both))).toEqual(["AA22"]);
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

  test("of strangers, of nobody, of a form there is not, cut short, doubled or out of order are refused", async () => {
    const unsigned = await unsignedOf(await callOf(toBob()));
    const hash = userOperationHash(world.chain, unsigned);
    const device = await signaturesOf(hash, [owner.device]);
    const mfa = await signaturesOf(hash, [owner.mfa]);
    const ascending = await signaturesOf(hash, [owner.device, owner.mfa]);
    const descending = ascending === concat([device, mfa]) ? concat([mfa, device]) : concat([device, mfa]);
    const stranger = await signaturesOf(hash, [owner.device, newSigner()]);
    const short: Hex = `0x${ascending.slice(2, -2)}`;
    expect(size(short)).toBe(131);
    const readable: Hex = `0x01${ascending.slice(4)}`;
    for (const signature of ["0x", stranger, readable] as const) {
      expect(await refusalOf({ unsigned, signature })).toEqual(["AA24"]);
    }
    for (const [signature, reason] of [
      [short, "SignaturesTruncated"],
      [concat([device, device]), "SignaturesNotAscending"],
      [descending, "SignaturesNotAscending"],
    ] as const) {
      expect(await refusalOf({ unsigned, signature })).toEqual(["AA23", reason]);
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

  test("of a pending key are not due yet", async () => {
    const { key, account: signer } = newSigner();
    await perform(world, account, { kind: "addKey", role: "device", key, expires: 0 }, [owner.recovery]);
    const unsigned = await unsignedOf(await callOf(toBob()));
    const operation = await signed(unsigned, { key, account: signer }, owner.mfa);
    expect(await refusalOf(operation)).toEqual(["AA22"]);
    await world.chain.testClient.increaseTime({ seconds: 7 * DAY });
    expect(await handle(operation)).toMatchObject([{ failure: null }]);
  });

  test("of a key that slept through a lock count never, however long one waits", async () => {
    const { key, account: signer } = newSigner();
    await perform(world, account, { kind: "addKey", role: "device", key, expires: 0 }, [owner.recovery]);
    await perform(world, account, { kind: "lock" }, [owner.device]);
    await world.chain.testClient.increaseTime({ seconds: 8 * DAY });
    const unsigned = await unsignedOf(await callOf(toBob()));
    expect(await refusalOf(await signed(unsigned, { key, account: signer }, owner.mfa))).toEqual(["AA24"]);
  });
});

describe("what the EntryPoint is told", () => {
  /** The answer to a validation: the last second before the signatures count, and the last in which they do. */
  async function validity(operation: Signed) {
    const { unsigned, signature } = operation;
    const { data } = await world.chain.publicClient.call({
      account: ENTRY_POINT,
      to: account,
      data: encodeFunctionData({
        abi: accountAbi,
        functionName: "validateUserOp",
        args: [
          toPackedUserOperation({ ...unsigned, signature }),
          userOperationHash(world.chain, unsigned),
          0n,
        ],
      }),
    });
    const answer = hexToBigInt(data ?? "0x");
    const [after, until, rest] = [answer >> 208n, (answer >> 160n) % 2n ** 48n, answer % 2n ** 160n];
    expect(rest).toBe(0n);
    return { after: Number(after), until: Number(until) };
  }

  /** Adds a device key that is active at once. */
  async function addDevice(expires: number): Promise<TestSigner & { readonly activeFrom: number }> {
    const signer = newSigner();
    const wish: Wish = { kind: "addKey", role: "device", key: signer.key, expires };
    const { blockNumber } = await perform(world, account, wish, [owner.device, owner.mfa]);
    const { timestamp } = await world.chain.publicClient.getBlock({ blockNumber });
    return { ...signer, activeFrom: Number(timestamp) };
  }

  test("is from when on the youngest signer is active, and until when the first one expires", async () => {
    const [early, late] = [2 ** 47, 2 ** 47 + 5];
    const older = await addDevice(late);
    const younger = await addDevice(early);
    const unsigned = await unsignedOf(await callOf(toBob()));
    expect(await validity(await signed(unsigned, older, owner.mfa))).toEqual({
      after: older.activeFrom - 1,
      until: late - 1,
    });
    expect(await validity(await signed(unsigned, younger, owner.mfa))).toEqual({
      after: younger.activeFrom - 1,
      until: early - 1,
    });
    expect(await validity(await signed(unsigned, older, younger, owner.mfa))).toEqual({
      after: younger.activeFrom - 1,
      until: early - 1,
    });
  });

  test("is without an end where no signer expires", async () => {
    const unsigned = await unsignedOf(await callOf(toBob()));
    expect((await validity(await signed(unsigned, owner.device, owner.mfa))).until).toBe(0);
  });

  test("is that a locked account pays no fees before the lock lapses, and others may", async () => {
    const { blockNumber } = await perform(world, account, { kind: "lock" }, [owner.device]);
    const { timestamp } = await world.chain.publicClient.getBlock({ blockNumber });
    const unsigned = await unsignedOf(await callOf({ kind: "unfreeze" }));
    const both = [owner.device, owner.mfa];
    expect(await validity(await signed(unsigned, ...both))).toEqual({
      after: Number(timestamp) + 7 * DAY - 1,
      until: 0,
    });
    expect((await validity(await signed(sponsored(unsigned), ...both))).after).toBeLessThan(
      Number(timestamp),
    );
  });

  test("is that an archived account never pays", async () => {
    await perform(world, account, { kind: "archive" }, [owner.device, owner.mfa]);
    const unsigned = await unsignedOf(await callOf({ kind: "unfreeze" }));
    const { after } = await validity(await signed(unsigned, owner.device, owner.mfa));
    expect(after).toBe(2 ** 40 - 2);
  });

  test("is honoured by it to the second", async () => {
    const { timestamp } = await world.chain.publicClient.getBlock();
    const expires = Number(timestamp) + DAY;
    const device = await addDevice(expires);
    const operation = await signed(await unsignedOf(await callOf(toBob())), device, owner.mfa);
    const next = await signed(await unsignedOf(await callOf(toBob(), 1n), 1n), device, owner.mfa);
    await deposit(account);
    await world.chain.testClient.setNextBlockTimestamp({ timestamp: BigInt(expires - 1) });
    expect(await handle(operation)).toMatchObject([{ failure: null }]);
    await world.chain.testClient.setNextBlockTimestamp({ timestamp: BigInt(expires) });
    await world.chain.testClient.mine({ blocks: 1 });
    expect(await refusalOf(next)).toEqual(["AA22"]);
  });
});

describe("bundlers", () => {
  /** What a validation must not look at (ERC-7562, OP-011, OP-031). */
  const FORBIDDEN = new Set([
    ...["GASPRICE", "GASLIMIT", "PREVRANDAO", "DIFFICULTY", "TIMESTAMP", "BASEFEE", "BLOCKHASH", "NUMBER"],
    ...["SELFBALANCE", "BALANCE", "ORIGIN", "CREATE", "CREATE2", "COINBASE", "SELFDESTRUCT", "INVALID"],
    ...["BLOBHASH", "BLOBBASEFEE"],
  ]);
  const zTrace = z.object({ structLogs: z.array(z.object({ op: z.string(), depth: z.number() })) });

  test("find nothing in a validation that they forbid", async () => {
    await deposit(account);
    const unsigned = await unsignedOf(await callOf(toBob()));
    const { signature } = await signed(unsigned, owner.device, owner.mfa);
    const data = encodeFunctionData({
      abi: accountAbi,
      functionName: "validateUserOp",
      args: [
        toPackedUserOperation({ ...unsigned, signature }),
        userOperationHash(world.chain, unsigned),
        1000n,
      ],
    });
    const { structLogs } = zTrace.parse(
      await world.chain.testClient.request<{ Method: string; Parameters: unknown; ReturnType: unknown }>({
        method: "debug_traceCall",
        params: [{ from: ENTRY_POINT, to: account, data, gas: toHex(1_000_000) }, "latest"],
      }),
    );
    const used = structLogs.map(({ op }) => op);
    // Two signatures, and the fees that the EntryPoint asked for.
    expect(used.filter((op) => op === "STATICCALL")).toHaveLength(2);
    expect(used.filter((op) => op === "CALL")).toHaveLength(1);
    expect(used.filter((op) => FORBIDDEN.has(op))).toEqual([]);
    // OP-012: how much gas is left matters only for how much of it a call gets.
    const afterGas = used.flatMap((op, i) => (op === "GAS" ? [used[i + 1]] : []));
    expect(afterGas.filter((op) => !op?.endsWith("CALL"))).toEqual([]);
  });
});

describe("an operation runs once", () => {
  test("and not again through the EntryPoint", async () => {
    const operation = await signed(await unsignedOf(await callOf(toBob())), owner.device, owner.mfa);
    expect(await handle(operation)).toMatchObject([{ failure: null }]);
    expect(await refusalOf(operation)).toEqual(["AA25"]);
    expect(await etherOf(bob)).toBe(1n);
  });

  test("and not under another nonce of the EntryPoint, whoever signs that", async () => {
    await deposit(account);
    const callData = await callOf(toBob());
    const both = [owner.device, owner.mfa];
    const refused = ["AA23", "NonceOfOtherDoor"];
    expect(await refusalOf(await signed(await unsignedOf(callData, 1n), ...both))).toEqual(refused);
    const otherLane = await unsignedOf(callData, 0n, LANE + 1n);
    expect(await refusalOf(await signed(sponsored(otherLane), owner.device))).toEqual(refused);
    expect(await handle(await signed(await unsignedOf(callData), ...both))).toMatchObject([
      { failure: null },
    ]);
    expect(await refusalOf(await signed(await unsignedOf(callData), ...both))).toEqual(refused);
    expect(await etherOf(bob)).toBe(1n);
  });

  const somebody = toAddress(`0x${"42".repeat(20)}`);
  test.each<Wish>([
    { kind: "execute", calls: [{ target: somebody, value: 1n, data: "0x" }] },
    { kind: "migrate", successor: somebody, assets: [] },
  ])("when it is to $kind, too", async (wish) => {
    const both = [owner.device, owner.mfa];
    const operation = await signed(sponsored(await unsignedOf(await callOf(wish))), ...both);
    expect(await handle(operation)).toMatchObject([{ failure: null }]);
    expect(await refusalOf(operation)).toEqual(["AA25"]);
  });

  test("and a call without room for a nonce is none", async () => {
    await deposit(account);
    for (const callData of ["0x", "0x12345678", `0x12345678${"00".repeat(95)}`] as const) {
      const operation = await signed(await unsignedOf(callData), owner.device, owner.mfa);
      expect(await refusalOf(operation)).toEqual(["AA23"]);
    }
  });

  test("and not through the relay, which takes none of the EntryPoint's nonces", async () => {
    const both = [owner.device, owner.mfa];
    const nonce = await world.nextNonce(account, LANE);
    const operation = zOperation.parse({ ...toBob(), account, nonce });
    const signatures = await Promise.all(both.map(async (signer) => await world.sign(operation, signer)));
    const refused = { name: "NonceOfOtherDoor", args: [nonce] };
    expect(await world.refusal(operation, signatures)).toEqual(refused);
    expect(await handle(await signed(await unsignedOf(callWith(toBob(), nonce)), ...both))).toMatchObject([
      { failure: null },
    ]);
    expect(await world.refusal(operation, signatures)).toEqual(refused);
    expect(await etherOf(bob)).toBe(1n);
  });

  test("and not when it brings its signatures itself, whichever nonce it has", async () => {
    const both = [owner.device, owner.mfa];
    await deposit(account);
    for (const [nonce, refused] of [
      [0n, ["AA23", "NonceOfOtherDoor"]],
      [await world.nextNonce(account, LANE), undefined],
    ] as const) {
      const operation = zOperation.parse({ ...toBob(), account, nonce });
      const signatures = await Promise.all(both.map(async (signer) => await world.sign(operation, signer)));
      const brought = await signed(await unsignedOf(encodeOperation(operation, signatures)), ...both);
      if (refused) expect(await refusalOf(brought)).toEqual(refused);
      else expect(await handle(brought)).toMatchObject([{ failure: "NonceOfOtherDoor" }]);
    }
    expect(await etherOf(bob)).toBe(0n);
  });

  test("and not once the account has skipped its nonce", async () => {
    const both = [owner.device, owner.mfa];
    await deposit(account);
    const operation = await signed(await unsignedOf(await callOf(toBob())), ...both);
    const data = zHex.parse(
      encodeFunctionData({ abi: entryPoint08Abi, functionName: "incrementNonce", args: [LANE] }),
    );
    const calls = [{ target: ENTRY_POINT, value: 0n, data }];
    await perform(world, account, { kind: "execute", calls }, both);
    expect(await refusalOf(operation)).toEqual(["AA25"]);
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
