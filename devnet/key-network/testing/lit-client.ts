import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { LitNodeClientNodeJs } from "@lit-protocol/lit-node-client";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { devnetStakingAbi } from "#contracts/abi.ts";
import { gateCid } from "#core/key-network/gate-cid.ts";
import { GATE_ABILITY, sessionMessage } from "#core/key-network/session-message.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import { toAddress, zAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import type { SessionSignature } from "../session/session-signature.ts";
import type { TestNetwork } from "./network.ts";

/** The packages of the Lit client that a session needs; they come with the client. */
const requireOfClient = createRequire(
  createRequire(import.meta.url).resolve("@lit-protocol/lit-node-client"),
);
export const authHelpers = requireOfClient("@lit-protocol/auth-helpers") as AuthHelpers;

interface AuthHelpers {
  readonly LitActionResource: new (id: string) => LitResource;
  readonly createSiweMessageWithRecaps: (params: object) => Promise<string>;
}
type SessionRequest = Parameters<LitNodeClientNodeJs["getSessionSigs"]>[0];
type LitResource = SessionRequest["resourceAbilityRequests"][number]["resource"];
type AuthCallback = NonNullable<SessionRequest["authNeededCallback"]>;

/** One signature for each node, by its URL. */
export type SessionSignatures = Record<string, SessionSignature>;

export const newRequestId = (): Hex => `0x${randomBytes(32).toString("hex")}`;

const zCreatedKey = z.object({ publicKey: zPublicKey, address: zAddress });
const zExecution = z
  .object({
    response: z.unknown(),
    signatures: z.record(z.string(), z.object({ signature: zHex })).nullish(),
  })
  .transform(({ response, signatures }) => ({
    response,
    signature: Object.values(signatures ?? {})[0]?.signature,
  }));
const zFailure = z.object({ errorCode: z.string(), message: z.string() });

/** The unmodified Lit client, with a device key of its own. */
export class TestClient {
  readonly lit: LitNodeClientNodeJs;
  readonly device: PrivateKeyAccount;

  private constructor(lit: LitNodeClientNodeJs, device: PrivateKeyAccount) {
    this.lit = lit;
    this.device = device;
  }

  static async connect(
    network: TestNetwork,
    device = privateKeyToAccount(generatePrivateKey()),
  ): Promise<TestClient> {
    const options = {
      litNetwork: "custom",
      rpcUrl: network.rpcUrl,
      contractContext: { Staking: { address: network.contracts.staking, abi: devnetStakingAbi } },
      checkNodeAttestation: false,
      debug: false,
    };
    // The client's types demand all of a Lit network's contracts; to run a gate it uses only this one.
    const lit = new LitNodeClientNodeJs(
      options as unknown as ConstructorParameters<typeof LitNodeClientNodeJs>[0],
    );
    await lit.connect();
    return new TestClient(lit, device);
  }

  async disconnect(): Promise<void> {
    await this.lit.disconnect();
  }

  /** Opens a session for one gate as the wallet does. */
  async openSession(code: string): Promise<SessionSignatures> {
    const cid = gateCid(new TextEncoder().encode(code));
    return this.#sessionSignatures(cid, async ({ uri, expiration, nonce }) => {
      return sessionMessage({
        address: toAddress(this.device.address),
        sessionKey: (uri ?? "").replace("lit:session:", ""),
        chainId: 31337,
        nonce,
        issuedAt: new Date().toISOString(),
        expirationTime: expiration ?? "",
        gate: cid,
      });
    });
  }

  /** Opens a session for every gate with a message made by Lit's own helpers. */
  async openLitSession(): Promise<SessionSignatures> {
    return this.#sessionSignatures("*", async (params) => {
      return authHelpers.createSiweMessageWithRecaps({
        uri: params.uri,
        expiration: params.expiration,
        resources: params.resourceAbilityRequests,
        walletAddress: this.device.address,
        nonce: params.nonce,
        litNodeClient: this.lit,
      });
    });
  }

  /** Runs a gate on all nodes; its answer, and the signature that the nodes' shares make. */
  async execute(
    sessionSigs: SessionSignatures,
    code: string,
    jsParams: Record<string, unknown>,
  ): Promise<z.output<typeof zExecution>> {
    const params = { requestId: newRequestId(), action: "set-record", ...jsParams };
    const responseStrategy = { strategy: "mostCommon" } as const;
    return zExecution.parse(
      await this.lit.executeJs({ code, sessionSigs, jsParams: params, responseStrategy }),
    );
  }

  /** Asks a node to have a key made. */
  async createKey(sessionSigs: SessionSignatures, url: string, requestId = newRequestId()) {
    const sessionSig = sessionSigs[url];
    return zCreatedKey.parse(await post(new URL("/trivet/keys", url), { sessionSig, requestId }));
  }

  async #sessionSignatures(
    resource: string,
    message: (params: Parameters<AuthCallback>[0]) => Promise<string>,
  ): Promise<SessionSignatures> {
    const signatures = await this.lit.getSessionSigs({
      chain: "ethereum",
      expiration: new Date(Date.now() + 600_000).toISOString(),
      resourceAbilityRequests: [
        { resource: new authHelpers.LitActionResource(resource), ability: GATE_ABILITY },
      ],
      authNeededCallback: async (params) => {
        const signedMessage = await message(params);
        const sig = await this.device.signMessage({ message: signedMessage });
        return { sig, derivedVia: "web3.eth.personal.sign", signedMessage, address: this.device.address };
      },
    });
    return signatures as SessionSignatures;
  }
}

/** A node's refusal. */
export class RefusedError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Posts JSON to a node. @throws RefusedError with the node's code */
export async function post(url: URL, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { errorCode, message } = zFailure.parse(answer);
  throw new RefusedError(errorCode, message);
}
