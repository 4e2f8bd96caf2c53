import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DeployedContracts } from "#contracts/deploy.ts";
import type { LocalNetworkConfig } from "#core/config/network.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { loadReleases } from "#lit-actions/releases.ts";
import { createChainClients } from "./chain/client.ts";
import { CHAIN_ID } from "./chain/id.ts";
import { prepareContracts } from "./contracts.ts";
import { addControlApi, describeControlError } from "./control/api.ts";
import { createControls } from "./control/controls.ts";
import { createGovernance } from "./governance/governance.ts";
import { createLoopbackApp, listenOnLoopback } from "./http/loopback.ts";
import { KeyNodes } from "./key-nodes.ts";
import { removeNetworkFile, writeNetworkFile } from "./network-file.ts";
import type { DevnetOptions } from "./options.ts";
import { MAX_PRICE_AGE, type PricedAsset, pricedAssets, startPrices } from "./prices/prices.ts";
import { addPage } from "./page/serve-page.ts";
import type { Part } from "./supervisor/parts.ts";
import { Parts } from "./supervisor/parts.ts";
import type { Ports } from "./supervisor/ports.ts";
import { demandFreePorts, findFreeBase, portsFrom } from "./supervisor/ports.ts";
import { lockState } from "./supervisor/state-lock.ts";

/** Takes what the devnet says while it runs: the part that says it, and a line. */
export type Log = (part: string, line: string) => void;

/** A running devnet. */
export interface Devnet {
  network: LocalNetworkConfig;
  /** The folder that holds everything that survives. */
  state: string;
  /** Stops every part and gives the folder and the ports back. */
  stop(): Promise<void>;
}

/** What has to be undone at the end, the last first. */
type CleanUps = (() => Promise<void> | void)[];

/**
 * Starts the whole world on this computer and resolves when all of it is up. When something does not start,
 * what had started is stopped again.
 *
 * @throws {StateInUseError | PortTakenError | ContractsChangedError | ProcessFailedError}
 */
export async function startDevnet(options: DevnetOptions, log: Log): Promise<Devnet> {
  const cleanUps: CleanUps = [];
  const stop = async () => {
    for (let undo = cleanUps.pop(); undo !== undefined; undo = cleanUps.pop()) await undo();
  };
  try {
    const state = await openState(options, cleanUps);
    const ports = portsFrom(options.portBase === 0 ? await findFreeBase() : options.portBase);
    await demandFreePorts(ports);
    const network = await raise(options, state, ports, log, cleanUps);
    return { network, state, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openState(options: DevnetOptions, cleanUps: CleanUps): Promise<string> {
  if (options.state === null) {
    const state = await mkdtemp(join(tmpdir(), "trivet-devnet-"));
    cleanUps.push(async () => rm(state, { recursive: true, force: true }));
    return state;
  }
  const state = resolve(options.state);
  await mkdir(state, { recursive: true, mode: 0o700 });
  cleanUps.push(lockState(state));
  // One that was killed could not take its description away.
  await removeNetworkFile(state);
  return state;
}

/** Starts the parts in the order in which they need each other. */
async function raise(
  options: DevnetOptions,
  state: string,
  ports: Ports,
  log: Log,
  cleanUps: CleanUps,
): Promise<LocalNetworkConfig> {
  const parts = new Parts(log);
  cleanUps.push(async () => parts.stop());
  const chain = parts.add({
    name: "chain",
    script: "chain/main.ts",
    args: ["--port", String(ports.chain), "--state", join(state, "chain")],
    port: ports.chain,
    health: "/health",
  });
  const authenticator = parts.add({
    name: "authenticator",
    script: "authenticator/main.ts",
    args: ["--port", String(ports.authenticator), "--state", join(state, "authenticator")],
    port: ports.authenticator,
    health: "/health",
  });
  const ledger = parts.add({
    name: "ledger",
    script: "ledger/main.ts",
    args: ledgerArguments(options, ports.ledger, join(state, "ledger")),
    port: ports.ledger,
    health: "/trivet/state",
  });
  await Promise.all([
    // Only gates that are what the manifest says are published.
    loadReleases(),
    ...[chain, authenticator, ledger].map(async (part) => part.process.start()),
  ]);

  const clients = createChainClients(chain.url);
  const contracts = await prepareContracts(clients, state);
  const governance = createGovernance(clients, contracts.gateRegistry);
  await governance.begin();
  const nodes = await KeyNodes.prepare({
    folder: join(state, "key-network"),
    ports: ports.nodes,
    parts,
    clients,
    contracts,
    chain,
    authenticator,
    log,
  });
  await nodes.start();

  const priced = pricedAssets(contracts);
  const prices = await startPrices(clients, priced);
  cleanUps.push(() => {
    prices.close();
  });

  const network = describeNetwork({
    ports,
    contracts,
    priced,
    nodes,
    chain,
    authenticator,
    ledger,
  });
  const controls = createControls({
    network,
    clients,
    parts,
    nodes,
    chain,
    authenticator,
    ledger,
    prices,
    governance,
    log,
  });
  cleanUps.push(() => controls.publisher.close());
  const app = createLoopbackApp(describeControlError);
  addControlApi(app, controls);
  await addPage(app);
  const server = await listenOnLoopback(app, ports.page);
  cleanUps.push(async () => server.close());

  cleanUps.push(async () => removeNetworkFile(state));
  await writeNetworkFile(state, network);
  return network;
}

function ledgerArguments({ ledgerSeed, ledgerModel }: DevnetOptions, port: number, state: string): string[] {
  return [
    ...["--port", String(port), "--state", state],
    ...(ledgerSeed === undefined ? [] : ["--seed", ledgerSeed]),
    ...(ledgerModel === undefined ? [] : ["--model", ledgerModel]),
  ];
}

interface World {
  ports: Ports;
  contracts: DeployedContracts;
  priced: PricedAsset[];
  nodes: KeyNodes;
  chain: Part;
  authenticator: Part;
  ledger: Part;
}

/** What a wallet has to know about this devnet. */
function describeNetwork(world: World): LocalNetworkConfig {
  const { contracts, nodes, chain, authenticator, ledger } = world;
  const feedOf = (token: Address) => {
    const asset = world.priced.find((one) => sameAddress(one.token, token));
    return asset && { address: asset.feed, maxAgeSeconds: MAX_PRICE_AGE };
  };
  const pageUrl = `http://127.0.0.1:${world.ports.page}`;
  return {
    name: "Trivet devnet",
    kind: "devnet",
    chain: {
      id: CHAIN_ID,
      name: "Trivet devnet",
      rpcUrls: [chain.url],
      nativeSymbol: "ETH",
      nativePriceFeed: feedOf(NATIVE_TOKEN),
    },
    contracts: {
      factory: contracts.factory,
      implementation: contracts.implementation,
      factorRegistry: contracts.factorRegistry,
      gateRegistry: contracts.gateRegistry,
      scriptVerifier: contracts.scriptVerifier,
      webAuthnVerifier: contracts.webAuthnVerifier,
    },
    tokens: [
      { address: contracts.tusd, symbol: "TUSD", decimals: 6, name: "Trivet Dollar" },
      { address: contracts.tgld, symbol: "TGLD", decimals: 18, name: "Trivet Gold" },
    ].map((token) => ({ ...token, priceFeed: feedOf(token.address) })),
    relayUrl: `${pageUrl}/relay`,
    keyNetwork: {
      adapter: "local",
      rpcUrl: chain.url,
      staking: contracts.staking,
      nodes: nodes.all.map(({ index, url }) => ({ index, url })),
    },
    authenticator: {
      baseUrl: authenticator.url,
      publicToken: DEVNET_AUTHENTICATOR.publicToken,
      projectId: DEVNET_AUTHENTICATOR.projectId,
      issuer: DEVNET_AUTHENTICATOR.issuer,
    },
    ledger: { transport: "speculos", url: ledger.url },
    devnetPageUrl: pageUrl,
  };
}
