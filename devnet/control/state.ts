import { z } from "zod";
import type { GateState } from "../governance/governance.ts";

/** How a switch on the page can make a node misbehave. */
export const FAULTS = ["none", "wrong-share", "no-gate"] as const;
export const zFault = z.enum(FAULTS);
export type Fault = z.output<typeof zFault>;

/** A mail or an SMS that the authenticator sent, as its inbox and its phone give it. */
export const zMessage = z.object({
  to: z.string(),
  /** Six digits, or in a mail that resets a password its token. */
  code: z.string(),
  /** Leads into the app with the token. */
  link: z.string().optional(),
  sentAt: z.string(),
  expiresAt: z.string(),
  purpose: z.string(),
});
export type Message = z.output<typeof zMessage>;

/** What the software Ledger says about itself: enough to draw it. */
export const zLedgerState = z.object({
  model: z.enum(["nanosp", "flex"]),
  modelName: z.string(),
  touch: z.boolean(),
  size: z.object({ width: z.number(), height: z.number() }),
  pluggedIn: z.boolean(),
  locked: z.boolean(),
  app: z.object({ name: z.string(), version: z.string() }).nullable(),
  settings: z.object({ rawMessages: z.boolean(), blindSigning: z.boolean() }),
  approval: z.enum(["ask", "always", "never"]),
  asking: z.boolean(),
  screen: z.object({
    kind: z.string(),
    page: z.number(),
    pages: z.number(),
    title: z.string(),
    lines: z.array(z.string()),
    fields: z.array(z.object({ label: z.string(), value: z.string() })),
    controls: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        gesture: z.enum(["left", "right", "both", "tap", "hold", "swipe-left", "swipe-right"]),
        area: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      }),
    ),
  }),
});
export type LedgerState = z.output<typeof zLedgerState>;

export const PROCESS_STATES = ["stopped", "starting", "running", "crashed", "failed"] as const;
type ProcessState = (typeof PROCESS_STATES)[number];

/** Everything the devnet's page shows (GET /api/state, and each event of /api/events). */
export interface DevnetState {
  name: string;
  chain: {
    id: number;
    rpcUrl: string;
    blockNumber: number;
    /** Unix seconds of the latest block. */
    timestamp: number;
    /** Seconds the chain's clock is ahead of this computer's. */
    offset: number;
  } | null;
  nodes: { index: number; url: string; state: ProcessState; fault: Fault }[];
  /** How many nodes have to agree. */
  threshold: number;
  processes: { name: string; port: number; state: ProcessState; pid: number | null }[];
  /** Null while the software Ledger does not answer. */
  ledger: LedgerState | null;
  /** Mails, newest first. */
  inbox: Message[];
  /** SMS, newest first. */
  phone: Message[];
  tokens: { address: string; symbol: string; name: string }[];
  /** What one unit costs in US dollars, by the devnet's price feeds; the zero address is ETH. */
  prices: { token: string; symbol: string; dollars: string }[];
  /** The gates that this checkout ships, oldest first, and which of them governance stands behind. */
  gates: GateState[];
  /** The wallet that was started with this devnet, and where its windows can be seen and driven. */
  wallet: { devToolsUrl: string } | null;
}
