import { Hono } from "hono";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { listenOnLoopback } from "../http/loopback.ts";
import type { Core } from "./core.ts";
import { FACTORS } from "./factors/index.ts";
import { DEFAULT_COST, type PasswordCost } from "./factors/password/hash.ts";
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
  /** What a guess at a password costs; tests take less. */
  readonly passwordCost?: PasswordCost;
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
  const { passwordCost = DEFAULT_COST } = options;
  const store = await Store.open(directory);
  const clock = { now: () => Math.floor(systemTime() / 1000) + store.state.clockOffset };
  const keys = new SigningKeys(store, clock);

  await keys.current(); // The first key takes a moment to make: nobody's first log-in should wait for it.

  // The issuer can depend on the address, so the door opens first. Nothing waits from there to `app`: no request
  // comes in between.
  const door = new Hono();
  door.all("*", (c) => app.fetch(c.req.raw));
  const server = await listenOnLoopback(door, options.port);
  const { url } = server;

  const identity: Identity = {
    issuer: options.issuer?.(url) ?? DEVNET_AUTHENTICATOR.issuer,
    projectId: DEVNET_AUTHENTICATOR.projectId,
    publicToken: DEVNET_AUTHENTICATOR.publicToken,
  };
  const sessions = new Sessions(store, clock, keys, identity);
  const core: Core = { identity, store, clock, keys, sessions, factors: FACTORS, passwordCost };
  const app = createApp(core, reportFault);

  return {
    url,
    identity,
    projectSecret: store.state.projectSecret,
    close: async () => {
      await server.close();
      await store.save();
    },
  };
}
