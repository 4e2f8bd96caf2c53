import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { bytesToHex } from "viem/utils";
import { z } from "zod";
import type { NetworkConfig } from "#core/config/network.ts";
import { gateRefused, networkFailed, wrongShare } from "#core/key-network/errors.ts";
import type { GateCid } from "#core/key-network/gate-cid.ts";
import { type GateRequestJson, SIGNATURE_NAME } from "#core/key-network/gate-request.ts";
import { addressOfKey, type Key } from "#core/keys/key.ts";
import { addressOfPublicKey, zPublicKey } from "#core/keys/public-key.ts";
import { operationToJson } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress, zAddress } from "#core/primitives/address.ts";
import type { Digest, GateDigest, Hex } from "#core/primitives/hex.ts";
import { recordDigest } from "#core/security/record.ts";
import type { RunnableGate, ShippedGates } from "../gates.ts";
import type { GateCall, KeyNetwork } from "../key-network.ts";
import { type Granted, mostCommonAnswer, verifiedSignature } from "./answers.ts";
import { explainFailure } from "./failures.ts";
import { type ExecutionResult, type LitConnection, LitConnector } from "./lit-client.ts";
import { NODES_TO_SIGN, silentNodes } from "./nodes.ts";
import { Session, type SessionOptions } from "./session.ts";

export interface LocalKeyNetworkOptions {
  readonly config: NetworkConfig;
  readonly gates: ShippedGates;
  /** Reads what the factor registry holds for a key; version 0 when it holds nothing. */
  readonly recordOf: (key: Address) => Promise<{ readonly gate: GateDigest; readonly version: bigint }>;
  /** Has the vault sign the session message, which it builds itself from the grant. */
  readonly signSession: SessionOptions["signSession"];
}

type Request = GateRequestJson extends infer R
  ? R extends unknown
    ? Omit<R, "requestId" | "exclude">
    : never
  : never;

/** What a gate is asked, and which. */
interface Wanted {
  readonly call: GateCall;
  readonly request: Request;
  readonly gate: RunnableGate;
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
    this.#connector = new LitConnector(options.config.keyNetwork);
  }

  async createKey(device: Address): ReturnType<KeyNetwork["createKey"]> {
    const { nodes } = this.#options.config.keyNetwork;
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
    const { chain, contracts } = this.#options.config;
    const { operation } = call;
    const domain = { chainId: chain.id, implementation: contracts.implementation };
    const digest = operationDigest(operation, "compact", domain);
    const request: Request = {
      action: "sign-operation",
      ...commonPart(call),
      opened: call.opened,
      operation: operationToJson(operation),
      form: "compact",
    };
    const run = { call, request, gate: await this.#gateOf(call) };
    const { signature, faultyNodes } = await this.#sign(run, () => digest);
    return { digest, signature, faultyNodes };
  }

  async signRecord(call: Parameters<KeyNetwork["signRecord"]>[0]): ReturnType<KeyNetwork["signRecord"]> {
    const request: Request = {
      action: "set-record",
      ...commonPart(call),
      ...(call.opened && { opened: call.opened }),
      record: { ...call.next.record, gate: call.next.gate },
    };
    const run = { call, request, gate: await this.#gateOf(call, call.next.gate) };
    const { granted, signature, faultyNodes } = await this.#sign(run, (answer) =>
      this.#recordDigest(call, answer),
    );
    if (!granted.record) throw networkFailed("Its nodes did not say which record they signed.", granted);
    return { digest: granted.digest, signature, faultyNodes, record: granted.record };
  }

  async status(): ReturnType<KeyNetwork["status"]> {
    const { nodes } = this.#options.config.keyNetwork;
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
   * The gate that decides about a key: the one its record names, whatever else is published.
   * @param first the one that makes its first record
   * @throws WalletError gate-unknown when it did not come with Trivet
   */
  async #gateOf({ publicKey }: GateCall, first?: GateDigest): Promise<RunnableGate> {
    const { gates, recordOf } = this.#options;
    const { gate, version } = await recordOf(addressOfPublicKey(publicKey));
    if (version > 0n) return gates.find(gate);
    if (!first) throw gateRefused("no-record");
    return gates.find(first);
  }

  /** The digest of the record the nodes say they signed; undefined when it is not of this key and the gate asked for. */
  #recordDigest(
    { publicKey, next }: Parameters<KeyNetwork["signRecord"]>[0],
    { record }: Granted,
  ): Digest | undefined {
    const { chain, contracts } = this.#options.config;
    const isOurs =
      record && sameAddress(record.key, addressOfPublicKey(publicKey)) && record.gate === next.gate;
    return isOurs
      ? recordDigest(record, { chainId: chain.id, factorRegistry: contracts.factorRegistry })
      : undefined;
  }

  /**
   * Has the network sign, and finds the faulty node where its shares make no signature: the one without which the
   * others' shares do.
   * @param expected the digest that must have been signed, computed here and not taken from the nodes
   */
  async #sign(
    wanted: Wanted,
    expected: (answer: Granted) => Digest | undefined,
  ): Promise<{ granted: Granted; signature: Hex; faultyNodes: number[] }> {
    const first = await this.#run(wanted, expected, []);
    if (first.signature) return { granted: first.granted, signature: first.signature, faultyNodes: [] };

    const { nodes } = this.#options.config.keyNetwork;
    const silent = await silentNodes(nodes);
    const running = nodes.filter((node) => !silent.includes(node)).map(({ index }) => index);
    if (running.length <= NODES_TO_SIGN) throw wrongShare(running, first.combineError);
    for (const index of running) {
      const { granted, signature } = await this.#run(wanted, expected, [index]);
      if (signature) return { granted, signature, faultyNodes: [index] };
    }
    throw wrongShare(running, first.combineError);
  }

  async #run(
    wanted: Wanted,
    expected: (answer: Granted) => Digest | undefined,
    exclude: readonly number[],
  ): Promise<Run> {
    const { call, request } = wanted;
    const { responses, signatures, combineError } = await this.#withRetry(NODES_TO_SIGN, (connection) =>
      this.#execute(connection, wanted, exclude),
    );
    const answer = mostCommonAnswer(responses);
    if (!answer.ok) throw gateRefused(answer.reason);
    const digest = expected(answer);
    if (digest === undefined || answer.digest !== digest) {
      throw networkFailed("Its nodes signed something else than they were asked to.", answer);
    }
    const combined = signatures?.[SIGNATURE_NAME[request.action]]?.signature;
    const signature = await verifiedSignature(call.publicKey, digest, combined);
    return { granted: answer, signature, combineError };
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
        const { nodes } = this.#options.config.keyNetwork;
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
    const connected = this.#options.config.keyNetwork.nodes.filter(({ url }) => urls.includes(url));
    const silent = await silentNodes(connected);
    if (silent.length > 0) throw new Error(`gone: ${silent.map(({ url }) => url).join(", ")}`);
  }
}

const commonPart = ({ role, publicKey, authorization, salt, walletSignature }: GateCall) => ({
  role,
  publicKey,
  ...authorization,
  ...(salt && { salt }),
  ...(walletSignature && { walletSignature }),
});
