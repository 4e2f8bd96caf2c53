import { WalletError } from "#core/errors/wallet-error.ts";

/**
 * Whether a signature was not made because the person or their Ledger did not make it. Who chose their wallet to prove
 * who they are is asked again then: they may not have it at hand after all.
 */
export const didNotSign = (cause: unknown): boolean =>
  cause instanceof WalletError && (cause.code === "rejected" || cause.code.startsWith("ledger-"));
