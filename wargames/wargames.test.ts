import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isGood } from "./run.ts";
import { play, Village } from "./play.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { WargameWorld } from "./world/world.ts";

/** One of each kind that is quickly played; all of them are played by `npm run wargames`. */
const QUICK = new Set([
  "stolen device key",
  "stolen recovery key",
  "compromised disk: the profile folder and the mailbox",
  "script injection in the interface",
  "gate governance hostile: publishes a gate that signs everything",
  "primary and most secondary keys leaked",
  "a defaulting debtor archives",
]);

const chosen = [...QUICK].flatMap((name) => SCENARIOS.find((scenario) => scenario.name === name) ?? []);

let world: WargameWorld;
let village: Village;
beforeAll(async () => {
  // The Lit client warns whenever there is no browser storage.
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  world = await WargameWorld.start();
  village = await Village.found(world);
});
afterAll(async () => {
  await village.dissolve();
  await world.stop();
});

describe("the complete system goes as the explorer says and the design promises", () => {
  test("for every scenario that is named here", () => {
    expect(chosen.map(({ name }) => name)).toEqual([...QUICK]);
  });

  test.each(chosen)("$name", async (scenario) => {
    const row = await play(world, village, scenario);
    expect(row.broken).toEqual([]);
    expect(row.explorerSays).toBeUndefined();
    expect(isGood(row)).toBe(true);
  });
});
