import { type AccountDescription, parseAccount, thingsOf } from "./account.ts";
import { modelOf } from "./model.ts";
import { explorerOf, waitsOf } from "./reach.ts";

/**
 * Whether somebody who has lost nothing of what is theirs still gets at the money, every delay allowed and nobody
 * vetoing: the question before every change of keys.
 * @param isTheirs whether a thing the account hangs on is theirs, by its name
 */
export function reachesMoney(description: AccountDescription, isTheirs: (thing: string) => boolean): boolean {
  const account = parseAccount(description);
  const explorer = explorerOf(modelOf(account));
  const holds = new Set(thingsOf(account).filter(isTheirs));
  return explorer.reach({ holds, waits: new Set(waitsOf(explorer.model)) }).has("money");
}
