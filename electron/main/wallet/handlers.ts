import type { z } from "zod";
import type { WALLET_METHODS, WalletMethod } from "#core/wallet-api/methods.ts";

/** The function behind a method of the wallet API: parsed input in, output that the contract's schema accepts. */
export type WalletHandler<M extends WalletMethod> = (
  input: z.output<(typeof WALLET_METHODS)[M]["input"]>,
) => Promise<z.input<(typeof WALLET_METHODS)[M]["output"]>>;

/** One function per method; TypeScript names the method that has none. */
export type WalletHandlers = { [M in WalletMethod]: WalletHandler<M> };

/** The handlers of one group of methods, e.g. `HandlersOf<"withdraw">`. */
export type HandlersOf<Group extends string> = Pick<
  WalletHandlers,
  Extract<WalletMethod, `${Group}.${string}`>
>;
