import { describe, expect, it } from "vitest";
import { mixedScripts } from "./scripts.ts";
import { LABELLED } from "./testing/labelled-set.ts";

describe("a mixture of scripts", () => {
  it.each([
    ["Bеn Miller", ["Latin", "Cyrillic"]],
    ["Ρaul", ["Latin", "Greek"]],
  ])("in one word of %s is told", (name, scripts) => {
    expect(mixedScripts(name)).toEqual(scripts);
  });

  it.each(["Ben Мiля".replace("i", "и"), "東京タワー", "김철수 Kim", "Ольга (Olga)", "O'Brien", "Ben 2"])(
    "is nothing in %s",
    (name) => {
      expect(mixedScripts(name)).toEqual([]);
    },
  );

  it("is never said of an honest stranger of the labelled set", () => {
    const honest = LABELLED.filter(({ imitates }) => imitates === undefined);
    expect(honest.filter(({ name }) => name !== undefined && mixedScripts(name).length > 0)).toEqual([]);
  });
});
