import { z } from "zod";
import { zContactName } from "../contacts/contact.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { operationToJson, zOperationJson } from "../operations/operation.ts";
import { zAddress } from "../primitives/address.ts";
import { type Hex, isBytes, type OperationId, zBytes32 } from "../primitives/hex.ts";
import { MOST_REASON_LENGTH, MOST_SIGNATURE_BYTES } from "./limits.ts";

/**
 * What travels between two people without a server: an invitation and its acceptance, a request and its signature, a
 * check and its presence. A letter comes from anybody until its signature was checked, and what it says of itself is
 * never believed: digests, words and consequences are computed by whoever reads it.
 *
 * Version 2 are answers with a contract's signature, which who reads only version 1 could not judge; everything else is
 * still written as version 1.
 */

/** The newest letters that are read. */
export const NEWEST_LETTER_VERSION = 2;

/** 32 bytes as everybody writes them: ids are compared as text. */
const bytes32 = <T extends Hex>() => zBytes32.transform((value) => value.toLowerCase() as T);

/** Controls, direction marks and whatever else is not seen, but for the two joiners that scripts and emoji need. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What somebody says in their own words, in one line: shown as theirs. */
export const zReason = z
  .string()
  .max(2000)
  .transform((text) => text.normalize("NFC").replaceAll(/\s+/gu, " ").trim())
  .refine((text) => Array.from(text).length <= MOST_REASON_LENGTH, {
    error: `At most ${MOST_REASON_LENGTH} characters, please.`,
  })
  .refine((text) => !UNSEEN.test(text), "The text holds characters that cannot be seen.");

/** Seconds since 1970, up to the year 9999. */
const zTime = z.int().nonnegative().max(253_402_300_799);

/** Where signatures count. */
const zDomain = z.strictObject({
  chainId: z.int().positive().max(Number.MAX_SAFE_INTEGER),
  implementation: zAddress,
});

/** A friend's key: an address, of a key or of a contract, and the salt that hides it until its first use. */
export const zFriendKey = z.strictObject({ signer: zAddress, salt: bytes32<Hex>() });

/** Bytes of r, s, v. */
export const PLAIN_SIGNATURE_BYTES = 65;

/**
 * r, s, v of a plain signer, or what a contract takes as its signature: nothing at all, where it keeps on the chain
 * what it signed.
 */
export const zLetterSignature = z.custom<Hex>(
  (value) => isBytes(value) && value.length <= 2 + 2 * MOST_SIGNATURE_BYTES,
  `a signature has at most ${MOST_SIGNATURE_BYTES} bytes`,
);

const COMMON = { trivet: z.literal("friend"), domain: zDomain, account: zAddress };
const HEADER = { ...COMMON, version: z.literal(1) };
const ANSWER_HEADER = { ...COMMON, version: z.literal([1, NEWEST_LETTER_VERSION]) };
/** A letter that asks: who asks, since when, and how long it counts. */
const ASKING = { from: zContactName, createdAt: zTime, expiresAt: zTime };

export const zInvitation = z.strictObject({
  ...HEADER,
  kind: z.literal("invitation"),
  ...ASKING,
  role: zReplaceableRole,
  /** Whether the friend's key shall stay hidden on the chain until it is used. */
  hidden: z.boolean(),
  /** Chosen at random: the acceptance answers this very invitation. */
  challenge: bytes32<Hex>(),
});
export type Invitation = z.output<typeof zInvitation>;

export const zAcceptance = z.strictObject({
  ...ANSWER_HEADER,
  kind: z.literal("acceptance"),
  role: zReplaceableRole,
  /** The hash of the invitation. */
  invitation: bytes32<Hex>(),
  key: zFriendKey,
  signature: zLetterSignature,
});
export type Acceptance = z.output<typeof zAcceptance>;

export const zSignatureRequest = z.strictObject({
  ...HEADER,
  kind: z.literal("request"),
  ...ASKING,
  reason: zReason,
  /** The role of the keys that are asked. */
  role: zReplaceableRole,
  operation: zOperationJson,
  /** How many friends have to sign, of those who are asked. */
  needed: z.int().min(1).max(255),
  /** The keys of the friends who are asked, where whoever asks knows them: a friend's page has no memory. */
  keys: z.array(zFriendKey).max(32),
});
export type SignatureRequest = z.output<typeof zSignatureRequest>;

export const zSignedAnswer = z.strictObject({
  ...ANSWER_HEADER,
  kind: z.literal("signature"),
  /** The id of the operation (the hash of its compact form), by which whoever asked finds it. */
  operation: bytes32<OperationId>(),
  key: zFriendKey,
  signature: zLetterSignature,
});
export type SignedAnswer = z.output<typeof zSignedAnswer>;

export const zCheck = z.strictObject({
  ...HEADER,
  kind: z.literal("check"),
  ...ASKING,
  role: zReplaceableRole,
  key: zFriendKey,
  challenge: bytes32<Hex>(),
});
export type Check = z.output<typeof zCheck>;

export const zPresence = z.strictObject({
  ...ANSWER_HEADER,
  kind: z.literal("presence"),
  /** The hash of the check. */
  check: bytes32<Hex>(),
  key: zFriendKey,
  signature: zLetterSignature,
});
export type Presence = z.output<typeof zPresence>;

/** Every letter, parsed from JSON. */
export const zLetter = z
  .discriminatedUnion("kind", [zInvitation, zAcceptance, zSignatureRequest, zSignedAnswer, zCheck, zPresence])
  .refine((letter) => letter.kind !== "request" || letter.operation.account === letter.account, {
    error: "The operation is of another account than the letter.",
  })
  .refine((letter) => !("expiresAt" in letter) || letter.createdAt < letter.expiresAt, {
    error: "The letter ends before it begins.",
  })
  .refine(
    (letter) =>
      !("signature" in letter) || letter.version > 1 || isBytes(letter.signature, PLAIN_SIGNATURE_BYTES),
    { error: `A signature in a letter of version 1 has ${PLAIN_SIGNATURE_BYTES} bytes.` },
  );
export type Letter = z.output<typeof zLetter>;
export type LetterKind = Letter["kind"];
/** A letter that somebody has to answer. */
export type Question = Extract<Letter, { readonly expiresAt: number }>;

/** A letter as JSON: bigints are decimal strings; `zLetter.parse` is its inverse. */
export const letterToJson = (letter: Letter): unknown =>
  letter.kind === "request" ? { ...letter, operation: operationToJson(letter.operation) } : letter;
