/**
 * What a node and the process of one gate run say to each other: one line of JSON in, lines of JSON out. An enclave, as
 * Lit's live service has one, also answers what the program asks it while it runs, a line for each question.
 */
import { z } from "zod";

interface CommonInput {
  /** The gate: a top-level script. */
  readonly code: string;
  readonly rpcUrl: string;
  /** Host names that exist in the sandbox only, each with the `address:port` behind it. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly maxFetches: number;
}

/** A run on a key node: the script does it all. */
export interface NodeRun extends CommonInput {
  readonly host: "node";
  /** The request's parameters; each becomes a global of the script. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly auth: RunAuth;
}

/** A run in an enclave: the script defines `main`, which is called with the parameters. */
export interface EnclaveRun extends CommonInput {
  readonly host: "enclave";
  readonly params: unknown;
}

/** The first line that a run's process reads. */
export type RunInput = NodeRun | EnclaveRun;

/** The script's `Lit.Auth`. */
export interface RunAuth {
  /** Address of the device key that opened the session. */
  readonly authSigAddress: string;
  readonly actionIpfsIds: readonly [cid: string];
  /** Address of the device key for which the network-held key was made; null when there is no such key. */
  readonly keyCreator: string | null;
}

/** What a program in an enclave can ask: about a key, by its address, or about a program, by its CID. */
export const ENCLAVE_QUESTIONS = [
  "getPrivateKey",
  "getLitActionPrivateKey",
  "getLitActionPublicKey",
  "getLitActionWalletAddress",
] as const;
export type EnclaveQuestion = (typeof ENCLAVE_QUESTIONS)[number];

/** The line by which an enclave answers one. */
export type EnclaveAnswer = { readonly id: number } & (
  { readonly answer: string } | { readonly error: string }
);

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
  /** A program in an enclave asks for a key. */
  z.strictObject({
    ask: z.strictObject({ id: z.int(), name: z.enum(ENCLAVE_QUESTIONS), about: z.string().max(200) }),
  }),
  /** The script threw, or left a rejection unhandled. */
  z.strictObject({ error: z.string() }),
  /** The script and everything it waited for has ended. */
  z.strictObject({ done: z.literal(true) }),
]);
export type RunOutput = z.output<typeof zRunOutput>;
