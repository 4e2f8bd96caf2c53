/**
 * A record of the factor registry, opened: what its entries are the hashes of. The registry shows only hashes, so a
 * request to the gate brings their preimages along; the gate hashes them again and demands exactly the registry's
 * list. Two parts are not in it: issuer and user of the authenticator's factors come from the verified session.
 */
import { keccak256, stringToBytes } from "viem/utils";
import { z } from "zod";
import { type Address, zAddress } from "../primitives/address.ts";
import { type FactorId, zFactorId } from "../primitives/hex.ts";
import { FACTOR_TYPES, factorId } from "./factors.ts";

/** What a record can hold: what the authenticator proves, and wallets, which the gate checks by itself. */
export const RECORD_FACTOR_TYPES = [...FACTOR_TYPES, "wallet"] as const;
export type RecordFactorType = (typeof RECORD_FACTOR_TYPES)[number];

/** The registry takes 32 entries; one of them is the account. */
const MAX_RECORD_FACTORS = 31;

/** A factor of a record. */
export const zRecordFactor = z
  .strictObject({
    type: z.enum(RECORD_FACTOR_TYPES),
    /** The authenticator's id of the factor; of a wallet its address in lower case. */
    id: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[^|]+$/, 'must not contain "|"'),
  })
  .refine(
    ({ type, id }) => type !== "wallet" || /^0x[0-9a-f]{40}$/.test(id),
    "a wallet's id is its address in lower case",
  );
export type RecordFactor = z.output<typeof zRecordFactor>;

export const isSameFactor = (a: RecordFactor, b: RecordFactor): boolean => a.type === b.type && a.id === b.id;

export const zOpenedRecord = z.strictObject({
  /** The account whose operations the key signs, and no other's. */
  account: zAddress,
  factors: z
    .array(zRecordFactor)
    .min(1)
    .max(MAX_RECORD_FACTORS)
    .refine(
      (factors) =>
        factors.every((one, index) => factors.findIndex((other) => isSameFactor(one, other)) === index),
      "each factor once",
    ),
});
export type OpenedRecord = z.output<typeof zOpenedRecord>;

/** Whose factors they are, as a session JWT says. */
export interface Person {
  /** `iss`. */
  readonly issuer: string;
  /** `sub`. */
  readonly sub: string;
}

const hashText = (text: string): FactorId => zFactorId.parse(keccak256(stringToBytes(text)));

/**
 * The entry by which a record names its account: keccak256(utf8("account|chainId|address in lower case")). Factor ids
 * are made of four parts, so none can be taken for it.
 */
export function accountEntry(chainId: number, account: Address): FactorId {
  return hashText(`account|${chainId}|${account.toLowerCase()}`);
}

/**
 * The entry of a factor. A wallet's does not depend on the authenticator: keccak256(utf8("wallet|eip155|wallet|address
 * in lower case")), so that no authenticator can vouch for it.
 */
export function factorEntry({ type, id }: RecordFactor, { issuer, sub }: Person): FactorId {
  return type === "wallet" ? hashText(`wallet|eip155|wallet|${id}`) : factorId({ issuer, sub, type, id });
}

/** Entries in the order in which the registry hashes and stores them. */
export function sortEntries(entries: readonly FactorId[]): FactorId[] {
  return [...entries].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

/** What the registry holds for an opened record, ascending. */
export function recordEntries(
  { account, factors }: OpenedRecord,
  person: Person,
  chainId: number,
): FactorId[] {
  return sortEntries([
    accountEntry(chainId, account),
    ...factors.map((factor) => factorEntry(factor, person)),
  ]);
}

/** Why an opened record is not the registered one. */
export type OpeningProblem = "factor-not-registered" | "other-account" | "record-not-opened";

/**
 * Compares an opened record with what the registry holds.
 * @returns what does not fit: none of the factors is registered (somebody else's session), the record is another
 *   account's, or the list is not exactly the registered one; undefined when it is
 */
export function findOpeningProblem(
  registered: readonly FactorId[],
  opened: OpenedRecord,
  person: Person,
  chainId: number,
): OpeningProblem | undefined {
  const known = new Set(registered.map((entry) => entry.toLowerCase()));
  const isKnown = (entry: FactorId) => known.has(entry.toLowerCase());
  if (!opened.factors.some((factor) => isKnown(factorEntry(factor, person)))) return "factor-not-registered";
  if (!isKnown(accountEntry(chainId, opened.account))) return "other-account";
  const entries = recordEntries(opened, person, chainId);
  return entries.length === registered.length && entries.every(isKnown) ? undefined : "record-not-opened";
}

/**
 * Opens what the registry holds by trying what the person has: for a computer that lost the preimages, or never had
 * them.
 * @param candidates the factors that the authenticator knows of the person, and wallets that they name
 * @returns undefined when an entry is left that none of them explains, or when it is not this account's record
 */
export function openEntries(
  registered: readonly FactorId[],
  candidates: readonly RecordFactor[],
  account: Address,
  { person, chainId }: { readonly person: Person; readonly chainId: number },
): OpenedRecord | undefined {
  const known = new Set(registered.map((entry) => entry.toLowerCase()));
  const factors = candidates.filter((factor) => known.has(factorEntry(factor, person).toLowerCase()));
  const opened = { account, factors };
  return findOpeningProblem(registered, opened, person, chainId) ? undefined : opened;
}
