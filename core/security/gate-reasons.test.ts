import { describe, expect, test } from "vitest";
import { GATE_REASON_CODES, GATE_REASONS, GateRefusal } from "./gate-reasons.ts";

describe("gate reasons", () => {
  test.each(GATE_REASON_CODES)("%s says in whole sentences what happened and what to do", (reason) => {
    const { message, whatToDo } = GATE_REASONS[reason];
    for (const sentence of [message, whatToDo]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  test("a refusal carries its reason, its sentence and its cause", () => {
    const cause = new Error("why");
    const refusal = new GateRefusal("token-expired", { cause });
    expect(refusal).toMatchObject({ name: "GateRefusal", reason: "token-expired", cause });
    expect(refusal.message).toBe(GATE_REASONS["token-expired"].message);
  });
});
