import type { Holder } from "#core/wallet-api/state.ts";

/** What a person can have of their own to hold a key. A Safe can be neither lost nor made anew: its owners change. */
export const OWN_HOLDERS = [
  { holder: "ledger", name: "Ledger", isThing: true },
  { holder: "passkey", name: "passkey", isThing: true },
  { holder: "safe", name: "Safe", isThing: false },
] as const satisfies { holder: Holder; name: string; isThing: boolean }[];
