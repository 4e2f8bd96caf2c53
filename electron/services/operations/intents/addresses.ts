import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { Standing } from "./intent.ts";

/**
 * Refuses an address that cannot be what it is meant for: nobody's, the account's own, a token's contract, or one of
 * the account's signers.
 * @param purpose what it is meant for, as in "an emergency address"
 */
export function checkAddress(address: Address, purpose: string, { account, keys, reader }: Standing): void {
  const problem = (code: string, message: string, whatToDo: string) =>
    new WalletError(code, message, whatToDo);
  if (sameAddress(address, NATIVE_TOKEN)) {
    throw problem("address-zero", `The zero address is nobody's: it cannot be ${purpose}.`, "Enter another.");
  }
  if (sameAddress(address, account)) {
    throw problem(
      "address-own",
      `This is your own account's address: it cannot be ${purpose} of itself.`,
      "Enter the address of another wallet of yours.",
    );
  }
  if (reader.tokens.some((token) => sameAddress(token.address, address))) {
    throw problem(
      "address-token",
      `This is the address of a token's contract: it cannot be ${purpose}.`,
      "Enter the address of another wallet of yours.",
    );
  }
  if (
    Object.values(keys)
      .flat()
      .some(({ key }) => sameAddress(key.signer, address))
  ) {
    throw problem(
      "address-key",
      `One of this account's own keys signs with this address. As ${purpose} it would fail together with that key.`,
      "Enter the address of a wallet that has nothing to do with this account's keys.",
    );
  }
}
