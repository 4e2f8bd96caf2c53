import { WalletError } from "#core/errors/wallet-error.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { checkAddress } from "./addresses.ts";
import type { Standing } from "./intent.ts";

/** Whether an address can become an emergency address, or stop being one. */
export function checkEmergencyAddress(
  { recipient, enabled }: Extract<ChangeWish, { kind: "setEmergencyAddress" }>,
  standing: Standing,
): void {
  const isOne = standing.contract.emergencyAddresses.some((address) => sameAddress(address, recipient));
  if (enabled === isOne) {
    throw enabled
      ? new WalletError(
          "emergency-address-known",
          "This is an emergency address of the account already.",
          "Rehearse it to see that it works, or enter another one.",
        )
      : new WalletError(
          "emergency-address-unknown",
          "This is no emergency address of the account.",
          "See the list of emergency addresses on the keys screen.",
        );
  }
  if (enabled) checkAddress(recipient, "an emergency address", standing);
}
