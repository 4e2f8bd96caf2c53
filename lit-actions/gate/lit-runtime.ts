import { hexToBytes } from "viem/utils";
import { z } from "zod";
import type { Runtime } from "./runtime.ts";

/** The part of a Lit Action's globals that the gate uses on nodes (Datil: a top-level script; parameters are globals). */
export interface LitGlobals {
  readonly Lit: {
    readonly Actions: {
      readonly signEcdsa: (request: {
        toSign: Uint8Array;
        publicKey: string;
        sigName: string;
      }) => Promise<unknown>;
      readonly setResponse: (answer: { response: string }) => void;
      readonly getRpcUrl: (query: { chain: string }) => Promise<string>;
    };
    readonly Auth: unknown;
  };
  readonly jsParams: unknown;
}

const zAuth = z.object({
  authSigAddress: z.string(),
  actionIpfsIds: z.tuple([z.string()], z.string()),
  keyCreator: z.string().nullish(),
});

/**
 * The runtime of a Lit network. Request parameters are globals of their own there; they are plain data, so one named
 * like a global the gate calls makes the run fail, and a failed run signs nothing.
 */
export function litRuntime(globals: LitGlobals): Runtime {
  const { Actions, Auth } = globals.Lit;
  const { authSigAddress, actionIpfsIds, keyCreator } = zAuth.parse(Auth);
  return {
    params: globals.jsParams,
    sessionAddress: authSigAddress,
    gateCid: () => Promise.resolve(actionIpfsIds[0]),
    keyCreator: keyCreator ?? null,
    async sign(digest, publicKey, name) {
      await Actions.signEcdsa({ toSign: hexToBytes(digest), publicKey, sigName: name });
      return undefined;
    },
    rpcUrl: (chain) => Actions.getRpcUrl({ chain }),
    fetch: (url, init) => fetch(url, init),
    now: () => Math.floor(Date.now() / 1000),
  };
}
