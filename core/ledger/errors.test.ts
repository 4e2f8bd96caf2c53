import { describe, expect, it } from "vitest";
import { unexpectedError, walletErrorFrom } from "../errors/wallet-error.ts";
import { LEDGER_PROBLEMS, ledgerProblem, ledgerStateError, ledgerStateOf } from "./errors.ts";
import { LEDGER_STATES, LEDGER_TEXT } from "./states.ts";

describe("the errors of a Ledger", () => {
  it.each(LEDGER_STATES)("the state %s survives the way to another process", (state) => {
    const error = ledgerStateError(state, new Error("from the device"));
    expect(ledgerStateOf(error)).toBe(state);
    expect(ledgerStateOf(walletErrorFrom(error.toJSON()))).toBe(state);
    expect(error.message).toMatch(/\.$/);
    expect(error.whatToDo).toMatch(/\.$/);
  });

  it("says what to do in the words of the state", () => {
    expect(ledgerStateError("unlock").whatToDo).toBe(LEDGER_TEXT.unlock);
  });

  it("tells states from problems and from everything else", () => {
    const problems = Object.keys(LEDGER_PROBLEMS) as (keyof typeof LEDGER_PROBLEMS)[];
    for (const problem of problems) {
      expect(ledgerProblem(problem).code).toBe(`ledger-${problem}`);
      expect(ledgerStateOf(ledgerProblem(problem))).toBeUndefined();
    }
    expect(ledgerStateOf(unexpectedError(new Error("x")))).toBeUndefined();
    expect(ledgerStateOf(undefined)).toBeUndefined();
  });
});
