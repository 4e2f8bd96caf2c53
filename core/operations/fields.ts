import { z } from "zod";
import { type Key, keyId, zKey } from "../keys/key.ts";
import { type Role, ROLE_NUMBER, zReplaceableRole, zRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { type Hex, isBytes, zKeyId, zOperationId } from "../primitives/hex.ts";

/** What a field of a change can hold; roles, addresses and bytes are strings. */
export type FieldValue = string | number | bigint | boolean | Key;

/** A value as EIP-712 knows it; every one fits into one word. */
export type WordValue = string | number | bigint | boolean;

/** What one field of a change is: in memory, in JSON, and under its EIP-712 type. */
export interface Field<T extends FieldValue = FieldValue, Json = unknown> {
  readonly solidity: "address" | "bool" | "bytes4" | "bytes32" | `uint${number}`;
  /** In memory. */
  readonly schema: z.ZodType<T>;
  /** In JSON, where bigints are decimal strings; parses to the value in memory. */
  readonly json: z.ZodType<T, Json>;
  /** The value under its EIP-712 type. */
  toWordValue(value: T): WordValue;
}

const plain = <T extends FieldValue & WordValue, Json>(
  solidity: Field["solidity"],
  schema: z.ZodType<T, Json>,
): Field<T, Json> => ({ solidity, schema, json: schema, toWordValue: (value) => value });

/** A number small enough for JSON. */
const uint = (bits: 8 | 24 | 32 | 48): Field<number, number> =>
  plain(
    `uint${bits}`,
    z
      .int()
      .min(0)
      .max(2 ** bits - 1),
  );

const BELOW_2_104 = "must be below 2^104";

/** An amount of a daily limit, in the token's smallest unit. */
const uint104: Field<bigint, string> = {
  solidity: "uint104",
  schema: z
    .bigint()
    .min(0n)
    .max(2n ** 104n - 1n),
  json: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,31})$/, "must be a whole number in decimal digits")
    .transform((text) => BigInt(text))
    .refine((value) => value < 2n ** 104n, BELOW_2_104),
  toWordValue: (value) => value,
};

const roleField = <R extends Role>(schema: z.ZodType<R, R>): Field<R, R> => ({
  solidity: "uint8",
  schema,
  json: schema,
  toWordValue: (role) => ROLE_NUMBER[role],
});

const wholeKey: Field<Key, Key> = { solidity: "bytes32", schema: zKey, json: zKey, toWordValue: keyId };

/** The account remembers no more removals than these. */
const MOST_REMOVALS = 6;
/** As a number of removals: the tripwire is off. */
export const ANY_NUMBER_OF_REMOVALS = 255;

/** The kinds of fields that changes are made of. */
export const FIELD = {
  role: roleField(zRole),
  replaceableRole: roleField(zReplaceableRole),
  /** A key with its signer: where the person has to see who it is. */
  key: wholeKey,
  /** A key the account has already; it knows it by nothing else. */
  keyId: plain("bytes32", zKeyId),
  operationId: plain("bytes32", zOperationId),
  address: plain("address", zAddress),
  /** The first four bytes of a call; what EIP-712 pads them with comes behind. */
  selector: plain(
    "bytes4",
    z.custom<Hex>((value) => isBytes(value, 4), "a selector has 4 bytes"),
  ),
  flag: plain("bool", z.boolean()),
  count: uint(8),
  /** How many removals of keys the tripwire lets pass: 1 to 6, 0 for the default, 255 for any number. */
  removals: plain(
    "uint8",
    z.union([z.int().min(0).max(MOST_REMOVALS), z.literal(ANY_NUMBER_OF_REMOVALS)], {
      error: "1 to 6 removals can be let pass, 0 stands for the default, 255 for any number",
    }),
  ),
  /** Bit h is set for the hour from h:00 to h:59 UTC. */
  hours: uint(24),
  /** How long, in seconds. */
  duration: uint(32),
  /** When, in seconds since 1970. */
  time: uint(48),
  /** Bit (1 << role) is set for each role. */
  roles: plain(
    "uint8",
    z
      .int()
      .min(0)
      .max(14)
      .refine((value) => value % 2 === 0, "only bits 1 to 3 are roles"),
  ),
  limit: uint104,
} as const;
