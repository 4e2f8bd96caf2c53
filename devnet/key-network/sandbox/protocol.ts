/** What the node and the process of one gate run say to each other: one line of JSON in, lines of JSON out. */
import { z } from "zod";

/** The one line that a run's process reads. */
export interface RunInput {
  /** The gate: a top-level script. */
  readonly code: string;
  /** The request's parameters; each becomes a global of the script. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly auth: RunAuth;
  readonly rpcUrl: string;
  /** Host names that exist in the sandbox only, each with the `address:port` behind it. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly maxFetches: number;
}

/** The script's `Lit.Auth`. */
export interface RunAuth {
  /** Address of the device key that opened the session. */
  readonly authSigAddress: string;
  readonly actionIpfsIds: readonly [cid: string];
  /** Address of the device key for which the network-held key was made; null when there is no such key. */
  readonly keyCreator: string | null;
}

/** The lines a run's process writes. */
export const zRunOutput = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ log: z.string() }),
  z.strictObject({ response: z.string() }),
  z.strictObject({
    sign: z.strictObject({
      digest: z.string().regex(/^0x[0-9a-f]{64}$/),
      publicKey: z.string().max(200),
      sigName: z.string().min(1).max(64),
    }),
  }),
  /** The script threw, or left a rejection unhandled. */
  z.strictObject({ error: z.string() }),
  /** The script and everything it waited for has ended. */
  z.strictObject({ done: z.literal(true) }),
]);
export type RunOutput = z.output<typeof zRunOutput>;
