import type { z } from "zod";
import { messageOf, NodeError } from "../errors.ts";
import type { HeldKey } from "../store/key-store.ts";
import { messageFrom } from "../threshold/fault.ts";
import type { Party } from "../threshold/polynomial.ts";
import {
  SigningCeremony,
  type SignatureShare,
  zNonceDeal,
  zNonceOpening,
  zNoncePoint,
} from "../threshold/signing.ts";
import { ABORT, type Mailbox } from "../transport/mailbox.ts";
import { groupOf, type Network, signersNeeded } from "../transport/network.ts";
import type { Peers } from "../transport/peers.ts";
import {
  agreementHash,
  type Answer,
  coordinators,
  type Decision,
  meetingId,
  type Ready,
  type SigningWish,
  zAnswer,
  zDecision,
  zReady,
} from "./agreement.ts";
import { Coordinator, DECISION_ROUND, tooFew } from "./coordinator.ts";
import { TIMING } from "./timing.ts";

/** Tells a coordinator that a node is ready to sign. */
export const READY_ROUND = "ready";

export interface SigningParts {
  readonly network: Network;
  readonly peers: Peers;
  readonly mailbox: Mailbox;
}

/** Finds the nodes that sign together, and signs with them. */
export class Signings {
  readonly #parts: SigningParts;
  readonly #coordinator: Coordinator;

  constructor(parts: SigningParts) {
    this.#parts = parts;
    this.#coordinator = new Coordinator(parts.network, parts.peers);
  }

  /**
   * Signs what this node's own run of the gate asked for, with two other nodes whose runs asked for the same.
   * Undefined when three others do, or when the request leaves this node out.
   * @throws NodeError when not enough nodes agree, or one of the signers stops
   */
  async sign(wish: SigningWish, key: HeldKey): Promise<SignatureShare | undefined> {
    const { peers, network } = this.#parts;
    if (wish.exclude.includes(peers.self)) return undefined;
    const { parties } = groupOf(network);
    if (parties.length - wish.exclude.length < signersNeeded(network)) {
      throw new NodeError("too-few-nodes", tooFew(network, [], wish.exclude), { status: 503 });
    }
    const decision = await this.#decision(wish, coordinators(wish.requestId, parties, wish.exclude));
    if (decision.kind === "unused") return undefined;
    if (decision.kind === "failed") throw new NodeError(decision.code, decision.message, { status: 503 });
    return this.#ceremony(decision, wish, key);
  }

  /** Takes another node's readiness, as this request's coordinator. */
  ready(from: Party, meeting: string, payload: unknown): Answer {
    return this.#coordinator.ready(meeting, from, zReady.parse(payload), (decision) => {
      // A node that cannot be reached any more misses the ceremony, which then names it as silent.
      this.#parts.peers
        .send(from, meeting, DECISION_ROUND, decision, TIMING.acknowledge)
        .catch(() => undefined);
    });
  }

  close(): void {
    this.#coordinator.close();
  }

  /**
   * Meets the other nodes at the first coordinator that answers. One that is slow may answer yet while the next is
   * asked already; the first decision counts.
   */
  async #decision(wish: SigningWish, order: readonly Party[]): Promise<Decision> {
    const { requestId, exclude } = wish;
    const ready: Ready = { requestId, agreement: agreementHash(wish), exclude: [...exclude] };
    const silent: Party[] = [];
    const slow: Promise<Decision>[] = [];
    for (const coordinator of order) {
      const meeting = this.#meet(coordinator, meetingId(requestId, coordinator), ready);
      const outcome = await Promise.race([...slow, meeting.decision, meeting.silence]).catch(movesOn);
      if (outcome !== undefined) return outcome;
      silent.push(coordinator);
      slow.push(meeting.decision.catch(never));
    }
    throw new NodeError("too-few-nodes", tooFew(this.#parts.network, silent, exclude), { status: 503 });
  }

  /**
   * Tells a coordinator that this node is ready.
   * @returns its decision, and its silence: undefined as soon as it has not even taken the message in time
   */
  #meet(
    coordinator: Party,
    meeting: string,
    ready: Ready,
  ): { readonly decision: Promise<Decision>; readonly silence: Promise<undefined> } {
    const { peers, mailbox } = this.#parts;
    if (coordinator === peers.self) {
      const decision = new Promise<Decision>((resolve) => {
        const answer = this.#coordinator.ready(meeting, peers.self, ready, resolve);
        if (answer.kind !== "wait") resolve(answer);
      });
      return { decision, silence: new Promise(() => undefined) };
    }
    const answered = peers
      .send(coordinator, meeting, READY_ROUND, ready, TIMING.quorum)
      .then((answer) => zAnswer.parse(answer));
    const decision = answered.then(async (answer) => {
      if (answer.kind !== "wait") return answer;
      const patience = TIMING.quorum + TIMING.acknowledge;
      const decisions = await mailbox.collect(meeting, DECISION_ROUND, [coordinator], zDecision, patience);
      return messageFrom(decisions, coordinator);
    });
    const silence = new Promise<undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), TIMING.acknowledge);
      void answered.finally(() => clearTimeout(timer)).catch(() => undefined);
    });
    return { decision, silence };
  }

  async #ceremony(
    { ceremony, signers }: Extract<Decision, { kind: "start" }>,
    { digest }: SigningWish,
    key: HeldKey,
  ): Promise<SignatureShare> {
    const { peers, mailbox } = this.#parts;
    const others = signers.filter((party) => party !== peers.self);
    /** Sends a round's messages and waits for the others'. */
    const exchange = async <T>(round: string, schema: z.ZodType<T>, payload: (to: Party) => unknown) => {
      const [received] = await Promise.all([
        mailbox.collect(ceremony, round, others, schema, TIMING.signingRound),
        peers.sendAll(others, ceremony, round, payload, TIMING.signingRound),
      ]);
      return received;
    };
    try {
      const signing = new SigningCeremony(key.share, signers, BigInt(digest));
      const own = signing.deal(peers.self);
      const deals = await exchange("deal", zNonceDeal, (to) => zNonceDeal.encode(signing.deal(to)));
      const opening = signing.open(deals.set(peers.self, own));
      const openings = await exchange("open", zNonceOpening, () => zNonceOpening.encode(opening));
      const point = signing.revealNonce(openings.set(peers.self, opening));
      const points = await exchange("nonce", zNoncePoint, () => zNoncePoint.encode(point));
      return signing.sign(points.set(peers.self, point));
    } catch (error) {
      await Promise.allSettled(
        others.map((to) => peers.send(to, ceremony, ABORT, messageOf(error), TIMING.acknowledge)),
      );
      throw error;
    }
  }
}

/** For failures of a coordinator after which the next one is asked. */
function movesOn(error: unknown): undefined {
  if (error instanceof NodeError && ["node-unreachable", "nodes-silent"].includes(error.code))
    return undefined;
  throw error;
}

/** Settles never: for what is too late to matter. */
async function never(): Promise<never> {
  return new Promise(() => undefined);
}
