import { z } from "zod";
import type { NetworkConfig } from "#core/config/network.ts";
import type { ChainClients } from "../chain/client.ts";
import { createFaucet } from "../faucet/faucet.ts";
import type { Governance } from "../governance/governance.ts";
import type { KeyNodes } from "../key-nodes.ts";
import type { Prices } from "../prices/prices.ts";
import { createRelay } from "../relay/relay.ts";
import type { Part, Parts } from "../supervisor/parts.ts";
import type { DevnetControls } from "./api.ts";
import { createPublisher } from "./publisher.ts";
import type { DevnetState, LedgerState, Message } from "./state.ts";
import { zLedgerState, zMessage } from "./state.ts";

/** A part that does not answer in this time is shown as not answering. */
const LOOK_LIMIT_MS = 2_000;

const zChainTime = z.object({ blockNumber: z.number(), timestamp: z.number(), offset: z.number() });

/** The running parts that the control API looks at and acts on. */
export interface ControlledWorld {
  network: NetworkConfig;
  clients: ChainClients;
  parts: Parts;
  nodes: KeyNodes;
  chain: Part;
  authenticator: Part;
  ledger: Part;
  prices: Prices;
  governance: Governance;
  log: (part: string, line: string) => void;
}

/** Joins the parts to what the devnet's page and the tests see and press. */
export function createControls(world: ControlledWorld): DevnetControls {
  const { network, clients, nodes, chain, authenticator, ledger, prices } = world;
  let wallet: DevnetState["wallet"] = null;

  async function messages(box: "inbox" | "phone"): Promise<Message[]> {
    return z.array(zMessage).parse(await getJson(`${authenticator.url}/${box}`));
  }

  async function ledgerState(): Promise<LedgerState | null> {
    const state = await getJson(`${ledger.url}/trivet/state`).catch(() => null);
    return state === null ? null : zLedgerState.parse(state);
  }

  async function chainState(): Promise<DevnetState["chain"]> {
    const time = await chain.process.ask("time").catch(() => null);
    return time === null ? null : { id: network.chain.id, rpcUrl: chain.url, ...zChainTime.parse(time) };
  }

  async function state(): Promise<DevnetState> {
    const [chainNow, ledgerNow, inbox, phone] = await Promise.all([
      chainState(),
      ledgerState(),
      messages("inbox").catch(() => []),
      messages("phone").catch(() => []),
    ]);
    return {
      name: network.name,
      chain: chainNow,
      nodes: nodes.all.map(({ index, url, fault, process }) => ({ index, url, fault, state: process.state })),
      threshold: nodes.threshold,
      processes: world.parts.all.map(({ name, port, process }) => ({
        name,
        port,
        state: process.state,
        pid: process.pid ?? null,
      })),
      ledger: ledgerNow,
      inbox,
      phone,
      tokens: network.tokens.map(({ address, symbol, name }) => ({ address, symbol, name })),
      prices: prices.all(),
      gates: await world.governance.gates().catch(() => []),
      wallet,
    };
  }

  return {
    state,
    messages,
    startNode: async (index) => nodes.startOne(index),
    stopNode: async (index) => nodes.stopOne(index),
    setFault: async (index, fault) => nodes.setFault(index, fault),
    advance: async (seconds) => {
      const time = zChainTime.parse(await chain.process.ask("advance", { seconds }));
      // Real feeds would have answered many times meanwhile.
      await prices.refresh();
      return time;
    },
    faucet: createFaucet(clients, network.tokens),
    setPrice: prices.set,
    governance: world.governance,
    relay: createRelay(clients, network.contracts),
    ledgerUrl: ledger.url,
    setWallet: (running) => {
      wallet = running;
    },
    publisher: createPublisher(state, (error) =>
      world.log("devnet", `cannot look at itself: ${String(error)}`),
    ),
  };
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.json();
}
