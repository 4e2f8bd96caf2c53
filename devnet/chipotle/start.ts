import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { listenOnLoopback } from "../http/loopback.ts";
import { Sandbox } from "../key-network/sandbox/sandbox.ts";
import { Accounts } from "./accounts.ts";
import { createServiceApp } from "./app.ts";
import { Enclave } from "./enclave.ts";
import { Secrets } from "./secrets.ts";

export interface LitServiceOptions {
  /** Host names that programs may reach, each with the `address:port` behind it. No other place is reached. */
  readonly hosts: Readonly<Record<string, string>>;
  /** How long a program may run, in milliseconds. The service allows 15 minutes; a gate needs less than a second. */
  readonly milliseconds?: number;
}

/** A running stub of Lit's live service. */
export interface LitService {
  /** Its address, without the path of its endpoints. */
  readonly url: string;
  readonly accounts: Accounts;
  readonly close: () => Promise<void>;
}

/**
 * Starts a stub of Lit's live service on this computer: the endpoints that Trivet uses, and real programs in the sandbox
 * with the globals that the service gives them. Everything it knows is in memory and gone when it ends.
 */
export async function startLitService({
  hosts,
  milliseconds = 10_000,
}: LitServiceOptions): Promise<LitService> {
  const folder = await mkdtemp(path.join(tmpdir(), "trivet-chipotle-"));
  const sandbox = new Sandbox({
    place: {
      cacheDir: path.join(folder, "cache"),
      workDir: folder,
      reachable: Object.values(hosts),
      heapMegabytes: 64,
      processorSeconds: 20,
    },
    // The service tells programs no RPC: whatever they reach is among the hosts.
    rpcUrl: "http://no-rpc.invalid",
    hosts,
    limits: { milliseconds },
  });
  const secrets = new Secrets();
  const accounts = new Accounts(secrets);
  const app = createServiceApp(accounts, new Enclave(accounts, secrets, sandbox));
  const server = await listenOnLoopback(app, 0);
  return {
    url: server.url,
    accounts,
    close: async () => {
      await server.close();
      sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
