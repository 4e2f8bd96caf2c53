import type { SessionGrant } from "#core/key-network/session-message.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Handlers } from "../processes/peer.ts";
import { accountReader } from "../services/chain/account-reader.ts";
import { createChainClient } from "../services/chain/client.ts";
import { ShippedGates } from "./gates.ts";
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
    async start({ config, gates }) {
      const { factorRecord } = accountReader(createChainClient(config));
      network = new LocalKeyNetwork({
        config,
        gates: new ShippedGates(gates),
        recordOf: factorRecord,
        signSession,
      });
      return Promise.resolve(undefined);
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
      return Promise.resolve(undefined);
    },
  };
}
