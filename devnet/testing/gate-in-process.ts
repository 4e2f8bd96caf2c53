import { bytesToHex } from "viem/utils";
import type { Deployment } from "#lit-actions/gate/deployment.ts";
import { litRuntime } from "#lit-actions/gate/lit-runtime.ts";
import { runGate } from "#lit-actions/gate/main.ts";
import type { SignatureWish } from "../key-network/sandbox/sandbox.ts";

export interface InProcessOptions {
  /** What the node says of the run. */
  readonly auth: unknown;
  readonly rpcUrl: string;
  /** Host names of the gate, each with the `address:port` behind it. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly deployment: Deployment;
}

/** Runs the gate's source in this process, with a runtime that does what a key node's sandbox does. */
export async function runInProcess(
  params: unknown,
  { auth, rpcUrl, hosts, deployment }: InProcessOptions,
): Promise<{ response: string; wish: SignatureWish | undefined }> {
  let wish: SignatureWish | undefined;
  const Actions = {
    signEcdsa: ({
      toSign,
      publicKey,
      sigName,
    }: {
      toSign: Uint8Array;
      publicKey: string;
      sigName: string;
    }) => {
      if (wish) throw new Error("the gate asked for two signatures");
      wish = { digest: bytesToHex(toSign), publicKey, sigName };
      return Promise.resolve("success");
    },
    setResponse: () => undefined,
    getRpcUrl: () => Promise.resolve(rpcUrl),
  };
  const runtime = litRuntime({ Lit: { Actions, Auth: auth }, jsParams: params });
  const reached = (url: string): URL => {
    const target = new URL(url);
    target.host = hosts[target.host] ?? target.host;
    return target;
  };
  const answer = await runGate({ ...runtime, fetch: (url, init) => fetch(reached(url), init) }, deployment);
  return { response: JSON.stringify(answer), wish };
}
