import { type ExitKit, readExitKit } from "../exit-kit/exit-kit.ts";
import type { Address, AddressProblem } from "../primitives/address.ts";
import { parseAddressUri } from "../primitives/address-uri.ts";

/** An exit kit is the longest text that says which account: its page is 600 kB. In characters. */
export const MAX_ACCOUNT_TEXT = 4_000_000;

/** Which account a person means, and what came along with that. */
export interface MeantAccount {
  readonly account: Address;
  /** The chain, where the text names one. */
  readonly chainId?: number;
  /** The account's exit kit, where that was given. */
  readonly kit?: ExitKit;
}

/** Why a text does not say which account; `kit-damaged`: it is an exit kit, but its data is not whole. */
export type AccountTextProblem = AddressProblem | "kit-damaged";

/** An account as a link, for a QR code: address and chain. */
export const accountLink = (account: Address, chainId: number): string =>
  `trivet:account/${account}@${chainId}`;

/** Reads which account is meant from what a person typed, pasted, scanned or opened. */
export function parseAccountText(text: string): MeantAccount | { readonly problem: AccountTextProblem } {
  const trimmed = text.trim();
  if (trimmed.length > MAX_ACCOUNT_TEXT) return { problem: "not-an-address" };
  const kit = readExitKit(trimmed);
  if (kit === "damaged") return { problem: "kit-damaged" };
  if (kit) return { account: kit.account, chainId: kit.chain.id, kit };
  const parsed = parseAddressUri(trimmed);
  if ("problem" in parsed) return parsed;
  const { address, chainId } = parsed;
  return { account: address, ...(chainId !== undefined && { chainId }) };
}
