import { randomBytes } from "node:crypto";
import { bytesToHex } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Check, Invitation, SignatureRequest } from "#core/friends/letters.ts";
import { LETTER_LIFETIME } from "#core/friends/limits.ts";
import { invitationHash } from "#core/friends/messages.ts";
import { readLetter } from "#core/friends/wire.ts";
import { keyId } from "#core/keys/key.ts";
import type { ReplaceableRole, Role } from "#core/keys/role.ts";
import { sameAddress, toAddress } from "#core/primitives/address.ts";
import { comparisonCode } from "#core/primitives/comparison-code.ts";
import { type Hex, type KeyId, NO_SALT } from "#core/primitives/hex.ts";
import type { FriendsView, LetterForms, LetterHolder, OpenedLetter } from "#core/wallet-api/friends.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import { signedBy as bySigners } from "../keys/replacement.ts";
import { addFriend } from "../operations/intents/add-friend.ts";
import type { Review } from "../operations/operations.ts";
import { findKey, type HeldKey } from "../profile.ts";
import type { VaultClient } from "../vault.ts";
import { type ContextOptions, createContext } from "./context.ts";
import { fileNameOf, formsOf } from "./forms.ts";
import { createList } from "./list.ts";
import type { Standing } from "./notes.ts";
import { codeOf, createOpening, invitationOf, standingFor } from "./opening.ts";

export interface FriendsOptions extends ContextOptions {
  readonly vault: Pick<VaultClient, "call">;
  /** Asks the person where to, and writes; resolves to the chosen file's name, or to nothing. */
  readonly save: (
    suggestedName: string,
    content: string,
    format: "json" | "html",
  ) => Promise<string | undefined>;
  /** The built page with which friends without Trivet answer. */
  readonly page: () => Promise<string>;
}

/** Friends of this account, and this person as a friend of others. Letters go by whatever people use already. */
export interface Friends {
  readonly view: () => Promise<FriendsView>;
  readonly invite: (wish: {
    readonly name: string;
    readonly from: string;
    readonly role: ReplaceableRole;
    readonly hidden: boolean;
    readonly holder: LetterHolder;
  }) => Promise<LetterForms>;
  readonly invitation: (id: Hex) => Promise<LetterForms>;
  readonly withdrawInvitation: (id: Hex) => Promise<FriendsView>;
  readonly open: (text: string) => Promise<OpenedLetter>;
  /** Who can sign for what `add` would do. */
  readonly reviewAddition: (text: string, instead?: KeyId) => Promise<Review>;
  /**
   * Puts the key of a friend who accepted onto the account.
   * @param instead the key whose place it takes; otherwise the role has one key more
   * @param signedBy whose signatures the person chose; the best authority of the policy where it is left out
   */
  readonly add: (text: string, instead?: KeyId, signedBy?: readonly Role[]) => Promise<OperationView>;
  readonly answer: (text: string) => Promise<LetterForms>;
  readonly request: (
    id: string,
    words: { readonly from: string; readonly reason: string },
  ) => Promise<LetterForms>;
  readonly check: (id: KeyId) => Promise<LetterForms>;
  /**
   * The friends whose yearly check fell due since this was asked last, by name. Each is told once for each due time,
   * also when Trivet was closed meanwhile.
   */
  readonly fallenDue: () => Promise<string[]>;
  readonly save: (text: string) => Promise<string | undefined>;
  readonly savePage: () => Promise<string | undefined>;
}

const random32 = (): Hex => bytesToHex(new Uint8Array(randomBytes(32)));

export function createFriends(options: FriendsOptions): Friends {
  const context = createContext(options);
  const { domain, seconds, read, update, here, seen } = context;
  const { view, fallenDue } = createList(context);
  const { accepted, open } = createOpening(context);

  /** What a letter of this account's that asks begins with. */
  async function asking(from: string) {
    const { account } = await here();
    const now = seconds();
    return {
      trivet: "friend",
      version: 1,
      domain,
      account,
      from,
      createdAt: now,
      expiresAt: now + LETTER_LIFETIME,
    } as const;
  }

  /** What puts the key of a friend who accepted onto the account. */
  async function additionOf(text: string, instead: KeyId | undefined) {
    const acceptance = readLetter(text);
    if (acceptance.kind !== "acceptance") throw notAnAnswer();
    const { name, holder, key, role } = await accepted(acceptance);
    const held: HeldKey = { key, holder, detail: name };
    return { acceptance, key, intent: addFriend(role, held, instead) };
  }

  return {
    view,
    fallenDue,
    async invite({ name, from, role, hidden, holder }) {
      const invitation: Invitation = {
        ...(await asking(from)),
        kind: "invitation",
        role,
        hidden,
        challenge: random32(),
      };
      await update((old) => ({
        ...old,
        // In a letter to one's own Safe the name is for nobody.
        ...(holder === "friend" && { ownName: from }),
        invitations: [...old.invitations, { name, holder, invitation }],
      }));
      return formsOf(invitation);
    },
    async invitation(id) {
      return formsOf(invitationOf(await read(), id).invitation);
    },
    async withdrawInvitation(id) {
      await update((old) => ({
        ...old,
        invitations: old.invitations.filter(({ invitation }) => invitationHash(invitation) !== id),
      }));
      return view();
    },
    async open(text) {
      return open(readLetter(text));
    },
    async reviewAddition(text, instead) {
      const { intent } = await additionOf(text, instead);
      return options.operations.review(intent);
    },
    async add(text, instead, signedBy) {
      const { acceptance, key, intent } = await additionOf(text, instead);
      const view = await options.operations.start(bySigners(signedBy, intent));
      await seen(keyId(key));
      // Answered: another answer to the same invitation would be somebody else's.
      await update((old) => ({
        ...old,
        invitations: old.invitations.filter(
          ({ invitation }) => invitationHash(invitation) !== acceptance.invitation,
        ),
      }));
      return view;
    },
    async answer(text) {
      const letter = readLetter(text);
      const standing = standingFor(await read(), letter, domain);
      const hidden = standing?.key.salt !== NO_SALT;
      if (letter.kind === "request" && letter.keys.length === 0 && !standing) throw notAFriend();
      const { answer } = await options.vault.call("answerLetter", { letter: text, hidden });
      const answered = readLetter(answer);
      if (letter.kind !== "invitation" || answered.kind !== "acceptance") return formsOf(answered);
      const { account, from, role } = letter;
      const { key } = answered;
      const accepted: Standing = { chainId: domain.chainId, account, from, role, key, since: seconds() };
      await update((old) => ({
        ...old,
        standings: [
          ...old.standings.filter(
            (one) => one.chainId !== domain.chainId || !sameAddress(one.account, account),
          ),
          accepted,
        ],
      }));
      return formsOf(answered, comparisonCode(answered.invitation, keyId(key)));
    },
    async request(id, { from, reason }) {
      const letter: SignatureRequest = {
        ...(await asking(from)),
        kind: "request",
        reason,
        ...options.operations.question(id),
      };
      await update((old) => ({ ...old, ownName: from }));
      return formsOf(letter, codeOf(letter, domain));
    },
    async check(id) {
      const { keys } = await options.profile.get();
      const found = findKey(keys, id);
      const { ownName = "A friend of yours" } = await read();
      if (found?.held.holder !== "friend" || found.role === "device") {
        throw new WalletError("friend-unknown", "This is no friend's key.", "Look at the list of friends.");
      }
      const { role, held } = found;
      const { signer, salt } = held.key;
      const check: Check = {
        ...(await asking(ownName)),
        kind: "check",
        role,
        key: { signer: toAddress(signer), salt },
        challenge: random32(),
      };
      await update((old) => ({
        ...old,
        checks: [...old.checks.filter(({ key }) => key !== id), { key: id, check }],
      }));
      return formsOf(check);
    },
    save(text) {
      const letter = readLetter(text);
      return options.save(fileNameOf(letter), formsOf(letter).file, "json");
    },
    async savePage() {
      return options.save("trivet-friend-page.html", await options.page(), "html");
    },
  };
}

const notAFriend = () =>
  new WalletError(
    "letter-not-yours",
    "This computer never accepted an invitation of this account.",
    "If you did so on another computer, open the request there. Nothing was signed.",
  );

const notAnAnswer = () =>
  new WalletError(
    "letter-other-kind",
    "This letter is no answer to an invitation.",
    "Open it on the friends screen, which says what it is.",
  );
