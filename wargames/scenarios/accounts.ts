/** The accounts that scenarios are played with, in the explorer's words. */
import type { AccountDescription } from "#core/security/explorer/account.ts";

/** As Trivet makes them: both keys with the network. */
export const LEVEL_0: AccountDescription = {};
export const LEVEL_1: AccountDescription = { methods: ["A"] };
export const LEVEL_2: AccountDescription = { methods: ["A", "S"] };
export const LEVEL_2_WALLET: AccountDescription = { methods: ["A", "W"] };

/** A Ledger as MFA key; recovery with the network. */
export const LEDGER: AccountDescription = { ...LEVEL_1, mfa: { holder: "ledger" } };

/** Two of three friends for recovery. */
export const FRIENDS = {
  recovery: { holder: "friends", names: ["Ann", "Ben", "Cem"], threshold: 2 },
} as const satisfies AccountDescription;

/** Nothing with the network. */
export const SELF_HELD: AccountDescription = {
  ...LEDGER,
  recovery: { holder: "ledger", name: "Second Ledger" },
};
