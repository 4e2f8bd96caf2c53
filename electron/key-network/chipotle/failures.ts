import { WalletError } from "#core/errors/wallet-error.ts";
import {
  networkFailed,
  networkNotPermitted,
  networkUnpaid,
  networkUnreachable,
  usageKeyRefused,
} from "#core/key-network/errors.ts";
import { ServiceFailure } from "./client.ts";

/** Says in words for people what went wrong at the service. Its own words are for the log. */
export function explainFailure(cause: unknown): unknown {
  if (cause instanceof WalletError || !(cause instanceof ServiceFailure)) return cause;
  switch (cause.status) {
    case undefined:
      return networkUnreachable([], cause);
    case 401:
      return usageKeyRefused(cause);
    case 402:
      return networkUnpaid(cause);
    case 403:
      return networkNotPermitted(cause);
    case 429:
    case 503:
      return networkFailed("Lit's service has too much to do at the moment.", cause);
    default:
      return networkFailed("Lit's service answered with an error.", cause);
  }
}
