import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CHECK_INTERVAL, LETTER_LIFETIME } from "#core/friends/limits.ts";
import { TestFriend } from "#core/friends/testing/friend.ts";
import { readLetter } from "#core/friends/wire.ts";
import { keyId } from "#core/keys/key.ts";
import { type Hex, NO_SALT, zBytes32 } from "#core/primitives/hex.ts";
import { addFriend } from "../operations/intents/add-friend.ts";
import { change } from "../operations/intents/change.ts";
import { World } from "../testing/world.ts";
import { as, type Person, person } from "./testing/person.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

/** Ben's key in the place of the network's recovery key, from nothing; every letter goes by link. */
async function befriend(ana: Person, ben: Person, hidden = true) {
  const invitation = await ana.friends.invite({
    name: "Ben",
    from: "Ana",
    role: "recovery",
    hidden,
    holder: "friend",
  });
  const answer = await ben.friends.answer(invitation.link ?? "");
  const opened = as(await ana.friends.open(answer.link ?? ""), "acceptance");
  expect(opened.code).toBe(answer.code);
  const [network] = opened.instead;
  const started = await ana.friends.add(answer.file, network?.id);
  expect((await ana.finish(started)).status).toBe("done");
  return { invitation, answer, opened };
}

describe("two people, each in their own Trivet", () => {
  test("become friends by two letters, whose digits agree at both ends", async () => {
    const [ana, ben] = [await person(world), await person(world)];
    const { opened } = await befriend(ana, ben);
    expect(opened).toMatchObject({ name: "Ben", role: "recovery", hidden: true });
    const view = await ana.friends.view();
    expect(view.friends).toMatchObject([
      { name: "Ben", role: "recovery", hidden: true, active: true, checkDue: false, signer: opened.signer },
    ]);
    expect([view.invitations, view.ownName]).toEqual([[], "Ana"]);
    expect((await ben.friends.view()).standings).toMatchObject([
      { account: ana.account, from: "Ana", role: "recovery", signer: opened.signer },
    ]);
    const [held] = (await ana.get()).keys.recovery;
    expect(held?.key.salt).not.toBe(NO_SALT);
    expect(opened.signer).not.toBe((await ben.get()).keys.device[0]?.key.signer);
  });

  test("bring about what needs them both, over restarts at both ends", async () => {
    const [ana, ben] = [await person(world), await person(world)];
    await befriend(ana, ben, false);
    const started = await ana.operations.start(change({ kind: "archive" }, ["device", "recovery"]));
    const waiting = await ana.finish(started);
    expect(waiting.needs).toMatchObject({ kind: "friends", missing: 1, friends: [{ name: "Ben" }] });
    const request = await ana.friends.request(waiting.id, { from: "Ana", reason: "My laptop was stolen." });

    const benLater = await ben.open();
    const asked = as(await benLater.friends.open(request.file), "request");
    expect(asked).toMatchObject({
      from: "Ana",
      knownAs: "Ana",
      title: "Archive account",
      code: request.code,
    });
    const answer = await benLater.friends.answer(request.file);

    const anaLater = await ana.open();
    const taken = as(await anaLater.friends.open(answer.qr?.join("\n") ?? ""), "signature");
    expect((await anaLater.rest(taken.operation)).status).toBe("done");
  });

  test("find each other again when one has lost everything and cannot name the other's key", async () => {
    const [ana, ben] = [await person(world), await person(world)];
    const { opened } = await befriend(ana, ben);
    const waiting = await ana.finish(
      await ana.operations.start(change({ kind: "archive" }, ["device", "recovery"])),
    );
    const request = readLetter((await ana.friends.request(waiting.id, { from: "Ana", reason: "" })).file);
    if (request.kind !== "request") throw new Error("no request");
    const json = {
      ...(JSON.parse((await ana.friends.request(waiting.id, { from: "Ana", reason: "" })).file) as object),
      keys: [],
    };
    const answer = readLetter((await ben.friends.answer(JSON.stringify(json))).file);
    expect(answer.kind === "signature" && keyId(answer.key)).toBe(
      keyId(request.keys[0] ?? { signer: opened.signer, salt: NO_SALT }),
    );
    const stranger = await person(world);
    await expect(stranger.friends.answer(JSON.stringify(json))).rejects.toMatchObject({
      code: "letter-not-yours",
    });
  });

  test("cost the chain nothing each when the list is opened again: what signed as a plain key stays one", async () => {
    const ana = await person(world);
    const friends = ["b1", "c1", "d1"].map((byte) => new TestFriend(`0x${byte.repeat(32)}`));
    for (const { key } of friends) {
      const added = addFriend("recovery", { key, holder: "friend", detail: "A friend" });
      expect((await ana.finish(await ana.operations.start(added))).status).toBe("done");
    }
    const requests = vi.spyOn(ana.chain.client, "request");
    /** How many requests about the friends' addresses one opening of the list takes. */
    const opening = async () => {
      requests.mockClear();
      expect((await ana.friends.view()).friends).toHaveLength(friends.length);
      const calls: readonly unknown[] = requests.mock.calls;
      return calls.filter((call) => JSON.stringify(call).includes("eth_getCode")).length;
    };
    expect([await opening(), await opening()]).toEqual([3, 0]);
  });

  test("see once a year that the other is still there", async () => {
    const [ana, ben] = [await person(world), await person(world)];
    await befriend(ana, ben);
    ana.pass(CHECK_INTERVAL + 1);
    const [due] = (await ana.friends.view()).friends;
    if (!due) throw new Error("no friend");
    expect(due.checkDue).toBe(true);
    ben.pass(CHECK_INTERVAL + 1);
    // The vault has the world's own time, in which a letter of next year is from the future.
    ana.pass(-CHECK_INTERVAL);
    const check = await ana.friends.check(due.id);
    const presence = await ben.friends.answer(check.file);
    expect(as(await ana.friends.open(presence.file), "presence").name).toBe("Ben");
    await expect(ana.friends.open(presence.file)).rejects.toMatchObject({ code: "answer-unknown" });
    const [seen] = (await ana.friends.view()).friends;
    expect([seen?.checkDue, seen?.checkedUntil]).toEqual([false, undefined]);
  });
});

test("a friend takes the place of one who is gone, signed by the keys that the person chose", async () => {
  const [ana, ben, carla] = [await person(world), await person(world), await person(world)];
  /** An answer to an invitation to hold the MFA key, and the key whose place it can take. */
  const accepted = async (friend: Person, name: string) => {
    const wish = { name, from: "Ana", role: "mfa", hidden: false, holder: "friend" } as const;
    const { file } = await friend.friends.answer((await ana.friends.invite(wish)).file);
    return { file, instead: as(await ana.friends.open(file), "acceptance").instead[0]?.id };
  };
  const bens = await accepted(ben, "Ben");
  expect((await ana.finish(await ana.friends.add(bens.file, bens.instead))).status).toBe("done");

  const carlas = await accepted(carla, "Carla");
  const { ways } = await ana.friends.reviewAddition(carlas.file, carlas.instead);
  expect(ways.map(({ roles }) => roles)).toEqual([
    ["device", "recovery"],
    ["device", "mfa"],
  ]);
  await expect(ana.friends.add(carlas.file, carlas.instead, ["recovery"])).rejects.toMatchObject({
    code: "no-authority",
  });
  const added = await ana.finish(await ana.friends.add(carlas.file, carlas.instead, ["device", "recovery"]));
  expect(added.status).toBe("done");
  expect((await ana.get()).keys.mfa.map(({ detail }) => detail)).toEqual(["Carla"]);
});

test("a check that falls due is told once, also after a restart, and again a year after the answer", async () => {
  const [ana, ben] = [await person(world), await person(world)];
  await befriend(ana, ben);
  expect(await ana.friends.fallenDue()).toEqual([]);
  ana.pass(CHECK_INTERVAL + 1);
  expect(await ana.friends.fallenDue()).toEqual(["Ben"]);
  expect(await ana.friends.fallenDue()).toEqual([]);
  const later = await ana.open();
  expect(await later.friends.fallenDue()).toEqual([]);

  const [friend] = (await ana.friends.view()).friends;
  if (!friend) throw new Error("no friend");
  // The vault has the world's own time, in which a letter of next year is from the future.
  ana.pass(-CHECK_INTERVAL);
  const presence = await ben.friends.answer((await ana.friends.check(friend.id)).file);
  await ana.friends.open(presence.file);
  ana.pass(CHECK_INTERVAL - 10);
  expect(await ana.friends.fallenDue()).toEqual([]);
  ana.pass(20);
  expect(await ana.friends.fallenDue()).toEqual(["Ben"]);
});

test("nobody is reminded of a friend whose key the account no longer counts", async () => {
  const [ana, ben] = [await person(world), await person(world)];
  await befriend(ana, ben);
  const [friend] = (await ana.friends.view()).friends;
  if (!friend) throw new Error("no friend");
  const carla = await person(world);
  const invitation = await ana.friends.invite({
    name: "Carla",
    from: "Ana",
    role: "recovery",
    hidden: false,
    holder: "friend",
  });
  const answer = await carla.friends.answer(invitation.link ?? "");
  const added = await ana.finish(await ana.friends.add(answer.file));
  expect(added.status).toBe("done");
  const removal = await ana.operations.start(
    change({ kind: "removeKey", key: friend.id }, ["device", "mfa"]),
  );
  expect((await ana.finish(removal)).status).toBe("done");
  ana.pass(CHECK_INTERVAL + 1);
  expect(await ana.friends.fallenDue()).toEqual(["Carla"]);
});

describe("a letter", () => {
  test("that answers an invitation counts once, in time, and not once it was taken back", async () => {
    const [ana, ben] = [await person(world), await person(world)];
    const wish = { name: "Ben", from: "Ana", role: "recovery", hidden: true, holder: "friend" } as const;
    const first = await ana.friends.invite(wish);
    const answer = await ben.friends.answer(first.file);
    ana.pass(LETTER_LIFETIME + 1);
    await expect(ana.friends.open(answer.file)).rejects.toMatchObject({ code: "letter-expired" });
    ana.pass(-LETTER_LIFETIME - 1);
    const [open] = (await ana.friends.view()).invitations;
    const letter = readLetter(answer.file);
    expect(letter.kind === "acceptance" && letter.invitation).toBe(open?.id);
    const again = await ana.friends.invitation(zBytes32.parse(open?.id));
    expect(readLetter(again.file)).toEqual(readLetter(first.file));
    await ana.friends.withdrawInvitation(zBytes32.parse(open?.id));
    await expect(ana.friends.open(answer.file)).rejects.toMatchObject({ code: "answer-unknown" });
    expect((await ana.friends.view()).invitations).toEqual([]);
  });

  test("of somebody else's account, changed on its way, or of the wrong kind, changes nothing", async () => {
    const [ana, ben] = [await person(world), await person(world)];
    const invitation = await ana.friends.invite({
      name: "Ben",
      from: "Ana",
      role: "recovery",
      hidden: true,
      holder: "friend",
    });
    const answer = await ben.friends.answer(invitation.file);
    await expect(ben.friends.open(answer.file)).rejects.toMatchObject({ code: "letter-other-account" });
    const json = JSON.parse(answer.file) as { key: { signer: Hex; salt: Hex } };
    const changed = JSON.stringify({ ...json, key: { ...json.key, salt: NO_SALT } });
    for (const open of [ana.friends.open, ana.friends.add]) {
      await expect(open(changed)).rejects.toMatchObject({ code: "answer-forged" });
    }
    await expect(ana.friends.add(invitation.file)).rejects.toMatchObject({ code: "letter-other-kind" });
    expect((await ana.get()).keys.recovery.map(({ holder }) => holder)).toEqual(["network"]);
  });

  test("is saved under a name that says what it is", async () => {
    const ana = await person(world);
    const { file } = await ana.friends.invite({
      name: "Ben",
      from: "Ana",
      role: "mfa",
      hidden: false,
      holder: "friend",
    });
    const name = `trivet-invitation-${ana.account.slice(2, 10)}.json`;
    expect(await ana.friends.save(file)).toBe(name);
    expect(ana.saved).toEqual([name]);
  });
});
