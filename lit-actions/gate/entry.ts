/** Where a key network starts the gate: a top-level script. The build puts the deployment into the bytes. */
import type { Deployment } from "./deployment.ts";
import { type LitGlobals, litRuntime } from "./lit-runtime.ts";
import { runGate } from "./main.ts";

declare const DEPLOYMENT: Deployment;
declare const Lit: LitGlobals["Lit"];
declare const jsParams: unknown;

const runtime = litRuntime({ Lit, jsParams });
void runGate(runtime, DEPLOYMENT).then((answer) => runtime.respond(JSON.stringify(answer)));
