import { utf8ToBytes } from "@noble/hashes/utils.js";
import { WalletError } from "#core/errors/wallet-error.ts";
import { gateUnknown } from "#core/key-network/errors.ts";
import { type GateCid, gateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import { isShippedGate } from "#core/key-network/gate-releases.ts";
import type { GateDigest } from "#core/primitives/hex.ts";

/** A gate as it is sent to a key network. */
export interface RunnableGate {
  readonly cid: GateCid;
  readonly code: string;
}

/** The gates that came with Trivet; no other is ever sent to a key network. */
export class ShippedGates {
  readonly #gates = new Map<GateDigest, RunnableGate>();

  /**
   * @param scripts what the app found beside its bundles
   * @throws WalletError gate-differs when one of them is not a gate that this version ships
   */
  constructor(scripts: readonly string[]) {
    for (const code of scripts) {
      const cid = gateCid(utf8ToBytes(code));
      if (!isShippedGate(cid)) throw gateDiffers(cid);
      this.#gates.set(gateDigest(cid), { cid, code });
    }
  }

  /**
   * The gate that a registry names.
   * @throws WalletError gate-unknown when it did not come with Trivet
   */
  find(gate: GateDigest): RunnableGate {
    const found = this.#gates.get(gate);
    if (!found) throw gateUnknown(gate);
    return found;
  }

  /** One of them, for what no gate decides. */
  any(): RunnableGate {
    const [gate] = this.#gates.values();
    if (!gate) throw new Error("no gate came with Trivet");
    return gate;
  }
}

const gateDiffers = (cid: GateCid) =>
  new WalletError(
    "gate-differs",
    `A gate that lies beside Trivet is none that this version was released with: ${cid}.`,
    "Install Trivet again. Nothing was signed.",
  );
