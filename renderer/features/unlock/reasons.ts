import type { WalletState } from "#core/wallet-api/state.ts";

type LockReason = Extract<WalletState, { phase: "locked" }>["reason"];

/** Why the wallet is locked, in one sentence. */
export const LOCK_REASON: Record<LockReason, string> = {
  start: "Trivet starts locked. Your device key is encrypted on this computer.",
  idle: "You were away for a while, so Trivet locked itself.",
  sleep: "The computer went to sleep, so Trivet locked itself.",
  request: "You locked Trivet.",
  "session-ended": "Your sign-in has ended, so Trivet locked itself.",
};
