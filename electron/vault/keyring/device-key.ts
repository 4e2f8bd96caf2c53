import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex, hexToBytes, publicKeyToAddress } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";

/** The device key while the wallet is unlocked. Its bytes exist in this object only and are wiped by `wipe`. */
export class DeviceKey {
  readonly address: Address;
  #privateKey: Uint8Array | undefined;

  private constructor(privateKey: Uint8Array) {
    this.#privateKey = privateKey;
    this.address = toAddress(publicKeyToAddress(bytesToHex(secp256k1.getPublicKey(privateKey, false))));
  }

  /** A new random key. */
  static generate(): DeviceKey {
    return new DeviceKey(secp256k1.utils.randomSecretKey());
  }

  /** A key from its 32 bytes, which it takes over: the caller must not keep them. */
  static fromBytes(privateKey: Uint8Array): DeviceKey {
    return new DeviceKey(privateKey);
  }

  #bytes(): Uint8Array {
    if (!this.#privateKey) {
      throw new WalletError("locked", "The wallet is locked.", "Unlock it and try again.");
    }
    return this.#privateKey;
  }

  /** Lends the private key's bytes to `use`, e.g. to seal them; they must not be kept. */
  withBytes<T>(use: (privateKey: Uint8Array) => T): T {
    return use(this.#bytes());
  }

  /** Signs a digest that the vault computed: 65 bytes r, s, v (27 or 28), low s, RFC 6979 nonce. */
  sign(digest: Digest): Hex {
    const recovered = secp256k1.sign(hexToBytes(digest), this.#bytes(), {
      prehash: false,
      lowS: true,
      format: "recovered",
    });
    const signature = new Uint8Array(65);
    signature.set(recovered.subarray(1), 0);
    signature[64] = 27 + (recovered[0] ?? 0);
    return bytesToHex(signature);
  }

  /** Overwrites the key with zeros; every later use fails with "locked". */
  wipe(): void {
    this.#privateKey?.fill(0);
    this.#privateKey = undefined;
  }
}
