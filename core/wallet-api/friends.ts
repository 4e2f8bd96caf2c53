/** Friends who hold keys, and accounts of which this person is a friend. */
import { z } from "zod";
import { zContactName } from "../contacts/contact.ts";
import { zReason } from "../friends/letters.ts";
import { MOST_LETTER_CHARACTERS } from "../friends/limits.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { zBytes32, zKeyId } from "../primitives/hex.ts";
import { zSignedBy, zWaysReview } from "./keys.ts";
import { zOperationView } from "./operation-view.ts";

/** Who holds a key that signs by letters: a friend, or a contract wallet of the person's own. */
export const zLetterHolder = z.enum(["friend", "safe"]);
export type LetterHolder = z.output<typeof zLetterHolder>;

/** A letter in every form in which it can be sent. */
export const zLetterForms = z.object({
  /** The name for its file. */
  fileName: z.string(),
  /** The file's text. */
  file: z.string(),
  /** Absent for a letter that is too long for it. */
  link: z.string().optional(),
  /** The texts of its QR codes, in order; absent for a letter that is too long for them. */
  qr: z.array(z.string()).optional(),
  /** The comparison code that both ends show. */
  code: z.string().optional(),
});
export type LetterForms = z.output<typeof zLetterForms>;

/**
 * A friend's signer that is a contract: its signature counts only as long as it says so itself. Where it answers as a
 * Safe does, how many it says to be its owners, and how many of them have to sign.
 */
export const zFriendContract = z.object({
  safe: z.object({ owners: z.int().positive(), threshold: z.int().positive() }).optional(),
});
export type FriendContract = z.output<typeof zFriendContract>;

/** A friend who holds a key of the account. */
export const zFriend = z.object({
  role: zReplaceableRole,
  id: zKeyId,
  name: z.string(),
  signer: zAddress,
  /** Absent for a plain key. */
  contract: zFriendContract.optional(),
  /** Nobody sees on the chain whose key it is, until it is used. */
  hidden: z.boolean(),
  /** Whether the account counts the key. */
  active: z.boolean(),
  /** When they last showed that the key works: by accepting, signing or answering a check. Seconds since 1970. */
  lastAnswer: z.number().optional(),
  /** A year went by without an answer. */
  checkDue: z.boolean(),
  /** A check that was made and not answered yet counts until then, in seconds since 1970. */
  checkedUntil: z.number().optional(),
});
export type Friend = z.output<typeof zFriend>;

/** An invitation that nobody has answered yet. */
export const zOpenInvitation = z.object({
  /** Its hash. */
  id: zBytes32,
  name: z.string(),
  role: zReplaceableRole,
  expiresAt: z.number(),
  expired: z.boolean(),
});
export type OpenInvitation = z.output<typeof zOpenInvitation>;

/** An account of somebody else, of which this person is a friend. */
export const zStanding = z.object({
  account: zAddress,
  from: z.string(),
  role: zReplaceableRole,
  signer: zAddress,
  /** Seconds since 1970. */
  since: z.number(),
});
export type FriendStanding = z.output<typeof zStanding>;

export const zFriendsView = z.object({
  friends: z.array(zFriend),
  /** How many keys of each role have to sign, and how many the account counts. */
  roles: z.array(
    z.object({ role: zReplaceableRole, threshold: z.int().positive(), keys: z.int().nonnegative() }),
  ),
  invitations: z.array(zOpenInvitation),
  standings: z.array(zStanding),
  /** What this person calls themselves in letters. */
  ownName: z.string().optional(),
});
export type FriendsView = z.output<typeof zFriendsView>;

/** A key whose place a friend's can take. */
const zReplaceable = z.object({ id: zKeyId, holder: z.string(), detail: z.string() });

/** A letter that was opened, checked as far as it can be before anybody does anything with it. */
export const zOpenedLetter = z.discriminatedUnion("kind", [
  /** Somebody asks this person to be their friend. */
  z.object({
    kind: z.literal("invitation"),
    from: z.string(),
    account: zAddress,
    role: zReplaceableRole,
    hidden: z.boolean(),
    expiresAt: z.number(),
    /** This person accepted an invitation of that account before. */
    accepted: z.boolean(),
  }),
  /** Somebody asks this person to sign. */
  z.object({
    kind: z.literal("request"),
    from: z.string(),
    account: zAddress,
    role: zReplaceableRole,
    reason: z.string(),
    expiresAt: z.number(),
    needed: z.int().positive(),
    title: z.string(),
    facts: z.array(z.object({ label: z.string(), value: z.string(), address: z.boolean() })),
    then: z.string(),
    otherwise: z.string(),
    cannot: z.string(),
    /** What to compare by voice. */
    code: z.string(),
    /** How this person knows them: by the name under which they accepted; absent for strangers. */
    knownAs: z.string().optional(),
  }),
  /** Somebody asks whether this person is still there. */
  z.object({
    kind: z.literal("check"),
    from: z.string(),
    account: zAddress,
    role: zReplaceableRole,
    expiresAt: z.number(),
    knownAs: z.string().optional(),
  }),
  /** A friend accepted; the key is not on the account yet. */
  z.object({
    kind: z.literal("acceptance"),
    invitation: zBytes32,
    name: z.string(),
    holder: zLetterHolder,
    role: zReplaceableRole,
    signer: zAddress,
    /** Absent for a plain key. */
    contract: zFriendContract.optional(),
    hidden: z.boolean(),
    code: z.string(),
    /** Keys of the role whose place the friend's can take, by who holds them. */
    instead: z.array(zReplaceable),
  }),
  /** A friend signed, and the operation has the signature now. */
  z.object({ kind: z.literal("signature"), operation: zOperationView }),
  /** A friend is still there. */
  z.object({ kind: z.literal("presence"), name: z.string() }),
]);
export type OpenedLetter = z.output<typeof zOpenedLetter>;

const text = z.string().max(MOST_LETTER_CHARACTERS);
/** A friend's key on its way to the account; without a key whose place it takes, the role has one key more. */
const zAddition = z.object({ text, instead: zKeyId.optional() });

/** The part of the wallet API for friends. Keys are removed and thresholds set by changes (changes.ts). */
export const FRIEND_METHODS = {
  "friends.view": { input: z.undefined(), output: zFriendsView },
  /**
   * Makes an invitation; `name` is the friend's, `from` what this person calls themselves. One for the person's own Safe
   * is answered by a contract only.
   */
  "friends.invite": {
    input: z.object({
      name: zContactName,
      from: zContactName,
      role: zReplaceableRole,
      hidden: z.boolean(),
      holder: zLetterHolder,
    }),
    output: zLetterForms,
  },
  /** An invitation once more. */
  "friends.invitation": { input: z.object({ id: zBytes32 }), output: zLetterForms },
  /** Takes an invitation back: an answer to it is not taken any more. */
  "friends.withdrawInvitation": { input: z.object({ id: zBytes32 }), output: zFriendsView },
  /** Opens a letter, whichever it is; signatures and presences are taken by that. */
  "friends.open": { input: z.object({ text }), output: zOpenedLetter },
  /** Who would sign for putting the key of a friend who accepted onto the account. */
  "friends.reviewAddition": { input: zAddition, output: zWaysReview },
  /** Puts the key of a friend who accepted onto the account; follow it by the "operation" event. */
  "friends.add": { input: zAddition.extend({ signedBy: zSignedBy }), output: zOperationView },
  /** Answers an invitation, a request or a check, once approved in the confirm window. */
  "friends.answer": { input: z.object({ text }), output: zLetterForms },
  /** The request for an operation that waits for friends. */
  "friends.request": {
    input: z.object({ id: z.uuid(), from: zContactName, reason: zReason }),
    output: zLetterForms,
  },
  /** Asks a friend whether they are still there. */
  "friends.check": { input: z.object({ id: zKeyId }), output: zLetterForms },
  /** Saves the page with which a friend who has no Trivet answers letters; it is the same for everybody. */
  "friends.savePage": { input: z.undefined(), output: z.object({ savedAs: z.string().optional() }) },
  /** Asks where to save a letter, and writes it there; no name when the person decided against it. */
  "friends.save": { input: z.object({ text }), output: z.object({ savedAs: z.string().optional() }) },
} as const;
