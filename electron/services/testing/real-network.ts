import type { NetworkConfig } from "#core/config/network.ts";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { TestNetwork } from "#devnet/key-network/testing/network.ts";
import type { TestChain } from "#devnet/testing/devnet-chain.ts";
import { loadRelease } from "#lit-actions/releases.ts";
import { createKeyNetworkService } from "../../key-network/service.ts";
import type { KeyNetworkService } from "../key-network.ts";
import type { VaultClient } from "../vault.ts";

/** Four key nodes as processes, each with the released gate in its sandbox, and the app's client of them. */
export class RealNetwork {
  readonly #network: TestNetwork;
  readonly #gate: string;

  private constructor(network: TestNetwork, gate: string) {
    this.#network = network;
    this.#gate = gate;
  }

  /** @param authenticator its address, where the gates find its keys */
  static async start({ clients, contracts }: TestChain, authenticator: string): Promise<RealNetwork> {
    const [first] = GATE_RELEASES;
    const rpcUrl = clients.reader.transport.url;
    if (!first || rpcUrl === undefined) throw new Error("there is no gate, or no chain");
    const served = { rpcUrl, contracts, close: () => Promise.resolve() };
    const hosts = { [DEVNET_AUTHENTICATOR.host]: new URL(authenticator).host };
    const [network, gate] = await Promise.all([
      TestNetwork.start(hosts, () => Promise.resolve(served)),
      loadRelease(first),
    ]);
    return new RealNetwork(network, gate.code);
  }

  get nodes(): { index: number; url: string }[] {
    return this.#network.nodes.map(({ index, url }) => ({ index, url }));
  }

  /** The key-network process' service, over a vault that grants its sessions. */
  async serviceOf(config: NetworkConfig, vault: VaultClient): Promise<KeyNetworkService> {
    const service = createKeyNetworkService(
      async (grant) => (await vault.call("signNetworkSession", grant)).signature,
    );
    await service.start({ config, gates: [this.#gate] });
    return {
      createKey: async (device) => {
        const { publicKey, address } = await service.createKey({ device });
        return { publicKey, address: toAddress(address) };
      },
      signOperation: ({ publicKey, ...call }) =>
        service.signOperation({ ...call, publicKey: zPublicKey.parse(publicKey) }),
      signRecord: ({ publicKey, expected: _checkedByMain, ...call }) =>
        service.signRecord({ ...call, publicKey: zPublicKey.parse(publicKey) }),
    };
  }

  async stop(): Promise<void> {
    await this.#network.stop();
  }
}
