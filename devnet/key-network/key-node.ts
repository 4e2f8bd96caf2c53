import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { gateCid, type GateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import { SIGNATURE_NAME } from "#core/key-network/gate-request.ts";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import type { Address } from "#core/primitives/address.ts";
import { zDigest } from "#core/primitives/hex.ts";
import { CREATE_ROUND, KeyCreations, STATUS_ROUND } from "./ceremonies/key-creation.ts";
import { PROBE_ROUND } from "./ceremonies/coordinator.ts";
import { READY_ROUND, Signings } from "./ceremonies/signing.ts";
import type { NodeConfig } from "./config.ts";
import { NodeError } from "./errors.ts";
import { Registry } from "./gate/registry.ts";
import type { CreateKeyRequest, ExecuteRequest } from "./gate/request.ts";
import { type RunResult, Sandbox, type SignatureWish } from "./sandbox/sandbox.ts";
import { SessionVerifier } from "./session/session-signature.ts";
import { type HeldKey, KeyStore } from "./store/key-store.ts";
import { RequestLog } from "./store/request-log.ts";
import { field, randomScalar, scalarToHex } from "./threshold/curve.ts";
import type { SignatureShare } from "./threshold/signing.ts";
import { type Identity, openIdentity } from "./transport/identity.ts";
import { Mailbox } from "./transport/mailbox.ts";
import { Peers, replyRound } from "./transport/peers.ts";
import { type SealedMessage, Sealing } from "./transport/sealing.ts";

export const IDENTITY_FILE = "identity.json";

/**
 * What a devnet's node can be told to do wrong: give shares that do not fit, or take part in signing whatever digest a
 * request names, without asking gate or registry.
 */
export const zFault = z.enum(["none", "wrong-share", "no-gate"]);
export type Fault = z.output<typeof zFault>;

/** A signature share as the Lit client combines it: hexadecimal without 0x. */
export interface LitSignatureShare {
  readonly sigType: "K256";
  readonly signatureShare: string;
  readonly shareIndex: number;
  readonly bigR: string;
  readonly publicKey: string;
  readonly dataSigned: string;
  readonly sigName: string;
}

/** The answer to a run of the gate, as the Lit client reads it. */
export interface ExecuteAnswer {
  readonly success: true;
  readonly signedData: Readonly<Record<string, LitSignatureShare>>;
  readonly decryptedData: Readonly<Record<string, never>>;
  readonly claimData: Readonly<Record<string, never>>;
  readonly response: string;
  readonly logs: string;
}

const HEAP_MEGABYTES = 64;
const PROCESSOR_SECONDS = 20;
const REMEMBERED_GATES = 16;

/** One node of the key network: what it does, without HTTP. */
export class KeyNode {
  readonly #config: NodeConfig;
  readonly #identity: Identity;
  readonly #store: KeyStore;
  readonly #requests: RequestLog;
  readonly #registry: Registry;
  readonly #sandbox: Sandbox;
  readonly #sessions = new SessionVerifier();
  readonly #mailbox = new Mailbox();
  readonly #sealing: Sealing;
  readonly #creations: KeyCreations;
  readonly #signings: Signings;
  readonly #gateCids = new Map<string, GateCid>();
  readonly #url: string;
  #fault: Fault = "none";

  private constructor(config: NodeConfig, identity: Identity, store: KeyStore, requests: RequestLog) {
    const { index, network } = config;
    this.#config = config;
    this.#identity = identity;
    this.#store = store;
    this.#requests = requests;
    this.#registry = new Registry(config);
    this.#sandbox = openSandbox(config);
    this.#sealing = new Sealing(index, identity, network);
    const peers = new Peers(index, network, this.#sealing);
    const parts = { network, peers, mailbox: this.#mailbox, store, sessions: this.#sessions };
    this.#creations = new KeyCreations(parts);
    this.#signings = new Signings(parts);
    this.#url = ownUrl(config);
  }

  static async open(config: NodeConfig): Promise<KeyNode> {
    const { stateDir } = config;
    await mkdir(join(stateDir, "work"), { recursive: true, mode: 0o700 });
    const identity = await openIdentity(join(stateDir, IDENTITY_FILE));
    if (identity.publicKey !== config.network.nodes.find(({ index }) => index === config.index)?.publicKey) {
      throw new Error(
        `The identity in ${stateDir} is not the one the network knows for node ${config.index}.`,
      );
    }
    const store = await KeyStore.open(join(stateDir, "keys"));
    return new KeyNode(config, identity, store, await RequestLog.open(join(stateDir, "requests.jsonl")));
  }

  /** What GET /health tells. */
  health() {
    return { status: "ok", index: this.#config.index, keys: this.#store.size } as const;
  }

  /**
   * What a Lit client asks every node first. Its own network signs sessions with a BLS key, which this network does
   * not need; the names of such keys must only be equal on all nodes.
   */
  async handshake() {
    const name = createHash("sha256").update(JSON.stringify(this.#config.network)).digest("hex");
    return {
      serverPublicKey: Buffer.from(this.#identity.publicKey, "base64url").toString("hex"),
      subnetPublicKey: name,
      networkPublicKey: name,
      networkPublicKeySet: name,
      hdRootPubkeys: [],
      latestBlockhash: await this.#registry.latestBlockhash(),
    };
  }

  /** Makes a key held by the whole network. */
  async createKey(request: CreateKeyRequest): Promise<{ publicKey: PublicKey; address: Address }> {
    return this.#creations.create(request);
  }

  /**
   * Runs a gate, and gives this node's share of the signature that the run asked for.
   * @throws NodeError with a code for everything that does not hold; nothing is signed then
   */
  async execute({ code, jsParams, authSig }: ExecuteRequest): Promise<ExecuteAnswer> {
    const session = await this.#sessions.verify(authSig, this.#url);
    const bytes = Buffer.from(code, "base64");
    const cid = this.#cidOf(bytes);
    if (!session.mayRun(cid)) {
      throw new NodeError("session-without-right", `The session gives no right to run the gate ${cid}.`, {
        status: 403,
      });
    }
    const address = addressOfPublicKey(jsParams.publicKey);
    await this.#requests.claim(jsParams.requestId, session.expires);
    const isHonest = this.#fault !== "no-gate";
    const [key] = await Promise.all([
      this.#creations.find(address),
      isHonest && this.#registry.demand(gateDigest(cid), address, jsParams.action),
    ]);
    if (key === undefined) {
      throw new NodeError("key-unknown", `This network holds no key with the address ${address}.`, {
        status: 404,
      });
    }
    const run = isHonest
      ? await this.#sandbox.run({
          code: bytes.toString("utf8"),
          params: jsParams,
          auth: { authSigAddress: session.device, actionIpfsIds: [cid], keyCreator: key.creator },
        })
      : obey(jsParams);
    const exclude = [...new Set(jsParams.exclude)].sort((a, b) => a - b);
    const signedData =
      run.signature === undefined
        ? {}
        : await this.#sign(run.signature, key, {
            requestId: jsParams.requestId,
            device: session.device,
            gateCid: cid,
            exclude,
          });
    const { response, logs } = run;
    return { success: true, signedData, decryptedData: {}, claimData: {}, response, logs };
  }

  /** Takes a message from another node; the answer, if there is one, is sealed for it. */
  async receive(sealed: SealedMessage): Promise<SealedMessage | undefined> {
    const message = this.#sealing.open(sealed);
    const { from, ceremony, round, payload } = message;
    this.#mailbox.deliver(message);
    const reply = (answer: unknown) => this.#sealing.seal(from, ceremony, replyRound(round), answer);
    switch (round) {
      case CREATE_ROUND:
        await this.#creations.join(from, ceremony, payload);
        return undefined;
      case STATUS_ROUND:
        return reply(this.#creations.status(payload));
      case READY_ROUND:
        return reply(this.#signings.ready(from, ceremony, payload));
      case PROBE_ROUND:
      default:
        return undefined;
    }
  }

  /** Makes this node misbehave, or behave again. */
  setFault(fault: Fault): void {
    this.#fault = fault;
  }

  close(): void {
    this.#sandbox.close();
    this.#signings.close();
  }

  async #sign(
    { digest, publicKey, sigName }: SignatureWish,
    key: HeldKey,
    context: { requestId: `0x${string}`; device: Address; gateCid: GateCid; exclude: readonly number[] },
  ): Promise<Record<string, LitSignatureShare>> {
    if (publicKey.toLowerCase() !== key.publicKey.toLowerCase()) {
      throw new NodeError(
        "gate-failed",
        "The gate asked for a signature of another key than the request names.",
      );
    }
    const wish = { ...context, digest, sigName, publicKey: key.publicKey };
    const share = await this.#signings.sign(wish, key);
    return share === undefined ? {} : { [sigName]: this.#litShare(share, key, digest, sigName) };
  }

  #litShare(
    { party, bigR, share }: SignatureShare,
    key: HeldKey,
    digest: string,
    sigName: string,
  ): LitSignatureShare {
    const given = this.#fault === "wrong-share" ? field.add(share, randomScalar()) : share;
    return {
      sigType: "K256",
      signatureShare: scalarToHex(given),
      shareIndex: party,
      bigR: bigR.toHex(true),
      publicKey: key.publicKey.slice(2),
      dataSigned: digest.slice(2),
      sigName,
    };
  }

  /** A gate's CID; remembered, because every run of a wallet brings the same gate. */
  #cidOf(code: Buffer): GateCid {
    const hash = createHash("sha256").update(code).digest("hex");
    const known = this.#gateCids.get(hash);
    if (known !== undefined) return known;
    const cid = computeCid(code);
    const [oldest] = this.#gateCids.keys();
    if (oldest !== undefined && this.#gateCids.size >= REMEMBERED_GATES) this.#gateCids.delete(oldest);
    this.#gateCids.set(hash, cid);
    return cid;
  }
}

/**
 * What a hostile node wants to sign: the digest that its accomplice names.
 * @throws NodeError "request-malformed" when none is named
 */
function obey({ digest, publicKey, action }: ExecuteRequest["jsParams"]): RunResult {
  const wanted = zDigest.safeParse(digest);
  if (!wanted.success) {
    throw new NodeError(
      "request-malformed",
      "The request names no digest to sign. Name it as 0x and 64 hexadecimal digits.",
    );
  }
  return {
    response: JSON.stringify({ ok: true, digest: wanted.data }),
    logs: "",
    signature: { digest: wanted.data, publicKey, sigName: SIGNATURE_NAME[action] },
  };
}

function computeCid(code: Buffer): GateCid {
  try {
    return gateCid(code);
  } catch (cause) {
    throw new NodeError("gate-too-large", "The gate is empty or larger than one IPFS block.", {
      status: 413,
      cause,
    });
  }
}

function ownUrl({ index, network }: NodeConfig): string {
  const url = network.nodes.find((node) => node.index === index)?.url;
  if (url === undefined) throw new RangeError(`Node ${index} is not in its network.`);
  return url;
}

function openSandbox({ stateDir, rpcUrl, hosts }: NodeConfig): Sandbox {
  return new Sandbox({
    place: {
      cacheDir: join(stateDir, "sandbox-cache"),
      workDir: join(stateDir, "work"),
      reachable: [new URL(rpcUrl).host, ...Object.values(hosts)],
      heapMegabytes: HEAP_MEGABYTES,
      processorSeconds: PROCESSOR_SECONDS,
    },
    rpcUrl,
    hosts,
  });
}
