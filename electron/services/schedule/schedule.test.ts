import { afterAll, beforeAll, expect, test } from "vitest";
import { TestFriend } from "#core/friends/testing/friend.ts";
import { letterToFile, readLetter } from "#core/friends/wire.ts";
import { keyId } from "#core/keys/key.ts";
import { accountReader } from "../chain/account-reader.ts";
import { as, person } from "../friends/testing/person.ts";
import { addFriend } from "../operations/intents/add-friend.ts";
import { change } from "../operations/intents/change.ts";
import type { Intent } from "../operations/intents/intent.ts";
import { World } from "../testing/world.ts";
import { createSchedule } from "./schedule.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

test("what is due has run only once the account no longer has it waiting, whatever the relay says", async () => {
  const { directory } = await world.createAccount();
  const { operations, finish, chain, relay, get } = await world.startApp(directory);
  await finish(await operations.start(change({ kind: "archive" }, ["device", "mfa"])));
  const asked = await finish(await operations.start(change({ kind: "unfreeze" }, ["recovery"])));
  const { transactionHash } = asked;
  if (!transactionHash) throw new Error("nothing was sent");
  const options = { chain, reader: accountReader(chain), profile: { get }, now: () => world.now() };
  const [waiting] = await createSchedule({ ...options, relay }).list();
  if (!waiting) throw new Error("nothing is scheduled");
  await world.passChainTime(8 * 86_400);
  const lying = createSchedule({ ...options, relay: () => Promise.resolve(transactionHash) });
  await expect(lying.run(waiting.id)).rejects.toMatchObject({ code: "not-run" });
  const honest = createSchedule({ ...options, relay });
  await honest.run(waiting.id);
  expect(await honest.list()).toEqual([]);
});

test("what several keys proposed names every one of them, and the friend who holds one where this computer knows", async () => {
  const ana = await person(world);
  const { operations, finish, friends, chain, relay, get } = ana;
  const make = async (intent: Intent) => finish(await operations.start(intent));
  const ben = new TestFriend(`0x${"b1".repeat(32)}`);
  await make(addFriend("recovery", { key: ben.key, holder: "friend", detail: "Ben" }));
  await make(change({ kind: "setThreshold", role: "recovery", threshold: 2 }));
  await make(change({ kind: "archive" }, ["device", "mfa"]));
  const { id } = await make(change({ kind: "unfreeze" }, ["recovery"]));
  const request = readLetter((await friends.request(id, { from: "Ana", reason: "" })).file);
  if (request.kind !== "request") throw new Error("no request");
  const answer = letterToFile(await ben.answer(request));
  expect((await ana.rest(as(await friends.open(answer), "signature").operation)).status).toBe("done");

  const proposers = async (profile: Parameters<typeof createSchedule>[0]["profile"]) => {
    const options = { chain, relay, reader: accountReader(chain), profile, now: () => world.now() };
    const [scheduled] = await createSchedule(options).list();
    return scheduled?.proposers;
  };
  const [network] = (await get()).keys.recovery;
  if (!network) throw new Error("no recovery key");
  const [ids, role] = [{ network: keyId(network.key), ben: keyId(ben.key) }, "recovery"];
  const known = await proposers({ get });
  expect(known).toHaveLength(2);
  expect(known).toEqual(
    expect.arrayContaining([
      { id: ids.network, role },
      { id: ids.ben, role, friend: "Ben" },
    ]),
  );
  const elsewhere = await proposers({
    get: async () => ({ ...(await get()), keys: { device: [], mfa: [], recovery: [] } }),
  });
  expect(elsewhere).toEqual(known?.map(({ id: key }) => ({ id: key, role })));
});
