import { describe, expect, it } from "vitest";
import { OPERATION_STEPS, type OperationView } from "#core/wallet-api/operation-view.ts";
import { anOperation, aProofNeed } from "../testing/samples.ts";
import {
  currentStep,
  operationCannot,
  operationOtherwise,
  operationStanding,
  operationTitle,
  pendingConsequences,
  stepWords,
} from "./operations.ts";

function at(step: number, changes: Partial<OperationView> = {}): OperationView {
  const operation = anOperation();
  const steps = operation.steps.map((each, index) => ({
    ...each,
    status: index < step ? ("done" as const) : index === step ? ("running" as const) : ("waiting" as const),
  }));
  return { ...operation, steps, ...changes };
}

describe("an operation in words", () => {
  it("is titled with its exact amount", () => {
    expect(operationTitle(anOperation().summary)).toBe("Withdraw 1,250.5 TUSD");
  });

  it("has a title and a sentence for every step there can be", () => {
    for (const id of OPERATION_STEPS) {
      const words = stepWords({ id, status: "waiting" });
      expect(words.title).not.toBe("");
      expect(words.detail).toMatch(/\.$/);
    }
  });

  it("says that a Ledger's step is done on the Ledger and a network's in the network", () => {
    expect(stepWords({ id: "cosign", status: "waiting", holder: "ledger", role: "mfa" })).toEqual({
      title: "The MFA key signs",
      detail: expect.stringContaining("On your Ledger"),
    });
    expect(stepWords({ id: "cosign", status: "waiting", holder: "network" }).detail).toContain("key network");
  });

  it("says what happens when nothing is done, and what it cannot do, for both kinds", () => {
    const { summary } = anOperation();
    expect(operationOtherwise(summary)).toContain("Nothing leaves your account");
    expect(operationCannot(summary)).toContain("cannot change your keys");
  });
});

describe("where an operation stands", () => {
  it("is at its first step that is not done", () => {
    expect(currentStep(at(2))?.id).toBe(anOperation().steps[2]?.id);
    expect(currentStep(at(99))).toBeUndefined();
  });

  it("has consequences to tell until it is submitted", () => {
    const submit = anOperation().steps.findIndex((step) => step.id === "submit");
    expect(pendingConsequences(at(0))?.otherwise).toContain("Nothing leaves your account");
    expect(pendingConsequences(at(0))?.then).toContain("leaves the account at once");
    expect(pendingConsequences(at(0, { effect: "afterSingleKeyDelay" }))?.then).toContain("can cancel it");
    expect(pendingConsequences(at(submit - 1))?.cannot).toContain("cannot change your keys");
    expect(pendingConsequences(at(submit))).toBeUndefined();
    expect(pendingConsequences(at(99))).toBeUndefined();
  });

  it("does not pretend that a trial could still undo the change", () => {
    const steps = [{ id: "trial" as const, status: "needs-you" as const }];
    expect(pendingConsequences(anOperation({ steps }))?.otherwise).toContain("holds the key already");
  });

  it("names the failure before anything else", () => {
    const operation = at(1, { status: "waiting", needs: { kind: "confirm" } });
    const steps = operation.steps.map((step, index) =>
      index === 1
        ? {
            ...step,
            status: "failed" as const,
            error: { code: "x", message: "Two nodes are away.", whatToDo: "Wait." },
          }
        : step,
    );
    expect(operationStanding({ ...operation, steps })).toBe("Two nodes are away.");
  });

  it.each([
    [{ kind: "confirm" } as const, "confirm window"],
    [{ kind: "proofs", need: aProofNeed() } as const, "prove who you are"],
    [{ kind: "ledger", state: "unlock" } as const, "your Ledger"],
  ])("names what it waits for: %s", (needs, words) => {
    expect(operationStanding(at(0, { needs }))).toContain(words);
  });

  it("tells running from stopped", () => {
    expect(operationStanding(at(0, { status: "running" }))).toMatch(/^Now: /);
    expect(operationStanding(at(0, { status: "waiting" }))).toMatch(/^Stopped before this step: /);
    expect(operationStanding(at(0, { status: "done" }))).toBe("Done.");
    expect(operationStanding(at(0, { status: "dropped" }))).toBe("Dropped. Nothing was sent.");
  });
});
