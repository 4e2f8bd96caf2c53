import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { importJWK, SignJWT } from "jose";
import { z } from "zod";
import { type RunningAuthenticator, startAuthenticator } from "#devnet/authenticator/start.ts";
import { freePort } from "#devnet/testing/free-port.ts";
import { AuthenticatorClient } from "#electron/vault/authenticator/client.ts";

const STATE_FILE = "authenticator.json";
const ALGORITHM = "RS256";
const zMessages = z.array(z.object({ to: z.string(), code: z.string() }));
const zState = z.object({ signingKeys: z.array(z.object({ kid: z.string(), privateJwk: z.json() })).min(1) });

/** Signs any claims as the authenticator does: what only its operator can. */
export type Forge = (claims: Record<string, unknown>) => Promise<string>;

/** The devnet's authenticator, as it is, at one address for good; its state can be kept and taken back. */
export class WargameAuthenticator {
  readonly #directory: string;
  readonly #port: number;
  #running: RunningAuthenticator | undefined;
  #kept = 0;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
  }

  static async start(): Promise<WargameAuthenticator> {
    const directory = await mkdtemp(path.join(tmpdir(), "trivet-wargames-"));
    const authenticator = new WargameAuthenticator(directory, await freePort());
    await authenticator.open();
    return authenticator;
  }

  /** `127.0.0.1:port`, whether it answers there or not. */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Starts answering. */
  async open(): Promise<void> {
    this.#running ??= await startAuthenticator({
      directory: this.#directory,
      port: this.#port,
      passwordCost: { N: 1024, r: 8, p: 1 },
      reportFault: (error) => {
        throw error;
      },
    });
  }

  /** Stops answering; its state stays. */
  async close(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  async dispose(): Promise<void> {
    await this.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Keeps the state as it is. @returns what `takeBack` is called with */
  async keep(): Promise<string> {
    const copy = path.join(this.#directory, `kept-${(this.#kept += 1)}.json`);
    await copyFile(path.join(this.#directory, STATE_FILE), copy);
    return copy;
  }

  async takeBack(kept: string): Promise<void> {
    await this.close();
    await copyFile(kept, path.join(this.#directory, STATE_FILE));
    await this.open();
  }

  /** The API as any app reaches it. */
  client(): AuthenticatorClient {
    const { identity } = this.#running ?? {};
    return new AuthenticatorClient({ baseUrl: this.url, publicToken: identity?.publicToken ?? "" });
  }

  /** The newest message in a mailbox or on a phone. */
  async newestCode(place: "inbox" | "phone", to: string): Promise<string> {
    const response = await fetch(`${this.url}/${place}`);
    const message = zMessages.parse(await response.json()).find((one) => one.to === to);
    if (!message) throw new Error(`Nothing was sent to ${to}.`);
    return message.code;
  }

  /** What the operator of the authenticator can do: sign with its very signing key. */
  async forge(): Promise<Forge> {
    const state: unknown = JSON.parse(await readFile(path.join(this.#directory, STATE_FILE), "utf8"));
    const [newest] = zState.parse(state).signingKeys;
    if (!newest) throw new Error("The authenticator has no signing key.");
    const key = await importJWK({ ...z.looseObject({}).parse(newest.privateJwk), alg: ALGORITHM }, ALGORITHM);
    return (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid: newest.kid, typ: "JWT" }).sign(key);
  }
}
