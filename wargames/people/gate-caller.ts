import { z } from "zod";
import type { TestSigner } from "#contracts/testing/world.ts";
import { type GateRequestJson, zGateResponse } from "#core/key-network/gate-request.ts";
import type { PublicKey } from "#core/keys/public-key.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";
import { TestClient, type SessionSignatures } from "#devnet/key-network/testing/lit-client.ts";
import type { WargameWorld } from "../world/world.ts";

type Request = GateRequestJson extends infer R
  ? R extends unknown
    ? Omit<R, "requestId" | "exclude">
    : never
  : never;

/** A signature, or why there is none: the gate's reason, or the code of the nodes. */
export type Answer = { readonly signature: Hex } | { readonly refused: string };

/** What of a failure of the Lit client says which node code it was. */
const zNodeFailure = z.looseObject({ message: z.string() });

const NODE_CODE = /\b(gate-[a-z-]+|no-record|key-unknown|session-[a-z-]+|chain-unreachable)\b/;

function codeOf(failure: unknown): string {
  const text = zNodeFailure.safeParse(failure).data?.message ?? String(failure);
  const code = NODE_CODE.exec(`${text} ${JSON.stringify(failure)}`)?.[1];
  return code ?? "network-failed";
}

/** The key network as anybody with a device key of their own reaches it: through the unmodified Lit client. */
export class GateCaller {
  readonly #client: TestClient;
  readonly #sessions = new Map<string, SessionSignatures>();

  private constructor(client: TestClient) {
    this.#client = client;
  }

  static async connect({ network }: WargameWorld, device: TestSigner): Promise<GateCaller> {
    return new GateCaller(await TestClient.connect(network, device.account));
  }

  async close(): Promise<void> {
    await this.#client.disconnect();
  }

  async #session(code: string): Promise<SessionSignatures> {
    const known = this.#sessions.get(code) ?? (await this.#client.openSession(code));
    this.#sessions.set(code, known);
    return known;
  }

  /** Has the nodes make a key. */
  async createKey(code: string): Promise<PublicKey> {
    const session = await this.#session(code);
    const [url] = Object.keys(session);
    if (url === undefined) throw new Error("the key network has no nodes");
    return (await this.#client.createKey(session, url)).publicKey;
  }

  /** Asks the nodes to run a gate. @param more what only hostile nodes or hostile gates look at */
  async ask(code: string, request: Request | Record<string, unknown>, more: object = {}): Promise<Answer> {
    try {
      const session = await this.#session(code);
      const { response, signature } = await this.#client.execute(session, code, { ...request, ...more });
      if (signature) return { signature };
      const answer = zGateResponse.safeParse(typeof response === "string" ? JSON.parse(response) : response);
      return { refused: answer.success && !answer.data.ok ? answer.data.reason : "no-signature" };
    } catch (failure) {
      return { refused: codeOf(failure) };
    }
  }

  /** Asks nodes that sign whatever digest they are told. */
  async conspire(
    code: string,
    digest: Digest,
    publicKey: PublicKey,
    exclude: readonly number[],
  ): Promise<Answer> {
    return this.ask(code, { action: "sign-operation", publicKey, digest, exclude });
  }
}
