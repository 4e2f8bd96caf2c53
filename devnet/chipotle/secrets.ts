import { randomBytes } from "node:crypto";
import { bytesToHex, concat, keccak256, stringToHex } from "viem/utils";
import type { Hex } from "#core/primitives/hex.ts";

/** The enclave's root secret, from which every key in it follows. */
export class Secrets {
  readonly #root: Hex = bytesToHex(randomBytes(32));

  /** The private key of a program, by its CID: the same wherever and for whomever it runs. */
  ofProgram(cid: string): Hex {
    return keccak256(concat([this.#root, stringToHex(`program/${cid}`)]));
  }

  /** The private key of a wallet, by the number under which it was made. */
  ofWallet(number: number): Hex {
    return keccak256(concat([this.#root, stringToHex(`wallet/${number}`)]));
  }
}
