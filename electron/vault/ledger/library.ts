import type { TypedData } from "#core/operations/typed-data.ts";
import type { Transport } from "./packages.ts";

/** The open Ethereum app of one Ledger by way of one of Ledger's libraries, for the length of one request. */
export interface EthereumApp {
  /** @param show has the app show the address and waits for the person's decision */
  readonly address: (path: string, show: boolean) => Promise<string>;
  /** Sends a message field by field and has it signed; r and s without "0x", v 27 or 28. */
  readonly signTypedData: (
    path: string,
    typedData: TypedData,
  ) => Promise<{ r: string; s: string; v: number }>;
  /** Ends what the library began on the connection, but not the connection. */
  readonly end: () => Promise<void>;
}

/**
 * One of Ledger's libraries. Its errors may be anything that `ledgerFailure` understands; what it sends is up to it,
 * because nothing that is not on the guard's list leaves the vault.
 */
export type LedgerLibrary = (transport: Transport) => Promise<EthereumApp>;

/**
 * The values of a message as the libraries take them: integers as decimal text.
 * @throws TypeError when a message holds a list: no readable form does
 */
export function plainMessage({ message }: TypedData): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      if (typeof value === "object") throw new TypeError("a Ledger shows messages without lists only");
      return [name, value.toString()];
    }),
  );
}
