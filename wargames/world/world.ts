import path from "node:path";
import { World } from "#contracts/testing/world.ts";
import { zGateResponse } from "#core/key-network/gate-request.ts";
import type { Address } from "#core/primitives/address.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { Sandbox } from "#devnet/key-network/sandbox/sandbox.ts";
import { newRequestId } from "#devnet/key-network/testing/lit-client.ts";
import { TestNetwork } from "#devnet/key-network/testing/network.ts";
import { buildGate, type Gate } from "#lit-actions/build.ts";
import { WargameAuthenticator } from "./authenticator.ts";
import { serveChain } from "./rewindable-chain.ts";

/** A state of chain and authenticator that everything can go back to, once. */
export interface Moment {
  readonly chain: `0x${string}`;
  readonly authenticator: string;
}

/**
 * The complete system: the contracts on a chain of this process whose clock can be moved and which can be taken back,
 * four key nodes as processes of their own, each running the bundled gate in its sandbox, and the devnet's
 * authenticator.
 */
export class WargameWorld {
  readonly contracts: World;
  readonly network: TestNetwork;
  readonly authenticator: WargameAuthenticator;
  readonly gate: Gate;
  readonly #sandbox: Sandbox;

  private constructor(
    contracts: World,
    network: TestNetwork,
    authenticator: WargameAuthenticator,
    gate: Gate,
    sandbox: Sandbox,
  ) {
    this.contracts = contracts;
    this.network = network;
    this.authenticator = authenticator;
    this.gate = gate;
    this.#sandbox = sandbox;
  }

  static async start(): Promise<WargameWorld> {
    const [contracts, authenticator, gate] = await Promise.all([
      World.start(),
      WargameAuthenticator.start(),
      buildGate(),
    ]);
    const hosts = { [DEVNET_AUTHENTICATOR.host]: authenticator.host };
    const network = await TestNetwork.start(hosts, () => serveChain(contracts));
    await network.publish(gate.code);
    const sandbox = new Sandbox({
      place: {
        cacheDir: path.join(network.folder, "sandbox-cache"),
        workDir: network.folder,
        reachable: [new URL(network.rpcUrl).host, authenticator.host],
        heapMegabytes: 64,
        processorSeconds: 20,
      },
      rpcUrl: network.rpcUrl,
      hosts,
    });
    return new WargameWorld(contracts, network, authenticator, gate, sandbox);
  }

  async stop(): Promise<void> {
    this.#sandbox.close();
    await this.network.stop();
    await this.authenticator.dispose();
    await this.contracts.stop();
  }

  /** Why the gate refuses a request, run as a key node runs it; undefined when it does not. */
  async refusalOfGate(request: Record<string, unknown>, device: Address): Promise<string | undefined> {
    const { code, cid } = this.gate;
    const auth = { authSigAddress: device, actionIpfsIds: [cid], keyCreator: null } as const;
    const params = { requestId: newRequestId(), ...request };
    const { response, signature } = await this.#sandbox.run({ code, params, auth });
    const answer = zGateResponse.parse(JSON.parse(response));
    return answer.ok && signature ? undefined : answer.ok ? "no-signature" : answer.reason;
  }

  /** The time of the latest block, Unix seconds. */
  async time(): Promise<number> {
    return Number((await this.contracts.chain.publicClient.getBlock()).timestamp);
  }

  /** Moves the chain's clock forward to a time, if that is not over yet. */
  async waitUntil(time: number): Promise<void> {
    if (time <= (await this.time())) return;
    const { testClient } = this.contracts.chain;
    await testClient.setNextBlockTimestamp({ timestamp: BigInt(time) });
    await testClient.mine({ blocks: 1 });
  }

  async keep(): Promise<Moment> {
    const chain = await this.contracts.chain.testClient.snapshot();
    return { chain, authenticator: await this.authenticator.keep() };
  }

  async takeBack({ chain, authenticator }: Moment): Promise<void> {
    await this.contracts.chain.testClient.revert({ id: chain });
    await this.authenticator.takeBack(authenticator);
  }
}
