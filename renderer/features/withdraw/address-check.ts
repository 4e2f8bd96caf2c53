import { type Address, parseAddress, sameAddress } from "#core/primitives/address.ts";
import type { Token } from "#core/wallet-api/state.ts";
import { ADDRESS_PROBLEM } from "../../words/problems.ts";

/** What can be said about a recipient while it is being typed. */
export type AddressCheck =
  | { readonly kind: "empty" }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "ok"; readonly address: Address; readonly checksummed: boolean };

/**
 * Checks a recipient as far as it can be without the chain: form, checksum, and the addresses that nobody means.
 * @param own the account's own address
 * @param tokens the known tokens: what is sent to a token's contract is lost
 */
export function checkRecipient(text: string, own: Address, tokens: readonly Token[]): AddressCheck {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  const parsed = parseAddress(trimmed);
  if ("problem" in parsed) return { kind: "wrong", message: ADDRESS_PROBLEM[parsed.problem] };
  const { address } = parsed;
  if (sameAddress(address, own)) {
    return { kind: "wrong", message: "This is your own account's address. Nothing would move." };
  }
  const token = tokens.find((each) => sameAddress(each.address, address));
  if (token) {
    return {
      kind: "wrong",
      message: `This is the contract of ${token.name}. What is sent to it is lost. Ask the recipient for their own address.`,
    };
  }
  return { kind: "ok", address, checksummed: trimmed === address };
}
