import { noContacts } from "./contact-samples.ts";
import type { Handlers } from "./page-wallet.ts";
import { appInfo, unlockedState } from "./samples.ts";

/** What main answers of an open account that holds nothing, did nothing and knows nobody: a test adds what is its own. */
export const ofOpenAccount = {
  "wallet.state": () => unlockedState(),
  "app.info": () => appInfo,
  "settings.get": () => ({ theme: "system", lockAfterMinutes: 10 }),
  "account.balances": () => [],
  "account.activity": () => [],
  "operations.list": () => [],
  ...noContacts,
} as const satisfies Handlers;
