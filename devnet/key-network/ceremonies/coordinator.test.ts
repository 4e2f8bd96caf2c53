import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { zPublicKey } from "#core/keys/public-key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NodeError } from "../errors.ts";
import type { Network } from "../transport/network.ts";
import { agreementHash, coordinators, meetingId, type Decision, type SigningWish } from "./agreement.ts";
import { Coordinator, type Prober } from "./coordinator.ts";
import { TIMING } from "./timing.ts";

const NODES = [1, 2, 3, 4];
const NETWORK: Network = {
  degree: 1,
  nodes: NODES.map((index) => ({
    index,
    url: `http://127.0.0.1:${5000 + index}`,
    publicKey: "A".repeat(43),
  })),
};
const [HASH, OTHER_HASH] = ["ab".repeat(32), "cd".repeat(32)];
const REQUEST = `0x${"11".repeat(32)}` as const;

/** The node under test is node 1; of the others, those listed do not answer. */
const prober = (silent: readonly number[] = []): Prober => ({
  others: [2, 3, 4],
  send: async (to) => {
    if (silent.includes(to)) throw new NodeError("node-unreachable", "gone");
  },
});

/** Lets nodes come to one meeting, and keeps what each of them is told. */
class Meeting {
  readonly told = new Map<number, Decision>();
  readonly #coordinator: Coordinator;

  constructor(silent: readonly number[] = []) {
    this.#coordinator = new Coordinator(NETWORK, prober(silent));
  }

  comes(party: number, agreement = HASH, exclude: number[] = []): void {
    const ready = { requestId: REQUEST, agreement, exclude };
    const answer = this.#coordinator.ready(meetingId(REQUEST, 1), party, ready, (decision) => {
      this.told.set(party, decision);
    });
    if (answer.kind !== "wait") this.told.set(party, answer);
  }

  close(): void {
    this.#coordinator.close();
  }
}

let meeting: Meeting;
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  meeting.close();
  vi.useRealTimers();
});

describe("a coordinator", () => {
  test("has the first three nodes sign that want the same, and tells the fourth that it is not needed", () => {
    meeting = new Meeting();
    for (const party of [4, 2]) meeting.comes(party);
    expect(meeting.told.size).toBe(0);
    for (const party of [1, 3]) meeting.comes(party);
    const start = meeting.told.get(1);
    expect(start).toMatchObject({ kind: "start", signers: [1, 2, 4] });
    expect([meeting.told.get(2), meeting.told.get(4)]).toEqual([start, start]);
    expect(meeting.told.get(3)).toEqual({ kind: "unused" });
  });

  test("leaves out the one node that wants something else, whenever it comes", () => {
    for (const position of [0, 1, 2, 3]) {
      meeting = new Meeting();
      const order = [1, 2, 3];
      order.splice(position, 0, 4);
      for (const party of order) meeting.comes(party, party === 4 ? OTHER_HASH : HASH);
      expect(meeting.told.get(1)).toMatchObject({ kind: "start", signers: [1, 2, 3] });
      expect(meeting.told.get(4)).toMatchObject({ kind: "failed", code: "runs-disagree" });
      meeting.close();
    }
  });

  test("says so at once when the nodes want different things", () => {
    meeting = new Meeting();
    for (const party of NODES) meeting.comes(party, party % 2 === 0 ? HASH : OTHER_HASH);
    expect([...meeting.told.values()].map((decision) => "code" in decision && decision.code)).toEqual(
      Array.from({ length: 4 }, () => "runs-disagree"),
    );
  });

  test("gives up soon when too few nodes are there, and names those that are missing", async () => {
    meeting = new Meeting([2, 4]);
    meeting.comes(1);
    meeting.comes(3);
    await vi.advanceTimersByTimeAsync(TIMING.reachability);
    expect(meeting.told.get(3)).toMatchObject({
      code: "too-few-nodes",
      message: expect.stringMatching(/nodes 2 and 4 did not answer/),
    });
  });

  test("counts excluded nodes as missing", async () => {
    meeting = new Meeting([2]);
    meeting.comes(1, HASH, [3]);
    await vi.advanceTimersByTimeAsync(TIMING.reachability);
    expect(meeting.told.get(1)).toMatchObject({
      message: expect.stringMatching(/node 2 did not answer, and the request leaves out node 3/),
    });
  });

  test("waits for nodes that are there but slow, and gives up in the end", async () => {
    meeting = new Meeting([2]);
    meeting.comes(1);
    meeting.comes(3);
    await vi.advanceTimersByTimeAsync(TIMING.quorum - 1);
    expect(meeting.told.size).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(meeting.told.get(1)).toMatchObject({
      code: "too-few-ready",
      message: expect.stringMatching(/Only nodes 1 and 3 came/),
    });
    meeting.comes(4);
    expect(meeting.told.get(4)).toMatchObject({ code: "too-few-ready" });
  });
});

describe("agreement", () => {
  const wish: SigningWish = {
    requestId: REQUEST,
    device: toAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
    gateCid: "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o",
    publicKey: zPublicKey.parse(`0x04${"22".repeat(64)}`),
    digest: `0x${"33".repeat(32)}`,
    sigName: "operation",
    exclude: [],
  };

  test.each<[string, Partial<SigningWish>]>([
    ["request", { requestId: `0x${"12".repeat(32)}` }],
    ["device key", { device: toAddress(`0x${"44".repeat(20)}`) }],
    ["gate", { gateCid: "QmUjX8MW6StQ7NKNdaS6g4RMkvN5hcgtKmEi8Mca6oX4t3" }],
    ["key", { publicKey: zPublicKey.parse(`0x04${"23".repeat(64)}`) }],
    ["digest", { digest: `0x${"34".repeat(32)}` }],
    ["name", { sigName: "record" }],
    ["list of excluded nodes", { exclude: [1] }],
  ])("is another for another %s", (_what, change) => {
    expect(agreementHash({ ...wish, ...change })).not.toBe(agreementHash(wish));
  });

  test("asks coordinators in the same order on every node, all but the excluded, and not always the same first", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(NODES),
        fc.shuffledSubarray(NODES, { minLength: 4 }),
        (exclude, known) => {
          const order = coordinators(REQUEST, known, exclude);
          expect(order).toEqual(coordinators(REQUEST, NODES, exclude));
          expect([...order].sort()).toEqual(NODES.filter((party) => !exclude.includes(party)));
        },
      ),
    );
    const firsts = Array.from({ length: 50 }, (_, index) => {
      return coordinators(`0x${index.toString(16).padStart(64, "0")}`, NODES, [])[0];
    });
    expect(new Set(firsts).size).toBe(4);
  });
});
