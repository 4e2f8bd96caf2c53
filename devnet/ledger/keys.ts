import { secp256k1 } from "@noble/curves/secp256k1.js";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { getAddress, type Hex, keccak256 } from "viem";
import { StatusError, StatusWord } from "./apdu.ts";

/** The seed every Ethereum developer knows: whoever sends real money to it gives it away. */
export const DEFAULT_SEED = "test test test test test test test test test test test junk";

const HARDENED = 0x8000_0000;
const ETHEREUM = [44 + HARDENED, 60 + HARDENED] as const;
const MULTISIG = 45 + HARDENED;

export interface Signature {
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  readonly yParity: 0 | 1;
}

/** One key of the device's tree. */
export interface DerivedKey {
  /** Checksummed. */
  readonly address: Hex;
  /** Uncompressed, 65 bytes. */
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  /** Deterministic (RFC 6979), low s. */
  sign(digest: Uint8Array): Signature;
}

/** The tree of keys (BIP-32) under the device's recovery phrase (BIP-39, no passphrase). */
export class Keys {
  readonly #root: HDKey;

  /** @throws RangeError when the phrase is not a valid BIP-39 phrase */
  constructor(phrase: string) {
    if (!validateMnemonic(phrase, wordlist)) {
      throw new RangeError("the seed is not a BIP-39 phrase of English words with a correct checksum");
    }
    this.#root = HDKey.fromMasterSeed(mnemonicToSeedSync(phrase));
  }

  /**
   * @param path BIP-32 indices, hardened ones with the high bit
   * @throws StatusError 6a15 outside 44'/60' and 45': an app can derive only what it declared
   */
  derive(path: readonly number[]): DerivedKey {
    const allowed = (path[0] === ETHEREUM[0] && path[1] === ETHEREUM[1]) || path[0] === MULTISIG;
    if (!allowed) throw new StatusError(StatusWord.pathNotAllowed, "only 44'/60' and 45' belong to the app");
    const node = path.reduce((parent, index) => parent.deriveChild(index), this.#root);
    const { privateKey, chainCode } = node;
    if (!privateKey || !chainCode) throw new Error("a derived node carries its private key and chain code");
    const publicKey = secp256k1.getPublicKey(privateKey, false);
    return {
      address: getAddress(`0x${keccak256(publicKey.subarray(1)).slice(-40)}`),
      publicKey,
      chainCode,
      sign: (digest) => {
        const bytes = secp256k1.sign(digest, privateKey, { prehash: false, format: "recovered" });
        return {
          yParity: bytes[0] === 1 ? 1 : 0,
          r: bytes.subarray(1, 33),
          s: bytes.subarray(33, 65),
        };
      },
    };
  }
}
