import { bytesToHex } from "viem/utils";
import type { Deployment } from "#lit-actions/gate/deployment.ts";
import { litRuntime } from "#lit-actions/gate/lit-runtime.ts";
import { runInEnclave } from "#lit-actions/gate/enclave.ts";
import { runGate } from "#lit-actions/gate/main.ts";
import type { EnclaveAnswerer, SignatureWish } from "../key-network/sandbox/sandbox.ts";

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
  const reach: typeof runtime.fetch = (url, init) => fetch(reached(url, hosts), init);
  const answer = await runGate({ ...runtime, fetch: reach }, deployment);
  return { response: JSON.stringify(answer), wish };
}

/** Where a host name of the sandbox really is. */
function reached(url: string, hosts: Readonly<Record<string, string>>): URL {
  const target = new URL(url);
  target.host = hosts[target.host] ?? target.host;
  return target;
}

/** Runs the gate's source in this process, with globals that say what an enclave's sandbox says. */
export async function runEnclaveInProcess(
  params: unknown,
  {
    answer,
    hosts,
    deployment,
  }: Pick<InProcessOptions, "hosts" | "deployment"> & { readonly answer: EnclaveAnswerer },
): Promise<unknown> {
  const Actions = {
    getPrivateKey: ({ pkpId }: { pkpId: string }) => answer("getPrivateKey", pkpId),
    getLitActionPrivateKey: () => answer("getLitActionPrivateKey", ""),
    getLitActionWalletAddress: ({ ipfsId }: { ipfsId: string }) =>
      answer("getLitActionWalletAddress", ipfsId),
  };
  const realFetch = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    realFetch(typeof input === "string" ? reached(input, hosts) : input, init);
  try {
    return await runInEnclave({ Lit: { Actions } }, params, deployment);
  } finally {
    globalThis.fetch = realFetch;
  }
}
