import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { bytesToHex } from "viem/utils";
import { z } from "zod";
import type { LocalKeyNetworkConfig } from "#core/config/network.ts";
import { networkFailed, wrongShare } from "#core/key-network/errors.ts";
import type { GateCid } from "#core/key-network/gate-cid.ts";
import { SIGNATURE_NAME } from "#core/key-network/gate-request.ts";
import { addressOfKey, type Key } from "#core/keys/key.ts";
import { addressOfPublicKey, zPublicKey } from "#core/keys/public-key.ts";
import { type Address, sameAddress, zAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { KeyNetwork } from "../key-network.ts";
import { verifiedSignature } from "../verified-signature.ts";
import {
  demandGranted,
  demandRecord,
  type Granted,
  type Wanted,
  type WantedOptions,
  wantOperation,
  wantRecord,
} from "../wanted.ts";
import { mostCommonAnswer } from "./answers.ts";
import { explainFailure } from "./failures.ts";
import { type ExecutionResult, type LitConnection, LitConnector } from "./lit-client.ts";
import { NODES_TO_SIGN, silentNodes } from "./nodes.ts";
import { Session, type SessionOptions } from "./session.ts";

export interface LocalKeyNetworkOptions extends WantedOptions {
  readonly network: LocalKeyNetworkConfig;
  /** Has the vault sign the session message, which it builds itself from the grant. */
  readonly signSession: SessionOptions["signSession"];
}

/** A run that the gate granted; no signature when the nodes' shares made none that is the key's. */
interface Run {
  readonly granted: Granted;
  readonly signature: Hex | undefined;
  readonly combineError: unknown;
}

type CreatedKey = Awaited<ReturnType<KeyNetwork["createKey"]>>;
const zCreatedKey = z.object({ publicKey: zPublicKey, address: zAddress });
const CREATE_TIMEOUT_MS = 30_000;
/** Long enough together for the network to notice that a node stopped. */
const RETRY_PAUSES_MS = [250, 1_000, 3_000];
/** No new attempt is begun after this: nodes that hang instead of stopping make every attempt take long. */
const PATIENCE_MS = 8_000;

const newRequestId = (): Hex => bytesToHex(randomBytes(32));

function deviceAddress(deviceKey: Key): Address {
  const address = addressOfKey(deviceKey);
  if (!address) throw new TypeError("the device key must be an address");
  return address;
}

/** Asks one node for the key of a request; it is made by all nodes when there is none yet. */
async function requestKey(url: string, body: object): Promise<CreatedKey> {
  const response = await fetch(new URL("/trivet/keys", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CREATE_TIMEOUT_MS),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw Object.assign(new Error("a node made no key"), { info: answer });
  return zCreatedKey.parse(answer);
}

const isSameKey = (a: CreatedKey, b: CreatedKey): boolean =>
  a.publicKey === b.publicKey &&
  sameAddress(a.address, b.address) &&
  sameAddress(a.address, addressOfPublicKey(a.publicKey));

/** The key network of four nodes that speak the Lit client's protocol. */
export class LocalKeyNetwork implements KeyNetwork {
  readonly #options: LocalKeyNetworkOptions;
  readonly #connector: LitConnector;
  /** A session runs one gate; the account's keys are at different ones while it moves. */
  readonly #sessions = new Map<GateCid, Session>();

  constructor(options: LocalKeyNetworkOptions) {
    this.#options = options;
    this.#connector = new LitConnector(options.network);
  }

  async createKey(device: Address): ReturnType<KeyNetwork["createKey"]> {
    const { nodes } = this.#options.network;
    // One id for all attempts and all nodes: they give the same key for the same request.
    const requestId = newRequestId();
    const session = this.#sessionFor(this.#options.gates.any().cid);
    return this.#withRetry(nodes.length, async (connection) => {
      const urls = connection.nodeUrls();
      const sessionSigs = await session.signFor(urls, device, connection.blockhash());
      const ask = (url: string) => requestKey(url, { sessionSig: sessionSigs[url], requestId });
      const [first, ...others] = urls;
      if (first === undefined) throw new Error("the key network has no nodes");
      const key = await ask(first);
      // The node that was asked first could name a key that it made alone: all others must know it, too.
      const confirmed = await Promise.all(others.map(ask));
      const isShared = urls.length === nodes.length && confirmed.every((other) => isSameKey(other, key));
      if (!isShared) throw networkFailed("Its nodes do not agree on the new key.", confirmed);
      return key;
    });
  }

  async signOperation(
    call: Parameters<KeyNetwork["signOperation"]>[0],
  ): ReturnType<KeyNetwork["signOperation"]> {
    const { granted, signature, faultyNodes } = await this.#sign(await wantOperation(this.#options, call));
    return { digest: granted.digest, signature, faultyNodes };
  }

  async signRecord(call: Parameters<KeyNetwork["signRecord"]>[0]): ReturnType<KeyNetwork["signRecord"]> {
    const { granted, signature, faultyNodes } = await this.#sign(await wantRecord(this.#options, call));
    return { digest: granted.digest, signature, faultyNodes, record: demandRecord(granted) };
  }

  async status(): ReturnType<KeyNetwork["status"]> {
    const { nodes } = this.#options.network;
    const silent = await silentNodes(nodes);
    const isRunning = (index: number) => !silent.some((node) => node.index === index);
    return {
      nodes: nodes.map(({ index }) => ({ index, isRunning: isRunning(index) })),
      needed: NODES_TO_SIGN,
    };
  }

  forgetSession(): void {
    for (const session of this.#sessions.values()) session.forget();
  }

  #sessionFor(gate: GateCid): Session {
    const { config, signSession } = this.#options;
    const session =
      this.#sessions.get(gate) ?? new Session({ chainId: config.chain.id, gate, signSession, now: Date.now });
    this.#sessions.set(gate, session);
    return session;
  }

  /**
   * Has the network sign, and finds the faulty node where its shares make no signature: the one without which the
   * others' shares do.
   */
  async #sign(wanted: Wanted): Promise<{ granted: Granted; signature: Hex; faultyNodes: number[] }> {
    const first = await this.#run(wanted, []);
    if (first.signature) return { granted: first.granted, signature: first.signature, faultyNodes: [] };

    const { nodes } = this.#options.network;
    const silent = await silentNodes(nodes);
    const running = nodes.filter((node) => !silent.includes(node)).map(({ index }) => index);
    if (running.length <= NODES_TO_SIGN) throw wrongShare(running, first.combineError);
    for (const index of running) {
      const { granted, signature } = await this.#run(wanted, [index]);
      if (signature) return { granted, signature, faultyNodes: [index] };
    }
    throw wrongShare(running, first.combineError);
  }

  async #run(wanted: Wanted, exclude: readonly number[]): Promise<Run> {
    const { call, request } = wanted;
    const { responses, signatures, combineError } = await this.#withRetry(NODES_TO_SIGN, (connection) =>
      this.#execute(connection, wanted, exclude),
    );
    const { granted, digest } = demandGranted(wanted, mostCommonAnswer(responses));
    const combined = signatures?.[SIGNATURE_NAME[request.action]]?.signature;
    const signature = await verifiedSignature(call.publicKey, digest, combined);
    return { granted, signature, combineError };
  }

  async #execute(
    connection: LitConnection,
    { request, call, gate }: Wanted,
    exclude: readonly number[],
  ): Promise<ExecutionResult> {
    const device = deviceAddress(call.authorization.deviceKey);
    const session = this.#sessionFor(gate.cid);
    return connection.execute({
      code: gate.code,
      sessionSigs: await session.signFor(connection.nodeUrls(), device, connection.blockhash()),
      jsParams: { ...request, requestId: newRequestId(), ...(exclude.length > 0 && { exclude }) },
    });
  }

  /**
   * Works over the connection. When a node that was asked is gone, it tries again over a new one, because nodes come
   * and go between two uses, and the staking contract lists a node that just stopped for a moment longer. Every other
   * failure ends it.
   * @param needed how many nodes the work takes
   */
  async #withRetry<T>(needed: number, work: (connection: LitConnection) => Promise<T>): Promise<T> {
    const givesUpAt = performance.now() + PATIENCE_MS;
    for (let attempt = 0; ; attempt++) {
      let asked: readonly string[] = [];
      try {
        const connection = await this.#connector.connect();
        asked = connection.nodeUrls();
        await this.#demandAll(asked);
        return await work(connection);
      } catch (error) {
        await this.#connector.reset();
        const { nodes } = this.#options.network;
        const failure = await explainFailure(error, { nodes, needed, asked });
        const pause = RETRY_PAUSES_MS[attempt];
        const isWorthAnother = failure.code === "network-unreachable" && performance.now() < givesUpAt;
        if (!isWorthAnother || pause === undefined) throw failure;
        await setTimeout(pause);
      }
    }
  }

  /** The client asks every node it is connected to, and the others would wait long for one that is gone. */
  async #demandAll(urls: readonly string[]): Promise<void> {
    const connected = this.#options.network.nodes.filter(({ url }) => urls.includes(url));
    const silent = await silentNodes(connected);
    if (silent.length > 0) throw new Error(`gone: ${silent.map(({ url }) => url).join(", ")}`);
  }
}
