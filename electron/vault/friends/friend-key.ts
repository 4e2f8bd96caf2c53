import { hkdfSync } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex } from "viem/utils";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { DeviceKey } from "../keyring/device-key.ts";

/** Whose friend the key is: an account on a chain. */
export interface FriendOf {
  readonly chainId: number;
  readonly account: Address;
}

/** A friend's key as others know it. */
export interface FriendIdentity {
  readonly signer: Address;
  readonly salt: Hex;
}

const derive = (device: DeviceKey, purpose: string, { chainId, account }: FriendOf, length: number) =>
  device.withBytes(
    (secret) =>
      new Uint8Array(
        hkdfSync(
          "sha256",
          secret,
          new Uint8Array(),
          `trivet friend ${purpose} v1|${chainId}|${account.toLowerCase()}`,
          length,
        ),
      ),
  );

/** As FIPS 186-5 A.2.1 and noble ask for: 48 bytes reduced to a scalar leave no bias that counts. */
const SEED_BYTES = 48;

/**
 * Lends the key with which this person signs as a friend of an account. It follows from the device key (HKDF-SHA256),
 * so that there is no second secret to keep, and is another one for each account, so that nobody sees that one person
 * stands by two.
 */
export async function withFriendKey<T>(
  device: DeviceKey,
  friendOf: FriendOf,
  use: (key: DeviceKey) => T | Promise<T>,
): Promise<T> {
  const seed = derive(device, "key", friendOf, SEED_BYTES);
  const key = DeviceKey.fromBytes(secp256k1.utils.randomSecretKey(seed));
  seed.fill(0);
  try {
    return await use(key);
  } finally {
    key.wipe();
  }
}

/**
 * What others know of that key.
 * @param hidden whether the account knows it with the salt that hides it, which follows from the device key as well
 */
export const friendIdentity = (
  device: DeviceKey,
  friendOf: FriendOf,
  hidden: boolean,
): Promise<FriendIdentity> =>
  withFriendKey(device, friendOf, ({ address }) => ({
    signer: address,
    salt: hidden ? bytesToHex(derive(device, "salt", friendOf, 32)) : NO_SALT,
  }));

/** Whether a key is this person's for that account, hidden or not; undefined where it is not. */
export async function ownFriendKey(
  device: DeviceKey,
  friendOf: FriendOf,
  keys: readonly FriendIdentity[],
): Promise<FriendIdentity | undefined> {
  for (const hidden of [true, false]) {
    const own = await friendIdentity(device, friendOf, hidden);
    if (keys.some(({ signer, salt }) => sameAddress(signer, own.signer) && salt === own.salt)) return own;
  }
  return undefined;
}
