import { concat, decodeAbiParameters, keccak256, numberToHex } from "viem/utils";
import { z } from "zod";
import { roleFromNumber, zRole, zReplaceableRole } from "../keys/role.ts";
import { CHANGES, changeRow } from "../operations/changes.ts";
import { EFFECTS } from "../policy/policy.ts";
import { zAddress } from "../primitives/address.ts";
import {
  type FactorId,
  type GateDigest,
  type Hex,
  isBytes,
  type KeyId,
  zBytes32,
  zGateDigest,
  zKeyId,
  zOperationId,
  zTransactionHash,
} from "../primitives/hex.ts";

/** Seconds since 1970, up to the end of the year 9999: no calendar shows more, and no contract of ours writes it. */
export const zTime = z.int().nonnegative().max(253_402_300_799);
/** A number too large for JSON, in decimal digits. */
const zDigits = z.string().regex(/^\d{1,78}$/, "must be decimal digits");

/** A change as an event tells it: its kind, and its fields by their names; a key is its id. Plain JSON. */
export const zChangeMade = z.object({
  kind: z.enum(CHANGES.map(({ kind }) => kind)),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type ChangeMade = z.output<typeof zChangeMade>;

/** What a scheduled operation will do once it runs, as its call on the chain tells it. Plain JSON. */
export const zAsked = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("withdraw"), token: zAddress, to: zAddress, amount: zDigits, nonce: zDigits }),
  z.object({
    kind: z.literal("replaceKey"),
    role: zReplaceableRole,
    oldKey: zKeyId,
    newKey: zKeyId,
    nonce: zDigits,
  }),
  z.object({ kind: z.literal("execute"), targets: z.array(zAddress), nonce: zDigits }),
  z.object({ kind: z.literal("change"), change: zChangeMade, nonce: zDigits }),
  /** A call that this version cannot read. */
  z.object({ kind: z.literal("unknown") }),
]);
export type Asked = z.output<typeof zAsked>;

/** Where on the chain something stands. */
export const zPlace = z.object({
  block: z.int().nonnegative(),
  blockHash: zBytes32,
  transaction: zTransactionHash,
  /** Of the block, seconds since 1970. */
  time: zTime,
});
export type Place = z.output<typeof zPlace>;

/** Something that happened to an account, or to all of them, as one event of a contract tells it. Plain JSON. */
export const zFact = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("created"), device: zKeyId, mfa: zKeyId, recovery: zKeyId }),
  z.object({
    kind: z.literal("scheduled"),
    operation: zOperationId,
    effect: z.enum(EFFECTS),
    executableAt: zTime,
    /** The first of the keys that proposed it: the event names no other. */
    proposer: zKeyId,
    /** The others, as the account tells them; absent where nobody could be asked. */
    others: z.array(zKeyId).optional(),
    asked: zAsked,
  }),
  z.object({ kind: z.literal("changed"), operation: zOperationId, change: zChangeMade }),
  z.object({ kind: z.literal("pending"), key: zKeyId, activeFrom: zTime }),
  /** Without a key: the tripwire did it. */
  z.object({ kind: z.literal("locked"), key: zKeyId.optional(), until: zTime }),
  z.object({ kind: z.literal("archived") }),
  z.object({ kind: z.literal("unfrozen") }),
  z.object({
    kind: z.literal("keyReplaced"),
    role: zRole,
    oldKey: zKeyId,
    newKey: zKeyId,
    nonce: zDigits,
  }),
  z.object({ kind: z.literal("withdrawn"), nonce: zDigits }),
  z.object({ kind: z.literal("executed"), operation: zOperationId }),
  z.object({ kind: z.literal("migrated"), successor: zAddress }),
  z.object({ kind: z.literal("emergencyWithdrawn"), to: zAddress, token: zAddress, amount: zDigits }),
  z.object({ kind: z.literal("emergencyRehearsed"), address: zAddress }),
  z.object({
    kind: z.literal("recordSet"),
    key: zKeyId,
    gate: zGateDigest,
    version: z.int().positive(),
    /** All of it in one word (`recordId`); absent in what was read before Trivet noted it. */
    record: zBytes32.optional(),
  }),
  z.object({ kind: z.literal("gatePublished"), gate: zGateDigest }),
  z.object({ kind: z.literal("gateRolledBack"), gate: zGateDigest, withdrawn: zGateDigest }),
]);
export type Fact = z.output<typeof zFact>;

/** A fact, and where it stands. */
export const zPlacedFact = z.object({ fact: zFact, place: zPlace });
export type PlacedFact = z.output<typeof zPlacedFact>;

/** A record in one word, to the last factor. */
export function recordId(record: {
  readonly key: KeyId;
  readonly gate: GateDigest;
  readonly version: bigint;
  readonly factors: readonly FactorId[];
}): Hex {
  const { key, gate, version, factors } = record;
  return keccak256(concat([key, gate, numberToHex(version, { size: 32 }), ...factors]));
}

/**
 * A change from its number and its words on the chain; the inverse of `changeWords`, but that a key stays its id.
 * @returns undefined when no change has that number, or the words are not its fields
 */
export function changeMade(number: number, words: readonly Hex[]): ChangeMade | undefined {
  const kind = CHANGES[number]?.kind;
  if (kind === undefined) return undefined;
  const fields = Object.entries(changeRow(kind).fields);
  if (fields.length !== words.length) return undefined;
  try {
    return {
      kind,
      fields: Object.fromEntries(
        fields.map(([name, { solidity }], index) => [name, fieldOf(name, solidity, words[index])]),
      ),
    };
  } catch {
    // A word that is no value of its field: whoever sent it is not the account's contract.
    return undefined;
  }
}

function fieldOf(name: string, solidity: string, word: Hex | undefined): string | number | boolean {
  if (!isBytes(word, 32)) throw new TypeError(`${name} is not a word`);
  const [value]: readonly unknown[] = decodeAbiParameters([{ type: solidity }], word);
  if (name === "role") {
    const role = roleFromNumber(Number(value));
    if (!role) throw new TypeError("there is no such role");
    return role;
  }
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new TypeError(`${name} has no plain value`);
}
