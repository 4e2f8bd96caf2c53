import { WalletError } from "#core/errors/wallet-error.ts";
import { checkAcceptance, checkDomain, checkPlace, checkPresence, checkTime } from "#core/friends/checks.ts";
import type {
  Acceptance,
  Check,
  Invitation,
  Letter,
  Presence,
  SignatureRequest,
  SignedAnswer,
} from "#core/friends/letters.ts";
import { checkHash, invitationHash, requestTypedData } from "#core/friends/messages.ts";
import { requestWords } from "#core/friends/words.ts";
import { keyId } from "#core/keys/key.ts";
import { type SigningDomain, typedDataDigest } from "#core/operations/typed-data.ts";
import { sameAddress, toAddress } from "#core/primitives/address.ts";
import { comparisonCode } from "#core/primitives/comparison-code.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import type { OpenedLetter } from "#core/wallet-api/friends.ts";
import { signersAskedBy } from "../chain/contracts-asked.ts";
import { findKey } from "../profile.ts";
import type { FriendsContext } from "./context.ts";
import type { FriendNotes, Standing } from "./notes.ts";

/** The digits of a request, which both compare. */
export const codeOf = ({ operation }: SignatureRequest, domain: SigningDomain) =>
  comparisonCode(typedDataDigest(requestTypedData(operation, domain)));

/** An invitation that waits for its answer. @throws WalletError "answer-unknown" */
export function invitationOf({ invitations }: FriendNotes, id: Hex) {
  const found = invitations.find(({ invitation }) => invitationHash(invitation) === id);
  if (!found)
    throw new WalletError(
      "answer-unknown",
      "This answers no invitation that waits here: it was taken back, answered already, or made on another computer.",
      "Look at the invitations on the friends screen, and send a new one if you need it.",
    );
  return found;
}

/** What this person accepted to be for the account of a letter. */
export const standingFor = (
  all: FriendNotes,
  { account }: Pick<Letter, "account">,
  { chainId }: SigningDomain,
): Standing | undefined =>
  all.standings.find((one) => one.chainId === chainId && sameAddress(one.account, account));

/** Letters that came: what they say, once they were checked. Answers to what was asked here are taken at once. */
export function createOpening(context: FriendsContext) {
  const { chain, profile, operations, domain, seconds, read, here, seen, contractOf } = context;

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

  async function openedQuestion(letter: Invitation | SignatureRequest | Check): Promise<OpenedLetter> {
    checkDomain(letter, domain);
    checkTime(letter, seconds());
    const standing = standingFor(await read(), letter, domain);
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
        return {
          kind: "request",
          ...common,
          reason,
          needed,
          ...words,
          code: codeOf(letter, domain),
          ...known,
        };
      }
      case "check":
        return { kind: "check", ...common, ...known };
    }
  }

  async function open(letter: Letter): Promise<OpenedLetter> {
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
  }

  return { accepted, open };
}

const notASafe = () =>
  new WalletError(
    "not-a-contract",
    "The address that answered is a plain key, and no Safe.",
    "Choose the Safe's own address in the wallet, and not that of one of its owners. Nothing was kept.",
  );
