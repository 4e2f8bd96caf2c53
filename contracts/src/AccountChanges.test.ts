import fc from "fast-check";
import { encodeFunctionData, numberToHex, parseEventLogs } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import { type Change, type ChangeKind, changeRow, CHANGES } from "#core/operations/changes.ts";
import { changeWords } from "#core/operations/change-words.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { FORMS, operationId } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { anyAddress, anyBytes, anyKey, anyOperationOf } from "#core/testing/arbitraries.ts";
import { accountAbi } from "../abi.ts";
import { operationOf, perform, type Wish } from "../testing/perform.ts";
import { newOwner, newSigner, type Owner, World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

let owner: Owner;
let account: Address;
beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
});

const DAY = 86_400;
/** Nothing, which stands for the default, or a time within the bounds. */
const delay = (shortest: number, longest: number) =>
  fc.oneof(fc.constant(0), fc.integer({ min: shortest, max: longest }));

type Scenario = () => Promise<fc.Arbitrary<Wish>> | fc.Arbitrary<Wish>;

const owners = async (wish: Wish) => await perform(world, account, wish, [owner.device, owner.mfa]);

/** Adds a device key, and has the first one ask for its removal; gives the id of that. */
async function removalThatWaits() {
  const key = newSigner().key;
  await owners({ kind: "addKey", role: "device", key, expires: 0 });
  const removal = await operationOf(world, account, { kind: "removeKey", key: keyId(key) });
  await world.run(removal, [owner.device]);
  return operationId(removal);
}

/** Any key the account began with. */
const anyOwnKey = () => fc.constantFrom(...ROLES.map((role) => keyId(owner[role].key)));

/** Adds a device key that is pending; gives its id. */
async function pendingKey() {
  const key = newSigner().key;
  await perform(world, account, { kind: "addKey", role: "device", key, expires: 0 }, [owner.recovery]);
  return keyId(key);
}

/**
 * For every change, what makes it possible, and any one that device and mfa can then make. Those that depend on what
 * is there have little to choose; ReadableForms.test.ts compares the messages of any others.
 */
const SCENARIOS: Readonly<Record<ChangeKind, Scenario>> = {
  addKey: () =>
    fc.record({
      kind: fc.constant("addKey" as const),
      role: fc.constantFrom(...ROLES),
      key: anyKey,
      expires: fc.oneof(fc.constant(0), fc.integer({ min: 2 ** 40, max: 2 ** 48 - 1 })),
    }),
  activateKey: async () => fc.constant({ kind: "activateKey", key: await pendingKey() }),
  rejectKey: async () => fc.constant({ kind: "rejectKey", key: await pendingKey() }),
  removeKey: async () => fc.constant({ kind: "removeKey", key: await pendingKey() }),
  setThreshold: async () => {
    await owners({ kind: "addKey", role: "recovery", key: newSigner().key, expires: 0 });
    const threshold = fc.constantFrom(1, 2);
    return threshold.map((number) => ({ kind: "setThreshold", role: "recovery", threshold: number }));
  },
  setEmergencyAddress: () =>
    fc.record({
      kind: fc.constant("setEmergencyAddress" as const),
      recipient: anyAddress,
      enabled: fc.boolean(),
    }),
  setAllowlisted: () =>
    fc.record({ kind: fc.constant("setAllowlisted" as const), recipient: anyAddress, allowed: fc.boolean() }),
  setScope: () =>
    fc.record({
      kind: fc.constant("setScope" as const),
      key: fc.constant(keyId(owner.device.key)),
      target: anyAddress,
      selector: anyBytes(4),
      allowed: fc.boolean(),
    }),
  setLimit: () =>
    fc.record({
      kind: fc.constant("setLimit" as const),
      key: anyOwnKey(),
      token: anyAddress,
      limit: fc.bigInt(0n, 2n ** 104n - 1n),
    }),
  setHours: () =>
    fc.record({
      kind: fc.constant("setHours" as const),
      key: anyOwnKey(),
      closedHours: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
    }),
  setDelays: () =>
    fc.record({
      kind: fc.constant("setDelays" as const),
      recoveryDelay: delay(DAY, 60 * DAY),
      removalDelay: delay(DAY, 60 * DAY),
      singleKeyDelay: delay(3 * DAY, 60 * DAY),
      overrideDelay: delay(7 * DAY, 180 * DAY),
    }),
  setRules: () =>
    fc.record({
      kind: fc.constant("setRules" as const),
      singleKeyRoles: fc.integer({ min: 0, max: 7 }).map((roles) => roles * 2),
      pendingKeysMayCall: fc.boolean(),
      tripwireCount: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(255)),
      tripwireWindow: delay(DAY / 24, 30 * DAY),
    }),
  setSuccessor: () => fc.record({ kind: fc.constant("setSuccessor" as const), successor: anyAddress }),
  lock: () => fc.constant({ kind: "lock" }),
  archive: () => fc.constant({ kind: "archive" }),
  unfreeze: async () => {
    await owners({ kind: "archive" });
    return fc.constant({ kind: "unfreeze" });
  },
  cancel: async () => {
    // The one that proposed it has no say in that: device and mfa did not.
    const other = newSigner();
    await owners({ kind: "addKey", role: "device", key: other.key, expires: 0 });
    const removal = await operationOf(world, account, { kind: "removeKey", key: keyId(owner.device.key) });
    await world.run(removal, [other]);
    return fc.constant({ kind: "cancel", operation: operationId(removal) });
  },
  rearm: async () => {
    const operation = await removalThatWaits();
    await owners({ kind: "archive" });
    await owners({ kind: "unfreeze" });
    return fc.constant({ kind: "rearm", operation });
  },
};

/** Changes of settings, which can be made again and again. */
const REPEATABLE: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  "addKey",
  ...CHANGES.map(({ kind }) => kind).filter((kind) => kind.startsWith("set")),
]);

const isChange = (kind: string): kind is ChangeKind => CHANGES.some((row) => row.kind === kind);

describe.each(CHANGES.map(({ kind }) => kind))("the change %s", (kind) => {
  test.each(FORMS)("is made when it is signed in %s form", async (form) => {
    const wishes = await SCENARIOS[kind]();
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => {
        const operation = await operationOf(world, account, wish);
        if (!isChange(operation.kind)) throw new TypeError(`${operation.kind} is no change`);
        // Its kind says that it is one; TypeScript does not narrow by a set of names.
        const values = changeWords(operation as Change);
        const { logs } = await world.submit(operation, [
          await world.sign(operation, owner.device, form),
          await world.sign(operation, owner.mfa, form),
        ]);
        expect(parseEventLogs({ abi: accountAbi, logs, eventName: "Changed" })).toMatchObject([
          {
            args: {
              change: changeRow(kind).number,
              operation: operationId(operation),
              values,
              nonce: operation.nonce,
            },
          },
        ]);
      }),
      { numRuns: REPEATABLE.has(kind) ? 8 : 1 },
    );
  });
});

const call = (number: number, words: readonly Hex[], signatures: Hex = "0x") =>
  encodeFunctionData({
    abi: accountAbi,
    functionName: "change",
    args: [number, [...words], 0n, signatures],
  });

const anyChange = fc.oneof(...CHANGES.map(({ kind }) => anyOperationOf(kind)));

/** The bits of a word that a value of the type never has, from the lowest (0) to the highest (255). */
function unusedBits(solidity: string): readonly [lowest: number, highest: number] | undefined {
  if (solidity === "bytes32") return undefined;
  if (solidity === "bytes4") return [0, 223];
  if (solidity === "bool") return [1, 255];
  if (solidity === "address") return [160, 255];
  return [Number(solidity.slice("uint".length)), 255];
}

describe("a change is refused before anybody's signature counts", () => {
  test("when a word has a bit that its field's type has not", async () => {
    await fc.assert(
      fc.asyncProperty(anyChange, fc.nat(), fc.nat(), async (change, which, where) => {
        const { fields, number } = changeRow(change.kind);
        const narrow = Object.values(fields).flatMap(({ solidity }, position) => {
          const bits = unusedBits(solidity);
          return bits ? [{ position, bits }] : [];
        });
        const field = narrow[which % Math.max(narrow.length, 1)];
        fc.pre(field !== undefined);
        const [lowest, highest] = field.bits;
        const bit = 1n << BigInt(lowest + (where % (highest - lowest + 1)));
        const words = changeWords(change);
        const dirty = numberToHex(BigInt(words[field.position] ?? 0) | bit, { size: 32 });
        words[field.position] = dirty;
        expect(await world.refusalOf(account, call(number, words))).toEqual({
          name: "ValueOutOfRange",
          args: [BigInt(field.position), dirty],
        });
      }),
      { numRuns: 200 },
    );
  });

  test("when it has too many words or too few", async () => {
    const zeros = (number: number) => Array<Hex>(number).fill(numberToHex(0, { size: 32 }));
    for (const { kind, fields } of CHANGES) {
      const right = Object.keys(fields).length;
      for (const wrong of [0, 1, 2, 3, 4, 5, 6].filter((number) => number !== right)) {
        const data = call(changeRow(kind).number, zeros(wrong));
        expect(await world.refusalOf(account, data)).toEqual({
          name: "WrongNumberOfValues",
          args: [BigInt(wrong)],
        });
      }
    }
  });

  test.each([CHANGES.length, 255])("when there is no change %i", async (number) => {
    const request = { to: account, data: call(number, []) };
    await expect(world.chain.publicClient.call(request)).rejects.toThrow("revert");
  });
});

test("a signed change cannot be changed", async () => {
  const lock = await operationOf(world, account, { kind: "lock" });
  const archive = changeRow("archive").number;
  const signatures = encodeSignatures([
    await world.sign(lock, owner.device),
    await world.sign(lock, owner.mfa),
  ]);
  expect((await world.refusalOf(account, call(archive, [], signatures))).name).toBe("KeyUnknown");
});
