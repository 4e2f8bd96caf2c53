import { z } from "zod";
import { zWalletErrorData } from "../errors/wallet-error.ts";
import type { WalletEvent, WalletMethod } from "./methods.ts";

/** How an answer crosses IPC: a value, or an error made for people. */
export const zEnvelope = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), error: zWalletErrorData }),
]);
export type Envelope = z.output<typeof zEnvelope>;

/** What the app's preload puts on `window.trivet`: raw messages; the renderer parses them (renderer/api). */
export interface WalletBridge {
  readonly invoke: (method: WalletMethod, input: unknown) => Promise<unknown>;
  /** Calls back for every event of that name; the returned function stops it. */
  readonly on: (event: WalletEvent, callback: (data: unknown) => void) => () => void;
}

/** What the confirm window's preload puts on `window.trivetConfirm`. */
export interface ConfirmBridge {
  /** The ConfirmView to show. */
  readonly view: () => Promise<unknown>;
  readonly decide: (id: string, approved: boolean) => Promise<void>;
}
