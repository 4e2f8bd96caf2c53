import { type Address, type AddressProblem, parseAddress } from "./address.ts";

/** `ethereum:0x…@1` as other wallets' QR codes have it (ERC-681), or the link that Trivet shows (`accountLink`). */
const URI = /^(?:ethereum:(?:pay-)?|trivet:account\/)(0x[0-9a-fA-F]{40})(?:@(\d{1,9}))?([/?].*)?$/;

/** An address that was typed, pasted or scanned, and what came along with it. */
export interface AddressUri {
  readonly address: Address;
  /** The chain, where the text names one. */
  readonly chainId?: number;
  /** It asks for a call of that address, which is then a contract's and nobody's to pay to. */
  readonly isCall: boolean;
}

/** Reads an address from a text that is one, or from a link that names one. */
export function parseAddressUri(text: string): AddressUri | { readonly problem: AddressProblem } {
  const trimmed = text.trim();
  const [, linked, chain, rest] = URI.exec(trimmed) ?? [];
  const parsed = parseAddress(linked ?? trimmed);
  if ("problem" in parsed) return parsed;
  return {
    address: parsed.address,
    ...(chain !== undefined && { chainId: Number(chain) }),
    isCall: rest?.startsWith("/") ?? false,
  };
}
