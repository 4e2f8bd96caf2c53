import { ROLE_TEXT } from "#core/keys/role.ts";
import type { LedgerState } from "#core/ledger/states.ts";
import { changeRow } from "#core/operations/changes.ts";
import { readableAmount } from "#core/operations/readable.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import type { OperationStepId, OperationSummary } from "#core/wallet-api/operation-view.ts";

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
  return step === "accept" || step === "trial"
    ? [role, { label: "Signer", value: { address: summary.to.signer } }, forAccount]
    : [
        role,
        { label: "NewSigner", value: { address: summary.to.signer } },
        { label: "OldSigner", value: { address: summary.from.signer } },
        forAccount,
      ];
}

/** What stands on the screen of the drawn Ledger in each state: two short lines. */
export const LEDGER_SCREEN: Record<LedgerState, readonly [string, string]> = {
  "plug-in": ["", ""],
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
