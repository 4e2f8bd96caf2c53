/**
 * Where a key network starts the gate. The build puts the deployment into the bytes; what the network offers says which
 * kind it is: nodes run a top-level script, Lit's live service calls `main`.
 */
import "./jitless.ts";
import type { Deployment } from "./deployment.ts";
import { runInEnclave } from "./enclave.ts";
import type { EnclaveGlobals } from "./enclave-runtime.ts";
import { type LitGlobals, litRuntime } from "./lit-runtime.ts";
import { runGate } from "./main.ts";

declare const DEPLOYMENT: Deployment;
declare const Lit: {
  readonly Actions: LitGlobals["Lit"]["Actions"] | EnclaveGlobals["Lit"]["Actions"];
  readonly Auth?: unknown;
};
declare const jsParams: unknown;

const { Actions, Auth } = Lit;
if ("getPrivateKey" in Actions) {
  const main = (params: unknown) => runInEnclave({ Lit: { Actions } }, params, DEPLOYMENT);
  Object.assign(globalThis, { main });
} else {
  const runtime = litRuntime({ Lit: { Actions, Auth }, jsParams });
  void runGate(runtime, DEPLOYMENT).then((answer) => {
    Actions.setResponse({ response: JSON.stringify(answer) });
  });
}
