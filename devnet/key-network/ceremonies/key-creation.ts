import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { PublicKey } from "#core/keys/public-key.ts";
import { type Address, zAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { messageOf, NodeError } from "../errors.ts";
import { type CreateKeyRequest, zCreateKeyRequest } from "../gate/request.ts";
import type { SessionVerifier } from "../session/session-signature.ts";
import { heldKey, type HeldKey, type KeyStore } from "../store/key-store.ts";
import { KeyCreation, zCommitMessage, zDealMessage } from "../threshold/key-creation.ts";
import type { Party } from "../threshold/polynomial.ts";
import { ABORT, type Mailbox } from "../transport/mailbox.ts";
import { groupOf, type Network } from "../transport/network.ts";
import type { Peers } from "../transport/peers.ts";
import { TIMING } from "./timing.ts";

/** Asks a node to take part in a key's creation. */
export const CREATE_ROUND = "create-key";
/** Asks a node whether it holds an active share of a key. */
export const STATUS_ROUND = "key-status";

const zStored = z.strictObject({ transcript: z.string(), address: zAddress });
const zStatusQuestion = z.strictObject({ address: zAddress });
const zStatusAnswer = z.strictObject({ active: z.boolean() });

export interface KeyCreationParts {
  readonly network: Network;
  readonly peers: Peers;
  readonly mailbox: Mailbox;
  readonly store: KeyStore;
  readonly sessions: SessionVerifier;
}

/**
 * Makes keys together with all other nodes. Each node checks the person's session itself, so that no node can make
 * a key in somebody's name. A share becomes active when all nodes have said that theirs is on the disk; until then
 * nobody uses it, so a creation that was interrupted leaves nothing usable.
 */
export class KeyCreations {
  readonly #parts: KeyCreationParts;
  /** Creations under way, by request: the same request sent twice makes one key. */
  readonly #running = new Map<string, Promise<HeldKey>>();

  constructor(parts: KeyCreationParts) {
    this.#parts = parts;
  }

  /**
   * Makes a key for a session's device key. The same request always gives the same key.
   * @throws NodeError when the session is not valid, or a node is missing or gives up
   */
  async create(request: CreateKeyRequest): Promise<{ publicKey: PublicKey; address: Address }> {
    const creator = await this.#creator(request, this.#parts.peers.self);
    const id = `${request.requestId}|${creator}`;
    const running = this.#running.get(id) ?? this.#createOnce(request, creator);
    this.#running.set(id, running);
    try {
      const { publicKey, address } = await running;
      return { publicKey, address };
    } finally {
      this.#running.delete(id);
    }
  }

  /** Takes part in a creation that another node coordinates. It goes on after this has returned. */
  async join(coordinator: Party, ceremony: string, payload: unknown): Promise<void> {
    const request = zCreateKeyRequest.parse(payload);
    const creator = await this.#creator(request, coordinator);
    if ((await this.#finished(request.requestId, creator)) !== undefined) {
      throw new NodeError("request-used", "It has a key of this request already.", { status: 409 });
    }
    // The coordinator hears of a failure by the abort that #takePart sends.
    this.#takePart(ceremony, creator, request.requestId).catch(() => undefined);
  }

  /** Whether this node's share of a key is active. */
  status(payload: unknown): z.input<typeof zStatusAnswer> {
    const { address } = zStatusQuestion.parse(payload);
    return { active: this.#parts.store.active(address) !== undefined };
  }

  /**
   * This node's active share. A share that is still pending, because this node stopped just before the end of the
   * creation, is made active when another node holds it active: then every node had stored it.
   */
  async find(address: Address): Promise<HeldKey | undefined> {
    const { store } = this.#parts;
    if (store.active(address) === undefined && store.pending(address) !== undefined) {
      if (await this.#isActiveElsewhere(address)) await store.activate(address);
    }
    return store.active(address);
  }

  async #createOnce(request: CreateKeyRequest, creator: Address): Promise<HeldKey> {
    const { peers } = this.#parts;
    const finished = await this.#finished(request.requestId, creator);
    if (finished !== undefined) return finished;
    const ceremony = randomBytes(32).toString("hex");
    const answers = await Promise.allSettled(
      peers.others.map((to) => peers.send(to, ceremony, CREATE_ROUND, request, TIMING.acknowledge)),
    );
    const failures = answers.flatMap((answer) =>
      answer.status === "rejected" ? [messageOf(answer.reason)] : [],
    );
    if (failures.length > 0) {
      const why = `A key needs every node of the network. ${failures.join(" ")} Try again when all nodes run.`;
      await this.#abort(ceremony, why);
      throw new NodeError("nodes-missing", why, { status: 503 });
    }
    return this.#takePart(ceremony, creator, request.requestId);
  }

  /** The key that a request has made already. */
  async #finished(requestId: Hex, creator: Address): Promise<HeldKey | undefined> {
    for (const { address } of this.#parts.store.ofRequest(requestId, creator)) {
      const key = await this.find(address);
      if (key !== undefined) return key;
    }
    return undefined;
  }

  async #takePart(ceremony: string, creator: Address, requestId: Hex): Promise<HeldKey> {
    try {
      return await this.#run(ceremony, creator, requestId);
    } catch (error) {
      await this.#abort(ceremony, messageOf(error));
      throw error;
    }
  }

  async #run(ceremony: string, creator: Address, requestId: Hex): Promise<HeldKey> {
    const { network, peers, store } = this.#parts;
    const group = groupOf(network);
    const creation = new KeyCreation(ceremony, group, peers.self);

    const commit = creation.commit();
    const commits = await this.#exchange(ceremony, "commit", zCommitMessage, () => commit);
    const deals = await this.#exchange(ceremony, "deal", zDealMessage, (to) =>
      zDealMessage.encode(creation.deal(to)),
    );
    const share = creation.finish(
      commits.set(peers.self, commit),
      deals.set(peers.self, creation.deal(peers.self)),
    );
    const key = heldKey(share, creator, requestId);
    await store.addPending(key);
    const stored = { transcript: share.transcript, address: key.address };
    for (const [party, theirs] of await this.#exchange(ceremony, "stored", zStored, () => stored)) {
      if (theirs.transcript !== stored.transcript || theirs.address !== stored.address) {
        throw new NodeError("nodes-disagree", `Node ${party} saw other messages than this node.`, {
          status: 502,
        });
      }
    }
    await store.activate(key.address);
    return key;
  }

  /** Sends a round's messages and waits for the others'. */
  async #exchange<T>(
    ceremony: string,
    round: string,
    schema: z.ZodType<T>,
    payload: (to: Party) => unknown,
  ): Promise<Map<Party, T>> {
    const { peers, mailbox } = this.#parts;
    const [received] = await Promise.all([
      mailbox.collect(ceremony, round, peers.others, schema, TIMING.creationRound),
      peers.sendAll(peers.others, ceremony, round, payload, TIMING.creationRound),
    ]);
    return received;
  }

  async #abort(ceremony: string, why: string): Promise<void> {
    const { peers } = this.#parts;
    // Whom it does not reach notices by itself that nothing comes any more.
    await Promise.allSettled(
      peers.others.map((to) => peers.send(to, ceremony, ABORT, why, TIMING.acknowledge)),
    );
  }

  async #creator({ sessionSig }: CreateKeyRequest, receiver: Party): Promise<Address> {
    const url = this.#parts.network.nodes.find(({ index }) => index === receiver)?.url;
    if (url === undefined) throw new RangeError(`There is no node ${receiver}.`);
    const session = await this.#parts.sessions.verify(sessionSig, url);
    if (!session.mayRunSome) {
      throw new NodeError("session-without-right", "The session gives no right to run gates.", {
        status: 403,
      });
    }
    return session.device;
  }

  async #isActiveElsewhere(address: Address): Promise<boolean> {
    const { peers } = this.#parts;
    const ceremony = randomBytes(32).toString("hex");
    const answers = await Promise.allSettled(
      peers.others.map((to) => peers.send(to, ceremony, STATUS_ROUND, { address }, TIMING.acknowledge)),
    );
    return answers.some((answer) => {
      return answer.status === "fulfilled" && zStatusAnswer.safeParse(answer.value).data?.active === true;
    });
  }
}
