import { WalletError } from "#core/errors/wallet-error.ts";
import { ROLE_TEXT, type ReplaceableRole } from "#core/keys/role.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { cidOfDigest } from "#core/key-network/gate-cid.ts";
import { releaseOf } from "#core/key-network/gate-releases.ts";
import type { Digest, GateDigest } from "#core/primitives/hex.ts";
import { GATE_REASONS } from "#core/security/gate-reasons.ts";
import { isSameFactor, type RecordFactor, type RecordFactorType } from "#core/security/opened-record.ts";
import { classifyChange, type RecordChange, type RecordState } from "#core/security/record-change.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { address, NOTHING_CHANGES, type ShownField, text } from "./description.ts";

/** A factor as people call it. */
export const FACTOR_TEXT = {
  email: "Email code",
  sms: "SMS code",
  totp: "Authenticator app",
  passkey: "Passkey",
  password: "Password",
  oauth: "Social login",
  wallet: "Wallet signature",
} as const satisfies Record<RecordFactorType, string>;

const TITLE = {
  "add-factor": "Add a way to prove who you are",
  "change-factor": "Change a way to prove who you are",
  "remove-factor": "Remove a way to prove who you are",
  "change-email": "Change the email address of your account",
  "move-gate": "Move to another gate",
} as const satisfies Record<RecordChange, string>;

const THEN = {
  "add-factor": "From then on the key network may ask for this too before this key signs.",
  "change-factor":
    "From then on the key network asks for the new one before this key signs; the old one proves nothing.",
  "remove-factor": "From then on the key network no longer asks for this before this key signs.",
  "change-email":
    "From then on codes count that were sent to the new address; the old mailbox proves nothing.",
  "move-gate": "From then on the new gate decides when what the network holds signs.",
} as const satisfies Record<RecordChange, string>;

/** A gate by its number, where it came with Trivet, and its CID, which says exactly which program it is. */
function gateText(gate: GateDigest): string {
  const release = releaseOf(gate);
  return `${release ? `Gate ${release.number}` : "A gate unknown to Trivet"}: ${cidOfDigest(gate)}`;
}

/** The same change of the record of the other key that the network holds. */
export interface Alongside {
  readonly role: ReplaceableRole;
  readonly from: RecordState;
  readonly to: RecordState;
  readonly digest: Digest;
}

export interface RecordViewContext {
  readonly id: string;
  readonly digest: Digest;
  /** Approved by the same decision. */
  readonly alongside?: Alongside | undefined;
  readonly chain: { readonly name: string };
  /** The email address, number or address behind a factor, as far as the session knows it. */
  readonly nameOf: (factor: RecordFactor) => string | undefined;
}

/**
 * What the confirm window shows for the change of a network key's record.
 * @throws WalletError when it is not exactly one change
 */
export function recordChangeView(
  {
    role,
    from,
    to,
  }: { readonly role: ReplaceableRole; readonly from: RecordState; readonly to: RecordState },
  { id, digest, alongside, chain, nameOf }: RecordViewContext,
): ConfirmView {
  const classified = classifyChange(from, to);
  if ("problem" in classified) {
    const { message, whatToDo } = GATE_REASONS[classified.problem];
    throw new WalletError(classified.problem, message, whatToDo);
  }
  const { change } = classified;
  const shown = (what: string, factors: readonly RecordFactor[]): ShownField[] =>
    factors.map((factor) =>
      factor.type === "wallet"
        ? address(`${what}: ${FACTOR_TEXT.wallet}`, factor.id)
        : text(`${what}: ${FACTOR_TEXT[factor.type]}`, nameOf(factor) ?? factor.id),
    );
  if (alongside && !isSameChange({ from, to }, alongside)) throw notTheSame();
  const roles = [role, ...(alongside ? [alongside.role] : [])];
  return {
    id,
    title: TITLE[change],
    fields: [
      ...shown("Adds", missingIn(to, from)),
      ...shown("Removes", missingIn(from, to)),
      ...(change === "move-gate"
        ? [text("New gate", gateText(to.gate)), text("Present gate", gateText(from.gate))]
        : []),
      ...roles.map((one) => text("Key", ROLE_TEXT[one])),
      address("Account", to.record.account),
    ],
    signers: [
      { role: "device", holder: "this-computer" },
      ...roles.map((one) => ({ role: one, holder: "network" as const })),
    ],
    then: THEN[change],
    otherwise: NOTHING_CHANGES,
    cannot: "This approval moves no money, and it changes no key of the account.",
    digest,
    ...(alongside && { furtherDigests: [alongside.digest] }),
    chainName: chain.name,
  };
}

const missingIn = (a: RecordState, b: RecordState): RecordFactor[] =>
  a.record.factors.filter((factor) => !b.record.factors.some((other) => isSameFactor(factor, other)));

type StateChange = Pick<Alongside, "from" | "to">;

/** Whether one sentence is true of two changes: they add and remove the same, for the same account. */
function isSameChange(one: StateChange, other: StateChange): boolean {
  const same = (a: readonly RecordFactor[], b: readonly RecordFactor[]) =>
    a.length === b.length && a.every((factor) => b.some((second) => isSameFactor(factor, second)));
  return (
    !("problem" in classifyChange(other.from, other.to)) &&
    sameAddress(one.to.record.account, other.to.record.account) &&
    same(missingIn(one.to, one.from), missingIn(other.to, other.from)) &&
    same(missingIn(one.from, one.to), missingIn(other.from, other.to)) &&
    one.from.gate === other.from.gate &&
    one.to.gate === other.to.gate
  );
}

const notTheSame = () =>
  new WalletError(
    "changes-differ",
    "The two keys' records do not change in the same way.",
    "Change them one after the other.",
  );
