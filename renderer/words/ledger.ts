import { addressOfSigner } from "#core/keys/signer.ts";
import { ROLE_TEXT } from "#core/keys/role.ts";
import type { LedgerState } from "#core/ledger/states.ts";
import { changeRow } from "#core/operations/changes.ts";
import { readableAmount } from "#core/operations/readable.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { OperationStepId, OperationSummary, OperationView } from "#core/wallet-api/operation-view.ts";
import type { AccountKey } from "#core/wallet-api/state.ts";
import { holderDetail } from "./keys.ts";
import { currentStep } from "./operations.ts";

/** A field as a Ledger shows it: the raw field name of the message, and its value. */
export interface LedgerField {
  readonly label: string;
  readonly value: string | { readonly address: Address };
}

/**
 * The fields a Ledger shows for a step of an operation, in the order it shows them (the nonce, a bare number that
 * comes last, is left out).
 */
export function ledgerFields(
  step: OperationStepId,
  summary: OperationSummary,
  account: Address,
): readonly LedgerField[] {
  const forAccount: LedgerField = { label: "Account", value: { address: account } };
  if (summary.kind === "withdraw") {
    const { token } = summary;
    return [
      { label: "Amount", value: readableAmount(summary.amount, token) },
      ...(token.address === NATIVE_TOKEN ? [] : [{ label: "Token", value: { address: token.address } }]),
      { label: "To", value: { address: summary.to } },
      forAccount,
    ];
  }
  if (summary.kind === "change") {
    const { texts } = changeRow(summary.change.kind);
    return [
      { label: "Change", value: texts.change(summary.change) },
      { label: "Value", value: texts.value(summary.change) },
      forAccount,
    ];
  }
  // This version starts neither calls nor migrations.
  if (summary.kind !== "replaceKey") return [forAccount];
  const role: LedgerField = { label: "Role", value: ROLE_TEXT[summary.role] };
  const [to, from] = [addressOfSigner(summary.to.signer), addressOfSigner(summary.from.signer)];
  // Keys without an address it shows by their ids, as the confirm window did.
  if (!to) return [];
  if (step === "accept" || step === "trial") {
    return [role, { label: "Signer", value: { address: to } }, forAccount];
  }
  if (!from) return [];
  return [
    role,
    { label: "NewSigner", value: { address: to } },
    { label: "OldSigner", value: { address: from } },
    forAccount,
  ];
}

/** What stands on the screen of the drawn Ledger in each state: two short lines. */
export const LEDGER_SCREEN: Record<LedgerState, readonly [string, string]> = {
  "plug-in": ["", ""],
  "no-access": ["Linux", "says no"],
  unlock: ["Enter PIN", "• • • •"],
  "open-app": ["Open", "Ethereum"],
  "update-app": ["Ethereum", "needs 1.22.0"],
  "enable-raw-messages": ["Raw messages", "Off → On"],
  "disable-blind-signing": ["Blind signing", "On → Off"],
  "unsupported-model": ["Model not", "supported"],
  "confirm-on-device": ["Review", "and confirm"],
  rejected: ["Rejected", ""],
  unreachable: ["No answer", ""],
  ready: ["Ethereum", "is ready"],
};

/** What to do on the Ledger in a state that takes several steps there, and why. */
export const LEDGER_GUIDE: Partial<
  Record<LedgerState, { readonly steps: readonly string[]; readonly why: string }>
> = {
  "enable-raw-messages": {
    steps: [
      "In the Ethereum app on your Ledger, open Settings.",
      'Switch on "Raw messages". Leave "Blind signing" off.',
      "Come back here and continue: Trivet tries again.",
    ],
    why: "With it your Ledger shows every field of what you sign. Trivet never asks it to sign a hash instead, which you could not check. That this setting is off, the Ledger tells only by refusing.",
  },
  "update-app": {
    steps: [
      "Open Ledger's own software on a computer, and plug in your Ledger.",
      'Under "My Ledger", update the Ethereum app to 1.22.0 or newer. Your keys stay where they are.',
      "Close that software, then open the Ethereum app on your Ledger.",
    ],
    why: "In older versions a message could get around the check that keeps you from signing what you do not see.",
  },
  "disable-blind-signing": {
    steps: ["In the Ethereum app on your Ledger, open Settings.", 'Switch off "Blind signing".'],
    why: "With it, your Ledger may show a hash where it should show what you sign.",
  },
};

/** How a Ledger is called among several; the first has the index 0. */
export const ledgerName = (model: string | undefined, index: number): string =>
  model ?? `Ledger ${index + 1}`;

/** One of the person's Ledgers, and what it is to the account. */
export interface WantedLedger {
  /** "holds your MFA key" */
  readonly purpose: string;
  readonly address: Address;
  readonly model?: string | undefined;
}

/** The Ledger that the current step of an operation is for; undefined where the step is none of a Ledger's. */
export function wantedLedger(
  operation: OperationView,
  keys: readonly AccountKey[],
): WantedLedger | undefined {
  const step = currentStep(operation);
  if (!step) return undefined;
  if (step.id === "cosign" && operation.wallet) {
    return { purpose: "the wallet that proves who you are", address: operation.wallet.address };
  }
  if (step.holder !== "ledger" || !step.role) return undefined;
  const { summary } = operation;
  if (summary.kind === "replaceKey" && (step.id === "accept" || step.id === "trial")) {
    return { purpose: `is to hold your ${ROLE_TEXT[step.role]}`, address: toAddress(summary.to.signer) };
  }
  const key = keys.find(({ role, holder }) => role === step.role && holder === "ledger");
  if (!key) return undefined;
  return {
    purpose: `holds your ${ROLE_TEXT[step.role]}`,
    address: toAddress(key.signer),
    model: holderDetail(key),
  };
}
