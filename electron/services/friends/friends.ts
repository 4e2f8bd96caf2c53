import { randomBytes } from "node:crypto";
import { bytesToHex } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import {
  checkAcceptance,
  checkDomain,
  checkPlace,
  checkPresence,
  checkTime,
  type Place,
} from "#core/friends/checks.ts";
import type {
  Acceptance,
  Check,
  Invitation,
  Letter,
  Presence,
  SignatureRequest,
  SignedAnswer,
} from "#core/friends/letters.ts";
import { readContractWallet } from "#core/friends/contract-wallet.ts";
import { CHECK_INTERVAL, LETTER_LIFETIME } from "#core/friends/limits.ts";
import { checkHash, invitationHash, requestTypedData } from "#core/friends/messages.ts";
import { readLetter } from "#core/friends/wire.ts";
import { requestWords } from "#core/friends/words.ts";
import { addressOfKey, keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { type SigningDomain, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import { comparisonCode } from "#core/primitives/comparison-code.ts";
import { type Hex, type KeyId, NO_SALT } from "#core/primitives/hex.ts";
import type {
  Friend,
  FriendsView,
  LetterForms,
  LetterHolder,
  OpenedLetter,
} from "#core/wallet-api/friends.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { ChainClient } from "../chain/client.ts";
import { chainRequest, signersAskedBy } from "../chain/contracts-asked.ts";
import { addFriend } from "../operations/intents/add-friend.ts";
import type { Operations } from "../operations/operations.ts";
import { findKey, type HeldKey, type ProfileStore } from "../profile.ts";
import { readContractState } from "../security/contract-state.ts";
import type { JsonFile } from "../storage/json-file.ts";
import type { VaultClient } from "../vault.ts";
import { fileNameOf, formsOf } from "./forms.ts";
import { type FriendNotes, NO_NOTES, type Standing } from "./notes.ts";

export interface FriendsOptions {
  readonly chain: ChainClient;
  readonly vault: Pick<VaultClient, "call">;
  readonly profile: Pick<ProfileStore, "get">;
  readonly operations: Pick<Operations, "question" | "answer" | "start">;
  readonly notes: JsonFile<FriendNotes>;
  /** Asks the person where to, and writes; resolves to the chosen file's name, or to nothing. */
  readonly save: (
    suggestedName: string,
    content: string,
    format: "json" | "html",
  ) => Promise<string | undefined>;
  /** The built page with which friends without Trivet answer. */
  readonly page: () => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
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
  readonly add: (text: string, instead?: KeyId) => Promise<OperationView>;
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

const unknownInvitation = () =>
  new WalletError(
    "answer-unknown",
    "This answers no invitation that waits here: it was taken back, answered already, or made on another computer.",
    "Look at the invitations on the friends screen, and send a new one if you need it.",
  );

const notASafe = () =>
  new WalletError(
    "not-a-contract",
    "The address that answered is a plain key, and no Safe.",
    "Choose the Safe's own address in the wallet, and not that of one of its owners. Nothing was kept.",
  );

export function createFriends(options: FriendsOptions): Friends {
  const { chain, vault, profile, operations, notes: file } = options;
  const domain: SigningDomain = {
    chainId: chain.config.chain.id,
    implementation: chain.config.contracts.implementation,
  };
  const seconds = () => Math.floor(options.now() / 1000);
  const read = async (): Promise<FriendNotes> => (await file.read()) ?? NO_NOTES;

  let lastChange: Promise<unknown> = Promise.resolve();
  /** One change after the other, each from what the one before left. */
  function update(change: (old: FriendNotes) => FriendNotes): Promise<void> {
    const changed = lastChange.then(async () => file.write(change(await read())));
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  async function here(): Promise<Place> {
    const { account } = await profile.get();
    if (!account) throw new WalletError("no-account", "There is no account yet.", "Make the account first.");
    return { domain, account: account.address };
  }

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

  /** Remembers that a friend's key was seen to work. */
  const seen = (key: KeyId) =>
    update((old) => ({
      ...old,
      answers: [...old.answers.filter((one) => one.key !== key), { key, at: seconds() }],
      checks: old.checks.filter((one) => one.key !== key),
    }));

  /** From when a friend is to be asked whether they are still there: whoever never answered, at once. */
  const dueFrom = ({ answers }: FriendNotes, id: KeyId): number => {
    const lastAnswer = answers.find(({ key }) => key === id)?.at;
    return lastAnswer === undefined ? 0 : lastAnswer + CHECK_INTERVAL;
  };

  const invitationOf = ({ invitations }: FriendNotes, id: Hex) => {
    const found = invitations.find(({ invitation }) => invitationHash(invitation) === id);
    if (!found) throw unknownInvitation();
    return found;
  };

  const standingFor = (all: FriendNotes, { account }: Pick<Letter, "account">): Standing | undefined =>
    all.standings.find((one) => one.chainId === domain.chainId && sameAddress(one.account, account));

  /** A friend who accepted, whose answer was checked against the invitation that was sent. */
  async function accepted(acceptance: Acceptance) {
    const place = await here();
    checkPlace(acceptance, place);
    const { name, holder, invitation } = invitationOf(await read(), acceptance.invitation);
    const key = await checkAcceptance(
      acceptance,
      invitation,
      seconds(),
      signersAskedBy(place.account, chain),
    );
    const code = comparisonCode(acceptance.invitation, keyId(key));
    const contract = await contractOf(toAddress(key.signer));
    if (holder === "safe" && !contract) throw notASafe();
    return { name, holder, key, code, role: acceptance.role, contract };
  }

  /**
   * Signers without a contract. All of them have signed a letter, which without a contract only a plain key can: it stays
   * one. What stands behind a contract can change, and is asked for every time.
   */
  const plainKeys = new Set<Address>();

  /** What a signer that is a contract says of itself; undefined for a plain key. */
  async function contractOf(signer: Address): Promise<Friend["contract"]> {
    if (plainKeys.has(signer)) return undefined;
    const wallet = await readContractWallet(chainRequest(chain), signer);
    if (!wallet) plainKeys.add(signer);
    if (!wallet?.safe) return wallet && {};
    const { owners, threshold } = wallet.safe;
    return { safe: { owners: owners.length, threshold } };
  }

  async function openedAcceptance(acceptance: Acceptance): Promise<OpenedLetter> {
    const { name, holder, key, code, role, contract } = await accepted(acceptance);
    const { keys } = await profile.get();
    return {
      kind: "acceptance",
      invitation: acceptance.invitation,
      name,
      holder,
      role,
      signer: toAddress(key.signer),
      ...(contract && { contract }),
      hidden: key.salt !== NO_SALT,
      code,
      instead: keys[role].map((held) => ({ id: keyId(held.key), holder: held.holder, detail: held.detail })),
    };
  }

  async function takeSignature(answer: SignedAnswer): Promise<OpenedLetter> {
    const operation = await operations.answer(answer);
    await seen(keyId(answer.key));
    return { kind: "signature", operation };
  }

  async function takePresence(presence: Presence): Promise<OpenedLetter> {
    const place = await here();
    checkPlace(presence, place);
    const { checks } = await read();
    const found = checks.find(({ check }) => checkHash(check) === presence.check);
    if (!found) {
      throw new WalletError(
        "answer-unknown",
        "This answers no check that waits here.",
        "Ask your friend again from the friends screen.",
      );
    }
    await checkPresence(presence, found.check, seconds(), signersAskedBy(place.account, chain));
    await seen(found.key);
    const held = findKey((await profile.get()).keys, found.key)?.held;
    return { kind: "presence", name: held?.detail ?? "Your friend" };
  }

  const codeOf = ({ operation }: SignatureRequest) =>
    comparisonCode(typedDataDigest(requestTypedData(operation, domain)));

  async function openedQuestion(letter: Invitation | SignatureRequest | Check): Promise<OpenedLetter> {
    checkDomain(letter, domain);
    checkTime(letter, seconds());
    const standing = standingFor(await read(), letter);
    const { from, account, role, expiresAt } = letter;
    const common = { from, account, role, expiresAt };
    const known = standing && { knownAs: standing.from };
    switch (letter.kind) {
      case "invitation":
        return { kind: "invitation", ...common, hidden: letter.hidden, accepted: standing !== undefined };
      case "request": {
        const { title, facts, then, otherwise, cannot } = requestWords(letter.operation, from);
        const words = { title, facts: [...facts], then, otherwise, cannot };
        const { reason, needed } = letter;
        return { kind: "request", ...common, reason, needed, ...words, code: codeOf(letter), ...known };
      }
      case "check":
        return { kind: "check", ...common, ...known };
    }
  }

  async function view(): Promise<FriendsView> {
    const { account, keys } = await profile.get();
    if (!account) throw new WalletError("no-account", "There is no account yet.", "Make the account first.");
    const [contract, all] = await Promise.all([readContractState(chain, account), read()]);
    const now = seconds();
    const known = REPLACEABLE_ROLES.flatMap((role) =>
      keys[role].flatMap((held): Friend[] => {
        const signer = addressOfKey(held.key);
        if (held.holder !== "friend" || !signer) return [];
        const id = keyId(held.key);
        const lastAnswer = all.answers.find(({ key }) => key === id)?.at;
        const open = all.checks.find(({ key }) => key === id)?.check;
        return [
          {
            role,
            id,
            name: held.detail,
            signer,
            hidden: held.key.salt !== NO_SALT,
            active: contract.keys.some((key) => key.id === id && key.active),
            ...(lastAnswer !== undefined && { lastAnswer }),
            checkDue: now > dueFrom(all, id),
            ...(open && open.expiresAt >= now && { checkedUntil: open.expiresAt }),
          },
        ];
      }),
    );
    const friends = await Promise.all(
      known.map(async (friend) => {
        const contractWallet = await contractOf(friend.signer);
        return { ...friend, ...(contractWallet && { contract: contractWallet }) };
      }),
    );
    return {
      friends,
      roles: REPLACEABLE_ROLES.map((role) => ({
        role,
        threshold: Math.max(1, contract.thresholds[role]),
        keys: contract.keys.filter((key) => key.role === role && key.active).length,
      })),
      invitations: all.invitations.map(({ name, invitation }) => ({
        id: invitationHash(invitation),
        name,
        role: invitation.role,
        expiresAt: invitation.expiresAt,
        expired: invitation.expiresAt < now,
      })),
      standings: all.standings
        .filter(({ chainId }) => chainId === domain.chainId)
        .map(({ account: of, from, role, key, since }) => ({
          account: of,
          from,
          role,
          signer: key.signer,
          since,
        })),
      ...(all.ownName !== undefined && { ownName: all.ownName }),
    };
  }

  function readAs<K extends Letter["kind"]>(text: string, kind: K): Extract<Letter, { kind: K }> {
    const letter = readLetter(text);
    if (letter.kind !== kind) {
      throw new WalletError(
        "letter-other-kind",
        `This letter is another one than is asked for here.`,
        "Open it on the friends screen.",
      );
    }
    // The kind was just compared; TypeScript does not narrow a union by a generic.
    return letter as Extract<Letter, { kind: K }>;
  }

  return {
    view,
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
      const letter = readLetter(text);
      switch (letter.kind) {
        case "acceptance":
          return openedAcceptance(letter);
        case "signature":
          checkPlace(letter, await here());
          return takeSignature(letter);
        case "presence":
          return takePresence(letter);
        default:
          return openedQuestion(letter);
      }
    },
    async add(text, instead) {
      const acceptance = readAs(text, "acceptance");
      const { name, holder, key, role } = await accepted(acceptance);
      const held: HeldKey = { key, holder, detail: name };
      const view = await operations.start(addFriend(role, held, instead));
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
      const standing = standingFor(await read(), letter);
      const hidden = standing?.key.salt !== NO_SALT;
      if (letter.kind === "request" && letter.keys.length === 0 && !standing) throw notAFriend();
      const { answer } = await vault.call("answerLetter", { letter: text, hidden });
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
        ...operations.question(id),
      };
      await update((old) => ({ ...old, ownName: from }));
      return formsOf(letter, codeOf(letter));
    },
    async fallenDue() {
      const { account, keys } = await profile.get();
      const all = await read();
      const due = REPLACEABLE_ROLES.flatMap((role) => keys[role])
        .filter(({ holder }) => holder === "friend")
        .map(({ key, detail }) => ({ name: detail, key: keyId(key), from: dueFrom(all, keyId(key)) }))
        .filter(
          ({ key, from }) =>
            seconds() > from && !all.reminded.some((one) => one.key === key && one.due === from),
        );
      if (!account || due.length === 0) return [];
      // Whose key the account no longer counts need not be asked.
      const contract = await readContractState(chain, account);
      const fresh = due.filter(({ key }) => contract.keys.some(({ id, active }) => id === key && active));
      if (fresh.length === 0) return [];
      await update((old) => ({
        ...old,
        reminded: [
          ...old.reminded.filter(({ key }) => !fresh.some((one) => one.key === key)),
          ...fresh.map(({ key, from }) => ({ key, due: from })),
        ],
      }));
      return fresh.map(({ name }) => name);
    },
    async check(id) {
      const { keys } = await profile.get();
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
