import { z } from "zod";

/** Where a Ledger stands, in the steps a person takes with it. */
export const LEDGER_STATES = [
  "plug-in",
  "no-access",
  "unlock",
  "open-app",
  "update-app",
  "enable-raw-messages",
  "disable-blind-signing",
  "unsupported-model",
  "confirm-on-device",
  "rejected",
  "unreachable",
  "ready",
] as const;
export const zLedgerState = z.enum(LEDGER_STATES);
export type LedgerState = z.output<typeof zLedgerState>;

/** One sentence per state: what is so, and what to do. */
export const LEDGER_TEXT: Record<LedgerState, string> = {
  "plug-in": "Plug in your Ledger.",
  "no-access":
    "Linux does not let programs use this Ledger yet. Install Ledger's udev rules once, as described here.",
  unlock: "Unlock your Ledger with its PIN.",
  "open-app": "Open the Ethereum app on your Ledger.",
  "update-app": "Update the Ethereum app to 1.22.0 or newer: older ones have a known weakness.",
  "enable-raw-messages":
    'Switch on "Raw messages" in the Ethereum app\'s settings, so that your Ledger can show you every field. Leave Blind signing off.',
  "disable-blind-signing":
    'Switch off "Blind signing" in the Ethereum app\'s settings: with it, a Ledger without a touch screen may show a hash instead of what you sign. "Raw messages" is enough.',
  "unsupported-model":
    "This Ledger model is no longer supported by its Ethereum app. A newer model is needed.",
  "confirm-on-device": "Compare what your Ledger shows with this screen, then confirm on the Ledger.",
  rejected: "You rejected this on your Ledger. Nothing was signed.",
  unreachable:
    "Reject whatever your Ledger still shows. If that does not help, close other programs that use it, unplug it and plug it in again.",
  ready: "Your Ledger is ready.",
};
