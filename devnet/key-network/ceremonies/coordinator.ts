import { randomBytes } from "node:crypto";
import type { Party } from "../threshold/polynomial.ts";
import { groupOf, nameNodes, type Network, signersNeeded } from "../transport/network.ts";
import type { Peers } from "../transport/peers.ts";
import type { Answer, Decision, Ready } from "./agreement.ts";
import { TIMING } from "./timing.ts";

/** Asks whether a node is there at all. */
export const PROBE_ROUND = "probe";
/** Carries a coordinator's decision to a node that waits for it. */
export const DECISION_ROUND = "decision";

/** What a coordinator needs of its way to the other nodes. */
export type Prober = Pick<Peers, "others" | "send">;

interface Meeting {
  readonly exclude: readonly Party[];
  /** What each ready node wants to sign. */
  readonly ready: Map<Party, string>;
  readonly waiting: Map<Party, (decision: Decision) => void>;
  readonly timers: NodeJS.Timeout[];
  outcome: { readonly agreement: string; readonly decision: Decision } | undefined;
}

/**
 * Lets nodes meet that are ready to sign the same: the first three of them sign. Coordinating needs no key share and
 * no run of the gate, and a coordinator decides nothing about the signature itself: every signer signs what its
 * own run asked for, or nothing.
 */
export class Coordinator {
  readonly #network: Network;
  readonly #peers: Prober;
  readonly #meetings = new Map<string, Meeting>();

  constructor(network: Network, peers: Prober) {
    this.#network = network;
    this.#peers = peers;
  }

  /**
   * Takes a node's readiness. Answers at once; when that is "wait", `decide` is called once, later.
   * @param meetingName the ceremony under which the nodes meet here
   */
  ready(meetingName: string, party: Party, ready: Ready, decide: (decision: Decision) => void): Answer {
    const meeting = this.#meetings.get(meetingName) ?? this.#open(meetingName, ready.exclude);
    if (meeting.outcome !== undefined) return lateAnswer(meeting.outcome, ready.agreement);
    meeting.ready.set(party, ready.agreement);
    const same = [...meeting.ready].filter(([, agreement]) => agreement === ready.agreement).map(([p]) => p);
    if (same.length >= signersNeeded(this.#network)) {
      const signers = same.sort((a, b) => a - b);
      const start = { kind: "start", ceremony: randomBytes(32).toString("hex"), signers } as const;
      this.#settle(meeting, ready.agreement, start);
      return start;
    }
    const possible = groupOf(this.#network).parties.filter((p) => !meeting.exclude.includes(p));
    if (possible.every((p) => meeting.ready.has(p))) {
      const disagreement = failure("runs-disagree", "The nodes' runs of the gate came to different results.");
      this.#settle(meeting, ready.agreement, disagreement);
      return disagreement;
    }
    meeting.waiting.set(party, decide);
    return { kind: "wait" };
  }

  /** Ends all waiting. */
  close(): void {
    for (const { timers } of this.#meetings.values()) for (const timer of timers) clearTimeout(timer);
  }

  #open(name: string, exclude: readonly Party[]): Meeting {
    const meeting: Meeting = {
      exclude,
      ready: new Map(),
      waiting: new Map(),
      timers: [],
      outcome: undefined,
    };
    this.#meetings.set(name, meeting);
    meeting.timers.push(
      setTimeout(() => void this.#lookForNodes(meeting), TIMING.reachability),
      setTimeout(() => this.#giveUp(meeting), TIMING.quorum),
      setTimeout(() => this.#meetings.delete(name), TIMING.memory),
    );
    return meeting;
  }

  #settle(meeting: Meeting, agreement: string, decision: Decision): void {
    meeting.outcome = { agreement, decision };
    for (const [party, decide] of meeting.waiting) {
      decide(meeting.ready.get(party) === agreement ? decision : lateAnswer(meeting.outcome, ""));
    }
    meeting.waiting.clear();
  }

  /** Fails a meeting early when the nodes it needs are not there. */
  async #lookForNodes(meeting: Meeting): Promise<void> {
    if (meeting.outcome !== undefined) return;
    const ceremony = randomBytes(32).toString("hex");
    const absent = this.#peers.others.filter((p) => !meeting.exclude.includes(p) && !meeting.ready.has(p));
    const probes = await Promise.allSettled(
      absent.map((to) => this.#peers.send(to, ceremony, PROBE_ROUND, {}, TIMING.acknowledge)),
    );
    const silent = absent.filter((_, index) => probes[index]?.status === "rejected");
    const possible = groupOf(this.#network).parties.length - meeting.exclude.length - silent.length;
    if (possible < signersNeeded(this.#network)) {
      this.#fail(meeting, "too-few-nodes", tooFew(this.#network, silent, meeting.exclude));
    }
  }

  #giveUp(meeting: Meeting): void {
    const ready = [...meeting.ready.keys()].sort((a, b) => a - b);
    const message =
      `Only ${nameNodes(ready)} came to sign this request; ${signersNeeded(this.#network)} are needed. ` +
      "The other nodes' runs of the gate failed or refused.";
    this.#fail(meeting, "too-few-ready", message);
  }

  #fail(meeting: Meeting, code: string, message: string): void {
    if (meeting.outcome === undefined) this.#settle(meeting, "", failure(code, message));
  }
}

/** Why a network with these absences cannot sign. */
export function tooFew(network: Network, silent: readonly Party[], exclude: readonly Party[]): string {
  const reasons = [
    ...(silent.length > 0 ? [`${nameNodes(silent)} did not answer`] : []),
    ...(exclude.length > 0 ? [`the request leaves out ${nameNodes(exclude)}`] : []),
  ];
  return `Signing needs ${signersNeeded(network)} nodes, and ${reasons.join(", and ")}. Start the nodes and try again.`;
}

function lateAnswer(outcome: NonNullable<Meeting["outcome"]>, agreement: string): Decision {
  if (outcome.decision.kind === "failed") return outcome.decision;
  if (outcome.agreement === agreement) return { kind: "unused" };
  return failure("runs-disagree", "This node's run of the gate came to another result than the others'.");
}

function failure(code: string, message: string): Decision {
  return { kind: "failed", code, message };
}
