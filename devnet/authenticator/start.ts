import { once } from "node:events";
import { serve } from "@hono/node-server";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import type { Core } from "./core.ts";
import { FACTORS } from "./factors/index.ts";
import { createApp } from "./http/app.ts";
import type { Identity } from "./identity.ts";
import { Sessions } from "./sessions/sessions.ts";
import { SigningKeys } from "./sessions/signing-keys.ts";
import { Store } from "./state/store.ts";

export interface AuthenticatorOptions {
  /** Where the state is kept. */
  readonly directory: string;
  /** The loopback port; 0 takes a free one. */
  readonly port: number;
  /** The computer's time in milliseconds; tests move it. */
  readonly systemTime?: () => number;
  /** `iss` of the session JWTs for the address it listens at; the devnet's own by default. */
  readonly issuer?: (url: string) => string;
  /** Told of faults of the authenticator itself. */
  readonly reportFault?: (error: Error) => void;
}

export interface RunningAuthenticator {
  /** Its address without a slash at the end. */
  readonly url: string;
  readonly identity: Identity;
  /** What a back end identifies itself with on the /v1 paths. */
  readonly projectSecret: string;
  /** Stops listening; everything answered is on the disk already. */
  close(): Promise<void>;
}

/** Starts the authenticator on 127.0.0.1 and resolves when it answers. */
export async function startAuthenticator(options: AuthenticatorOptions): Promise<RunningAuthenticator> {
  const { directory, systemTime = Date.now, reportFault = () => undefined } = options;
  const store = await Store.open(directory);
  const clock = { now: () => Math.floor(systemTime() / 1000) + store.state.clockOffset };
  const keys = new SigningKeys(store, clock);

  let handle: ReturnType<typeof createApp>["fetch"] = () => new Response(null, { status: 503 });
  const server = serve({
    fetch: (request, env) => handle(request, env),
    hostname: "127.0.0.1",
    port: options.port,
  });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port.");
  const url = `http://127.0.0.1:${address.port}`;

  const identity: Identity = {
    issuer: options.issuer?.(url) ?? DEVNET_AUTHENTICATOR.issuer,
    projectId: DEVNET_AUTHENTICATOR.projectId,
    publicToken: DEVNET_AUTHENTICATOR.publicToken,
  };
  const sessions = new Sessions(store, clock, keys, identity);
  const core: Core = { identity, store, clock, keys, sessions, factors: FACTORS };
  await keys.current(); // The first key takes a moment to make: nobody's first log-in should wait for it.
  handle = createApp(core, reportFault).fetch;

  return {
    url,
    identity,
    projectSecret: store.state.projectSecret,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await store.save();
    },
  };
}
