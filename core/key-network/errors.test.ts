import { describe, expect, test } from "vitest";
import { walletErrorFrom } from "../errors/wallet-error.ts";
import { GATE_REASON_CODES, GATE_REASONS } from "../security/gate-reasons.ts";
import {
  gateRefused,
  nameNodes,
  networkUnreachable,
  refusalReason,
  tooFewNodes,
  wrongShare,
} from "./errors.ts";

describe("the errors of the key network", () => {
  test("name nodes in order", () => {
    expect(nameNodes([2])).toBe("node 2");
    expect(nameNodes([4, 2])).toBe("nodes 2 and 4");
    expect(nameNodes([4, 1, 2])).toBe("nodes 1, 2 and 4");
  });

  test("say how many nodes are stopped, which, and how many are needed", () => {
    expect(tooFewNodes([3, 2], 4, 3).message).toBe(
      "Two of four key nodes are stopped (nodes 2 and 3): three are needed.",
    );
    expect(tooFewNodes([1], 4, 4).message).toBe(
      "One of four key nodes is stopped (node 1): four are needed.",
    );
    expect(tooFewNodes([1], 12, 12).message).toBe("One of 12 key nodes is stopped (node 1): 12 are needed.");
  });

  test("say who does not answer, where it is known", () => {
    expect(networkUnreachable([], undefined).message).toBe("The key network does not answer.");
    expect(networkUnreachable([3], undefined).message).toBe("Key node 3 does not answer.");
    expect(networkUnreachable([3, 1], undefined).message).toBe("Key nodes 1 and 3 do not answer.");
  });

  test("name the nodes among which a wrong one is", () => {
    expect(wrongShare([1, 2, 4]).message).toContain("One of the key nodes 1, 2 and 4 returned a wrong share");
  });

  test.each(GATE_REASON_CODES)("carry the gate's reason %s over a process border", (reason) => {
    const arrived = walletErrorFrom(gateRefused(reason).toJSON());
    expect(refusalReason(arrived)).toBe(reason);
    expect(arrived).toMatchObject(GATE_REASONS[reason]);
  });

  test("give no reason for what is no refusal", () => {
    expect(refusalReason({ code: "network-too-few-nodes" })).toBeUndefined();
    expect(refusalReason({ code: "gate-refused-because" })).toBeUndefined();
  });
});
