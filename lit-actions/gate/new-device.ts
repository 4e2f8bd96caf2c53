import type { SignOperationRequest } from "#core/key-network/gate-request.ts";
import { keyId } from "#core/keys/key.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { isFreshTime } from "#core/security/gate-rules.ts";

/** A wallet whose signature the authenticator took at sign-in. */
export interface SessionWallet {
  readonly address: Address;
  /** Unix seconds. */
  readonly lastAuthenticatedAt: number;
}

/**
 * What a device key that does not count may ask for: that the recovery key adds this very key to the account's, or
 * unfreezes the account. Both wait for the account's delay, and an active device key can stop them.
 */
export function isRecoveryOfOneself({ role, operation, deviceKey }: SignOperationRequest): boolean {
  if (role !== "recovery") return false;
  if (operation.kind === "unfreeze") return true;
  return (
    operation.kind === "addKey" && operation.role === "device" && keyId(operation.key) === keyId(deviceKey)
  );
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
