import { utf8ToBytes } from "@noble/hashes/utils.js";
import { WalletError } from "#core/errors/wallet-error.ts";
import { gateCid } from "#core/key-network/gate-cid.ts";
import type { SessionGrant } from "#core/key-network/session-message.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Handlers } from "../processes/peer.ts";
import type { KeyNetwork } from "./key-network.ts";
import { LocalKeyNetwork } from "./local/adapter.ts";
import type { KEY_NETWORK_METHODS } from "./protocol.ts";

/**
 * What the key-network process answers to main: the protocol over the adapter that the configuration names.
 * @param signSession has the vault sign the session message that it builds itself from the grant
 */
export function createKeyNetworkService(
  signSession: (grant: SessionGrant) => Promise<Hex>,
): Handlers<typeof KEY_NETWORK_METHODS> {
  let network: KeyNetwork | undefined;
  const started = (): KeyNetwork => {
    if (!network) throw new Error("the key-network process was not started");
    return network;
  };

  return {
    async start({ config, gateCode }) {
      const cid = gateCid(utf8ToBytes(gateCode));
      if (cid !== config.gate.cid) {
        throw new WalletError(
          "gate-differs",
          "The gate that came with Trivet is not the one this network is configured for.",
          "Install the version of Trivet that belongs to this network.",
        );
      }
      network = new LocalKeyNetwork({ config, gate: { cid, code: gateCode }, signSession });
      return undefined;
    },
    createKey: async ({ device }) => started().createKey(device),
    signOperation: async (call) => started().signOperation(call),
    signRecord: async (call) => {
      const { record, ...signed } = await started().signRecord(call);
      return { ...signed, record: { ...record, factors: [...record.factors] } };
    },
    status: async () => started().status(),
    async forgetSession() {
      network?.forgetSession();
      return undefined;
    },
  };
}
