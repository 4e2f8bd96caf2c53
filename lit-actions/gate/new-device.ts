import type { SignOperationRequest } from "#core/key-network/gate-request.ts";
import { keyId } from "#core/keys/key.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { isFreshTime } from "#core/security/gate-rules.ts";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";

/** A wallet whose signature the authenticator took at sign-in. */
export interface SessionWallet {
  readonly address: Address;
  /** Unix seconds. */
  readonly lastAuthenticatedAt: number;
}

/**
 * Whether somebody without an active device key may ask for this, by the rules (`withoutDevice`): that the recovery key
 * unfreezes the account, or adds a device key, which must be the asking one. Both wait for the account's delay, and an
 * active device key can stop them.
 */
export function isRecoveryOfOneself({ role, operation, deviceKey }: SignOperationRequest): boolean {
  const allowed = DEFAULT_PROFILE.withoutDevice[role];
  switch (operation.kind) {
    case "unfreeze":
      return allowed.includes("unfreeze");
    case "addKey":
      return (
        allowed.includes("addDeviceKey") &&
        operation.role === "device" &&
        keyId(operation.key) === keyId(deviceKey)
      );
    default:
      return false;
  }
}

/**
 * Whether the session itself names the device key: the person signed in with it. Without that, whoever sees a session
 * JWT, a node for example, could bind it to a device key of their own and begin a recovery.
 */
export function namesDevice(wallets: readonly SessionWallet[], device: Address, now: number): boolean {
  return wallets.some(
    (wallet) =>
      sameAddress(wallet.address, device) &&
      isFreshTime(wallet.lastAuthenticatedAt, now, "sign-with-recovery-key"),
  );
}
