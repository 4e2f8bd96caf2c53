import type { Address } from "../primitives/address.ts";

/** What a rehearsal is about: one emergency address of one account, and a code that makes every rehearsal another. */
export interface Rehearsal {
  readonly account: Address;
  readonly address: Address;
  readonly chainId: number;
  /** 16 hex digits, chosen anew for every rehearsal. */
  readonly code: string;
}

/**
 * The text that the wallet at an emergency address signs (EIP-191, "personal message") to show that it works. A plain
 * text, because every wallet can sign one and shows it word for word; it begins with words, so that it can be no
 * transaction and no typed data, and no contract of ours takes it for anything.
 */
export const rehearsalMessage = ({ account, address, chainId, code }: Rehearsal): string =>
  [
    "Trivet rehearsal",
    "",
    "With this signature I show that this wallet could withdraw in an emergency. It moves nothing and allows nothing.",
    "",
    `Emergency address: ${address}`,
    `Account: ${account}`,
    `Chain: ${chainId}`,
    `Code: ${code}`,
  ].join("\n");
