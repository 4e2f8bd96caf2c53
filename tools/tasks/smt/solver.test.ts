import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadZ3, type Solver } from "./solver.ts";

let solver: Solver;
beforeAll(async () => {
  solver = await loadZ3(60_000);
});
afterAll(async () => {
  await solver.close();
});

/** Horn clauses: a counter that begins at 0 and goes up by two, and something that it never is. */
const counter = (never: string) => `
  (set-option :timeout 0)
  (set-logic HORN)
  (declare-fun counts (Int) Bool)
  (assert (forall ((x Int)) (=> (= x 0) (counts x))))
  (assert (forall ((x Int) (y Int)) (=> (and (counts x) (= y (+ x 2))) (counts y))))
  (assert (forall ((x Int)) (=> (and (counts x) ${never}) false)))
  (check-sat)`;

describe("the solver", () => {
  test("tells what holds from what can be violated", async () => {
    expect(await solver.solve(counter("(< x 0)"))).toBe("sat");
    expect(await solver.solve(counter("(= x 4)"))).toBe("unsat");
  });

  test("has read all of a script before anything else is done with z3", async () => {
    const clauses = Array.from(
      { length: 3_000 },
      (_, index) =>
        `(declare-fun p${index} (Int) Bool) (assert (forall ((x Int)) (=> (= x ${index}) (p${index} x))))`,
    );
    const long = `(set-logic HORN) ${clauses.join("\n")} (check-sat)`;
    const answer = solver.solve(long);
    await expect(solver.solve(long)).rejects.toThrow("multiple async functions");
    expect(await answer).toBe("sat");
  });

  test("takes nothing that it cannot read, or that asserts nothing, for proved", async () => {
    await expect(solver.solve(counter("(< x unheard)"))).rejects.toThrow("unheard");
    await expect(solver.solve("(set-logic HORN) (check-sat)")).rejects.toThrow("asserts nothing");
  });
});
