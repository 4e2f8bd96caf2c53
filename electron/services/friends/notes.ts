import path from "node:path";
import { z } from "zod";
import { zCheck, zFriendKey, zInvitation } from "#core/friends/letters.ts";
import { zLetterHolder } from "#core/wallet-api/friends.ts";
import { zReplaceableRole } from "#core/keys/role.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zKeyId } from "#core/primitives/hex.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";

/** Seconds since 1970. */
const zTime = z.number();

const zNotes = z.strictObject({
  version: z.literal(1),
  /** What this person calls themselves in letters. */
  ownName: z.string().optional(),
  /** Invitations that were sent and are not answered, and what this person calls whom they invited. */
  invitations: z.array(
    z.strictObject({
      name: z.string(),
      /** Who is to hold the key: a friend, or a Safe of this person's own. */
      holder: zLetterHolder.default("friend"),
      invitation: zInvitation,
    }),
  ),
  /** When each friend last showed that the key works. */
  answers: z.array(z.strictObject({ key: zKeyId, at: zTime })),
  /** The check that each friend was sent last and has not answered. */
  checks: z.array(z.strictObject({ key: zKeyId, check: zCheck })),
  /** Of which check this person was told that it is due: a friend's key, and the time from which it is. */
  reminded: z.array(z.strictObject({ key: zKeyId, due: zTime })).default([]),
  /** Accounts of which this person accepted to be a friend. */
  standings: z.array(
    z.strictObject({
      chainId: z.number(),
      account: zAddress,
      from: z.string(),
      role: zReplaceableRole,
      key: zFriendKey,
      since: zTime,
    }),
  ),
});
export type FriendNotes = z.output<typeof zNotes>;
export type Standing = FriendNotes["standings"][number];

export const NO_NOTES: FriendNotes = {
  version: 1,
  invitations: [],
  answers: [],
  checks: [],
  reminded: [],
  standings: [],
};

/** What this computer knows of friends that the chain does not. Nothing in it is secret, and none of it lets anybody sign. */
export const friendNotes = (directory: string): JsonFile<FriendNotes> =>
  jsonFile(path.join(directory, "friends.json"), zNotes);
