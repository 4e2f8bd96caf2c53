import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Token } from "#core/wallet-api/state.ts";

/**
 * Why nobody means to withdraw to an address, as far as it can be said without the chain.
 * @param own the account's own address
 * @param tokens the known tokens: what is sent to a token's contract is lost
 * @returns undefined when nothing is wrong with it
 */
export function recipientProblem(
  address: Address,
  own: Address,
  tokens: readonly Token[],
): string | undefined {
  if (sameAddress(address, own)) return "This is your own account's address. Nothing would move.";
  const token = tokens.find((each) => sameAddress(each.address, address));
  return token
    ? `This is the contract of ${token.name}. What is sent to it is lost. Ask the recipient for their own address.`
    : undefined;
}
