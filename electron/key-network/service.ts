import { usageKeyMissing } from "#core/key-network/errors.ts";
import type { SessionGrant } from "#core/key-network/session-message.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Handlers } from "../processes/peer.ts";
import { accountReader } from "../services/chain/account-reader.ts";
import { createChainClient } from "../services/chain/client.ts";
import { readCanonicalGate } from "../services/gates/registry.ts";
import { ChipotleKeyNetwork } from "./chipotle/adapter.ts";
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
    async start({ config, gates, usageKey }) {
      const chain = createChainClient(config);
      const options = { config, gates: new ShippedGates(gates), recordOf: accountReader(chain).factorRecord };
      const { keyNetwork } = config;
      switch (keyNetwork.adapter) {
        case "local":
          network = new LocalKeyNetwork({ ...options, network: keyNetwork, signSession });
          break;
        case "chipotle":
          network = new ChipotleKeyNetwork({
            ...options,
            network: keyNetwork,
            usageKey: demandUsageKey(usageKey),
            canonicalGate: () => readCanonicalGate(chain),
          });
      }
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

function demandUsageKey(usageKey: string | undefined): string {
  if (!usageKey) throw usageKeyMissing("This computer has no usage key of Lit's service.");
  return usageKey;
}
