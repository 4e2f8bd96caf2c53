import { WalletError } from "#core/errors/wallet-error.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { type Address, zAddress } from "#core/primitives/address.ts";
import { isSameFactor } from "#core/security/opened-record.ts";
import type { FactorChangeView, FactorStepId } from "#core/wallet-api/factors.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ProfileStore } from "../profile.ts";
import type { Proofs } from "../proofs/proofs.ts";
import type { Records } from "../records/records.ts";
import type { VaultClient } from "../vault.ts";
import type { FactorEntry } from "./journal.ts";
import { authenticatorNeed, gateNeed, needBefore } from "./needs.ts";
import { isWanted, wantedFactors } from "./plan.ts";
import { readRecords, type RecordsNow } from "./records-now.ts";

/** What the steps of a change of factors work with. */
export interface FactorStepContext {
  readonly chainId: number;
  readonly reader: AccountReader;
  readonly records: Records;
  readonly vault: VaultClient;
  readonly proofs: Pick<Proofs, "missing">;
  readonly profile: ProfileStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The wallet that the person chose to sign the requests itself. */
  readonly wallet: Address | undefined;
  /** Tells the screens what the step waits for. */
  readonly waitFor: (needs: NonNullable<FactorChangeView["needs"]>) => void;
}

/** How a step ended: with a changed entry, or because it needs the person first. */
export type FactorStepResult =
  | { readonly entry: FactorEntry; readonly proved?: true }
  | { readonly needs: NonNullable<FactorChangeView["needs"]> };

type Step = (entry: FactorEntry, context: FactorStepContext) => Promise<FactorStepResult>;

const recordUnknown = (role: ReplaceableRole) =>
  new WalletError(
    "record-unknown",
    `The factor registry holds something for the ${role === "mfa" ? "MFA" : "recovery"} key that Trivet cannot explain.`,
    "Do not add anything before you know who changed it. See your factors for what is at stake.",
  );

const notWritten = () =>
  new WalletError(
    "record-not-written",
    "The chain did not take the new record.",
    "Continue to sign and send it again. What is registered has not changed.",
  );

async function look(context: FactorStepContext) {
  const known = await context.vault.call("knownFactors", undefined);
  const now: RecordsNow = await readRecords(context, known.person, known.factors);
  return { known, now };
}

const prove: Step = async (entry, context) => {
  const { known, now } = await look(context);
  for (const role of now.roles) if (!now.opened[role]) throw recordUnknown(role);
  const needs = await needBefore(entry, known, now.opened, context.wallet, context);
  return needs ? { needs } : { entry, proved: true };
};

const release: Step = async (entry, { vault }) => {
  if (entry.old && entry.old.type !== "wallet") {
    await vault.call("deleteFactor", { type: entry.old.type, id: entry.old.id });
  }
  return { entry: { ...entry, released: true } };
};

/** The app that was begun here and has shown its first code is there already: there cannot be another one beside it. */
const setUp: Step = async (entry, { vault }) => {
  const { type, begun } = entry;
  if (begun === undefined) return { needs: { kind: "set-up" } };
  const added = { type, id: begun };
  const { factors } = await vault.call("knownFactors", undefined);
  const isThere = factors.some((factor) => isSameFactor(factor, added));
  return isThere ? { entry: { ...entry, added } } : { needs: { kind: "set-up" } };
};

/** The authenticator shows the codes again to who proves two categories: in a new session, that comes first. */
const keepCodes: Step = async (entry, context) => {
  const known = await context.vault.call("knownFactors", undefined);
  const needs = await authenticatorNeed(entry, "remove", known, context);
  return { needs: needs ?? { kind: "recovery-codes" } };
};

/** Writes the record of one key. What it already holds is not written again, whoever wrote it. */
const write =
  (role: ReplaceableRole): Step =>
  async (entry, context) => {
    const { records, wallet, waitFor } = context;
    const { now } = await look(context);
    const record = now.opened[role];
    if (!record) throw recordUnknown(role);
    const written = { ...entry, written: [...entry.written, role] };
    if (isWanted(entry, record)) return { entry: written };
    const needs = await gateNeed(entry, role, record, wallet, context);
    if (needs) return { needs };
    waitFor({ kind: "confirm" });
    const alongside = now.roles.find((other) => {
      const second = now.opened[other];
      return other !== role && second !== undefined && !isWanted(entry, second);
    });
    const signs = entry.added?.type === "wallet" ? zAddress.parse(entry.added.id) : wallet;
    await records.change(
      role,
      { factors: wantedFactors(entry, record) },
      { ...(alongside && { alongside }), ...(signs && { wallet: signs }) },
    );
    const after = (await look(context)).now.opened[role];
    if (!after || !isWanted(entry, after)) throw notWritten();
    return { entry: written };
  };

/** The old factor goes last: until here the records could still name it, and the person could still prove it. */
const tidyUp: Step = async (entry, context) => {
  const { vault, profile } = context;
  const { old, type, kind, address } = entry;
  // Before the old address is deleted: the next unlock sends its code to the new one.
  if (type === "email" && kind === "change" && address !== undefined) {
    await profile.update((before) => ({ ...before, email: address }));
  }
  const known = await vault.call("knownFactors", undefined);
  if (old && old.type !== "wallet" && known.factors.some((factor) => isSameFactor(factor, old))) {
    const needs = await authenticatorNeed(entry, "remove", known, context);
    if (needs) return { needs };
    await vault.call("deleteFactor", { type: old.type, id: old.id });
  }
  return { entry: { ...entry, ended: "done" } };
};

/** One function per step; each can be run again after a crash at any point of it. */
export const FACTOR_STEP: Record<FactorStepId, Step> = {
  prove,
  release,
  "set-up": setUp,
  "keep-codes": keepCodes,
  mfa: write("mfa"),
  recovery: write("recovery"),
  "tidy-up": tidyUp,
};
