import { WalletError } from "#core/errors/wallet-error.ts";
import type { Role } from "#core/keys/role.ts";
import { type Allowance, allowanceOperation } from "#core/operations/allowance.ts";
import { sameAddress } from "#core/primitives/address.ts";
import type { Intent } from "./intent.ts";

/** Lets a contract take so much of a token out of the account, or nothing more. */
export const allow =
  (wish: Allowance, signedBy?: readonly Role[]): Intent =>
  async ({ account, reader }) => {
    const { spender, amount } = wish;
    // What was given can be taken back from whatever it is.
    if (amount > 0n && (sameAddress(spender, account) || !(await reader.isContract(spender)))) {
      throw new WalletError(
        "allowance-no-contract",
        "There is no contract at this address that could take tokens as its code says.",
        "Look at the address again. Whoever has its key could take the tokens at will.",
      );
    }
    return { operation: allowanceOperation(wish), signedBy };
  };
