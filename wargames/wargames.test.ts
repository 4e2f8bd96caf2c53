import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
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
  "stolen device key, and forged session JWTs",
  "somebody else sets records for network-held keys",
  "a thief's session deletes what unlocks the device key",
  "gate governance hostile: publishes a gate that signs everything",
  "primary and most secondary keys leaked",
  "a defaulting debtor archives",
  "one of two keys compromised: the Ledger, through ERC-4337's EntryPoint",
  "one of two keys compromised: the Ledger, by signatures for other contracts (ERC-1271)",
]);

const chosen = [...QUICK].flatMap((name) => SCENARIOS.find((scenario) => scenario.name === name) ?? []);

// The Lit client warns whenever there is no browser storage.
const mute = () => vi.spyOn(console, "warn").mockReturnValue(undefined);

let world: WargameWorld | undefined;
let village: Village | undefined;
beforeAll(async () => {
  mute();
  world = await WargameWorld.start();
  village = await Village.found(world);
});
beforeEach(() => {
  mute();
});
afterAll(async () => {
  await village?.dissolve();
  await world?.stop();
});

describe("the complete system goes as the explorer says and the design promises", () => {
  test("for every scenario that is named here", () => {
    expect(chosen.map(({ name }) => name)).toEqual([...QUICK]);
  });

  test.each(chosen)("$name", async (scenario) => {
    if (!world || !village) throw new Error("the world did not start");
    const row = await play(world, village, scenario);
    expect(row.broken).toEqual([]);
    expect(row.explorerSays).toBeUndefined();
    expect(isGood(row)).toBe(true);
  });
});
