import type { Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import type { Faucet } from "../faucet/faucet.ts";
import { FaucetError, zFaucetRequest } from "../faucet/faucet.ts";
import type { Governance } from "../governance/governance.ts";
import { GovernanceError } from "../governance/governance.ts";
import { NoSuchNode } from "../key-nodes.ts";
import type { Problem } from "../http/loopback.ts";
import { readJson } from "../http/loopback.ts";
import type { Prices } from "../prices/prices.ts";
import { PriceError, zPriceRequest } from "../prices/prices.ts";
import type { Relay } from "../relay/relay.ts";
import { RelayError, zRelayCall } from "../relay/relay.ts";
import type { Publisher } from "./publisher.ts";
import type { DevnetState, Fault, Message } from "./state.ts";
import { zFault } from "./state.ts";

/** Longer than any year a person would want to skip; shorter than what timestamps can hold. */
const MAX_ADVANCE_SECONDS = 10 * 366 * 86_400;

/** The commands of the software Ledger that a page may pass on, and where each is. */
const LEDGER_COMMANDS = {
  settings: "/trivet/settings",
  lock: "/trivet/lock",
  unlock: "/trivet/unlock",
  app: "/trivet/app",
  unplug: "/trivet/unplug",
  plug: "/trivet/plug",
  model: "/trivet/model",
  press: "/trivet/press",
  approve: "/trivet/approve",
  reject: "/trivet/reject",
} as const;
const zButton = z.strictObject({
  name: z.enum(["left", "right", "both"]),
  action: z.enum(["press", "release", "press-and-release"]).default("press-and-release"),
});

/** What the control API can do; the devnet hands it in. */
export interface DevnetControls {
  state(): Promise<DevnetState>;
  messages(box: "inbox" | "phone"): Promise<Message[]>;
  /** Resolves when the node is up and listed as running, or down and listed no more. */
  startNode(index: number): Promise<void>;
  stopNode(index: number): Promise<void>;
  setFault(index: number, fault: Fault): Promise<void>;
  advance(seconds: number): Promise<{ blockNumber: number; timestamp: number; offset: number }>;
  faucet: Faucet;
  setPrice: Prices["set"];
  governance: Governance;
  relay: Relay;
  ledgerUrl: string;
  /** Remembers the running wallet's DevTools address, or that there is none. */
  setWallet(wallet: DevnetState["wallet"]): void;
  publisher: Publisher<DevnetState>;
}

/** Adds the relay (`/relay`) and what the devnet's page and tests press (`/api/…`) to a loopback app. */
export function addControlApi(app: Hono, controls: DevnetControls): void {
  const { publisher } = controls;

  app.get("/health", (context) => context.json({ ok: true }));
  app.get("/api/state", async (context) => context.json(await controls.state()));
  for (const box of ["inbox", "phone"] as const) {
    app.get(`/api/${box}`, async (context) => context.json(await controls.messages(box)));
  }

  app.get("/api/events", (context) =>
    streamSSE(context, async (stream) => {
      const aborted = new Promise<void>((resolve) => stream.onAbort(resolve));
      const stop = publisher.watch((state) => void stream.writeSSE({ data: JSON.stringify(state) }));
      await aborted;
      stop();
    }),
  );

  /** A POST that does something, after which watchers see the new state. */
  function command<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    act: (input: z.output<Schema>, context: Context) => Promise<unknown>,
  ): void {
    app.post(path, async (context) => {
      const result = await act(schema.parse(await readJson(context)), context);
      publisher.refresh();
      return context.json(result ?? { ok: true });
    });
  }

  const zNothing = z.strictObject({});
  command("/api/nodes/:index/stop", zNothing, async (_, context) => controls.stopNode(indexOf(context)));
  command("/api/nodes/:index/start", zNothing, async (_, context) => controls.startNode(indexOf(context)));
  command("/api/nodes/:index/fault", z.strictObject({ fault: zFault }), async ({ fault }, context) =>
    controls.setFault(indexOf(context), fault),
  );
  command(
    "/api/chain/advance",
    z.strictObject({ seconds: z.number().int().min(1).max(MAX_ADVANCE_SECONDS) }),
    async ({ seconds }) => controls.advance(seconds),
  );
  command("/api/faucet", zFaucetRequest, async (request) => ({
    transactionHash: await controls.faucet(request),
  }));
  command("/api/gates/publish", zNothing, async () => controls.governance.publishNext());
  command("/api/gates/roll-back", zNothing, async () => controls.governance.rollBack());
  command("/api/price", zPriceRequest, async (request) => controls.setPrice(request));
  command("/api/wallet", z.strictObject({ devToolsUrl: z.url().nullable() }), async ({ devToolsUrl }) =>
    controls.setWallet(devToolsUrl === null ? null : { devToolsUrl }),
  );
  command("/api/ledger/button", zButton, async ({ name, action }) =>
    askLedger(`${controls.ledgerUrl}/button/${name}`, { action }),
  );
  for (const [name, path] of Object.entries(LEDGER_COMMANDS)) {
    command(`/api/ledger/${name}`, z.record(z.string(), z.json()), async (body) =>
      askLedger(`${controls.ledgerUrl}${path}`, body),
    );
  }

  app.post("/relay", async (context) => {
    const call = zRelayCall.parse(await readJson(context));
    return context.json({ transactionHash: await controls.relay.submit(call) });
  });
}

function indexOf(context: Context): number {
  return z.coerce.number().int().parse(context.req.param("index"));
}

/** The software Ledger does not do what it was asked. */
class LedgerRefusal extends Error {
  override readonly name = "LedgerRefusal";
}

async function askLedger(url: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new LedgerRefusal("The software Ledger does not answer. Is it plugged in?", { cause });
  }
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const refusal = z.object({ error: z.string() }).safeParse(answer);
  throw new LedgerRefusal(
    refusal.success ? refusal.data.error : `The software Ledger answered ${response.status}.`,
  );
}

/** What the control API's own errors mean to a client. */
export function describeControlError(error: Error): Problem | undefined {
  const { message } = error;
  if (error instanceof RelayError) {
    const { code, revertData } = error;
    return { status: 422, code, message, ...(revertData === undefined ? {} : { details: { revertData } }) };
  }
  if (error instanceof FaucetError) return { status: 422, code: "faucet-refused", message };
  if (error instanceof GovernanceError) return { status: 409, code: "governance-refused", message };
  if (error instanceof PriceError) return { status: 422, code: "price-refused", message };
  if (error instanceof LedgerRefusal) return { status: 409, code: "ledger-refused", message };
  if (error instanceof NoSuchNode) return { status: 404, code: "no-such-node", message };
  return undefined;
}
