import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Safe } from "#contracts/testing/safe.ts";
import { MOST_SIGNATURE_BYTES } from "#core/friends/limits.ts";
import { type ContractWalletInTest, TestFriend } from "#core/friends/testing/friend.ts";
import { letterToFile, readLetter } from "#core/friends/wire.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import { change } from "../operations/intents/change.ts";
import { withdraw } from "../operations/intents/withdraw.ts";
import { World } from "../testing/world.ts";
import { as, type Person, person } from "./testing/person.ts";

/** Friends whose wallets are contracts, over the app's services, a real Safe and the real account on a chain. */
let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const bytes = (byte: string, length = 32): Hex => `0x${byte.repeat(length)}`;
const owners = [bytes("a1"), bytes("a2"), bytes("a3")].map((key) => privateKeyToAccount(key));
const [first, second, third] = owners as [(typeof owners)[0], (typeof owners)[0], (typeof owners)[0]];

/** A Safe whose first owners sign, as many as it asks for when it was made. */
const walletOf = (safe: Safe, signing = [first, second]): ContractWalletInTest => ({
  address: safe.address,
  sign: (digest) => safe.sign(digest, signing),
});

async function invite(ana: Person, role: ReplaceableRole, hidden = true) {
  const { file } = await ana.friends.invite({ name: "Ben", from: "Ana", role, hidden, holder: "friend" });
  const invitation = readLetter(file);
  if (invitation.kind !== "invitation") throw new Error("no invitation");
  return invitation;
}

/** Puts a friend's key in the place of the network's, or beside it. */
async function befriend(ana: Person, friend: TestFriend, role: ReplaceableRole, beside = false) {
  const answer = letterToFile(await friend.accept(await invite(ana, role)));
  const opened = as(await ana.friends.open(answer), "acceptance");
  const started = await ana.friends.add(answer, beside ? undefined : opened.instead[0]?.id);
  expect((await ana.finish(started)).status).toBe("done");
  return opened;
}

/** What a friend answers to the request for an operation that waits. */
async function answerOf(
  ana: Pick<Person, "friends">,
  { id }: OperationView,
  friend: TestFriend,
): Promise<string> {
  const request = readLetter((await ana.friends.request(id, { from: "Ana", reason: "" })).file);
  if (request.kind !== "request") throw new Error("no request");
  return letterToFile(await friend.answer(request));
}

const take = async (ana: Pick<Person, "friends" | "rest">, answer: string) =>
  ana.rest(as(await ana.friends.open(answer), "signature").operation);

const archive = change({ kind: "archive" }, ["device", "recovery"]);

describe("a friend whose wallet is a Safe of two of three owners", () => {
  test("becomes a hidden recovery key, of which the screens say what it is, and signs for the account", async () => {
    const ana = await person(world);
    const ben = new TestFriend(walletOf(await world.createSafe(owners, 2)), bytes("71"));
    const opened = await befriend(ana, ben, "recovery");
    expect(opened).toMatchObject({ hidden: true, contract: { safe: { owners: 3, threshold: 2 } } });
    expect((await ana.friends.view()).friends).toMatchObject([
      { name: "Ben", active: true, signer: ben.key.signer, contract: { safe: { owners: 3, threshold: 2 } } },
    ]);

    const waiting = await ana.finish(await ana.operations.start(archive));
    expect((await take(ana, await answerOf(ana, waiting, ben))).status).toBe("done");
  });

  test("is the second signature under a withdrawal, as MFA key", async () => {
    const ana = await person(world);
    await world.fund(ana.account, "10");
    const ben = new TestFriend(walletOf(await world.createSafe(owners, 2)), bytes("71"));
    await befriend(ana, ben, "mfa");
    const wish = { token: world.tusd, to: toAddress(third.address), amount: 1_000_000n };
    const waiting = await ana.finish(await ana.operations.start(withdraw(wish)));
    expect(waiting.needs).toMatchObject({ kind: "friends", missing: 1 });
    expect((await take(ana, await answerOf(ana, waiting, ben))).status).toBe("done");
  });

  test("signs with nothing in the letter where the Safe keeps on the chain what it signed", async () => {
    const ana = await person(world);
    const safe = await world.createSafe(owners, 2);
    const onChain = async (digest: Hex): Promise<Hex> => {
      await safe.markSigned(digest, [first, second]);
      return "0x";
    };
    const ben = new TestFriend({ address: safe.address, sign: onChain }, bytes("71"));
    await befriend(ana, ben, "recovery");
    const waiting = await ana.finish(await ana.operations.start(archive));
    const unsigned = new TestFriend({ address: safe.address, sign: () => "0x" }, bytes("71"));
    await expect(ana.friends.open(await answerOf(ana, waiting, unsigned))).rejects.toMatchObject({
      code: "contract-refuses",
    });
    expect((await take(ana, await answerOf(ana, waiting, ben))).status).toBe("done");
  });

  test("shows once a year that it is still there", async () => {
    const ana = await person(world);
    const ben = new TestFriend(walletOf(await world.createSafe(owners, 2)), bytes("71"));
    await befriend(ana, ben, "recovery");
    const [friend] = (await ana.friends.view()).friends;
    if (!friend) throw new Error("no friend");
    const check = readLetter((await ana.friends.check(friend.id)).file);
    if (check.kind !== "check") throw new Error("no check");
    const presence = letterToFile(await ben.present(check));
    expect(as(await ana.friends.open(presence), "presence").name).toBe("Ben");
  });

  test("is asked again when the Safe changes its mind before enough others have signed", async () => {
    const ana = await person(world);
    const safe = await world.createSafe(owners, 2);
    const ben = new TestFriend(walletOf(safe), bytes("71"));
    const carla = new TestFriend(bytes("c1"));
    await befriend(ana, ben, "recovery");
    await befriend(ana, carla, "recovery", true);
    const both = change({ kind: "setThreshold", role: "recovery", threshold: 2 }, ["device", "mfa"]);
    expect((await ana.finish(await ana.operations.start(both))).status).toBe("done");

    const waiting = await ana.finish(await ana.operations.start(archive));
    const one = await take(ana, await answerOf(ana, waiting, ben));
    expect(one.needs).toMatchObject({ kind: "friends", missing: 1 });
    await safe.changeThreshold(3, [first, second]);
    const again = await take(ana, await answerOf(ana, waiting, carla));
    expect(again.needs).toMatchObject({
      kind: "friends",
      missing: 1,
      friends: [
        { name: "Ben", answered: false },
        { name: "Ben", answered: true },
      ],
    });
    expect(again.steps.find(({ id }) => id === "ask")?.note).toContain("no longer counts");
    const three = new TestFriend(walletOf(safe, [first, second, third]), bytes("71"));
    const later = await ana.open();
    const done = await take(later, await answerOf(later, waiting, three));
    expect([done.status, done.steps.find(({ id }) => id === "ask")?.note]).toEqual(["done", undefined]);
  });
});

describe("a Safe of the person's own", () => {
  const inviteOwn = async (ana: Person, role: ReplaceableRole) => {
    const names = { name: "Safe", from: "My Trivet", hidden: false } as const;
    const letter = readLetter((await ana.friends.invite({ ...names, role, holder: "safe" })).file);
    if (letter.kind !== "invitation") throw new Error("no invitation");
    return letter;
  };

  test("holds the MFA key in the place of the network, is asked by a letter, and gives it back", async () => {
    const ana = await person(world);
    const { friends, account, directory } = ana;
    const safe = new TestFriend(walletOf(await world.createSafe(owners, 2)));
    const answer = letterToFile(await safe.accept(await inviteOwn(ana, "mfa")));
    const opened = as(await friends.open(answer), "acceptance");
    expect(opened).toMatchObject({ holder: "safe", contract: { safe: { owners: 3, threshold: 2 } } });
    expect((await ana.finish(await friends.add(answer, opened.instead[0]?.id))).status).toBe("done");
    expect((await ana.get()).keys.mfa.map(({ holder }) => holder)).toEqual(["safe"]);
    const view = await friends.view();
    expect([view.friends, view.ownName]).toEqual([[], undefined]);

    await world.fund(account, "10");
    const wish = { token: world.tusd, to: toAddress(third.address), amount: 1_000_000n };
    const waiting = await ana.finish(await ana.operations.start(withdraw(wish)));
    expect(waiting.steps).toContainEqual({ id: "ask", holder: "safe", role: "mfa", status: "needs-you" });
    expect(waiting.needs).toMatchObject({ kind: "friends", missing: 1, friends: [{ holder: "safe" }] });
    expect((await take(ana, await answerOf(ana, waiting, safe))).status).toBe("done");

    const { returnToNetwork, finish, get } = await world.startReturn(directory);
    const back = await returnToNetwork.start("mfa", ["device", "recovery"]);
    expect((await finish(back)).status).toBe("done");
    expect((await get()).keys.mfa.map(({ holder }) => holder)).toEqual(["network"]);
  });

  test("takes the MFA key over from a friend who is gone, signed by the device key and the recovery key", async () => {
    const ana = await person(world);
    await befriend(ana, new TestFriend(bytes("b1")), "mfa");
    const safe = new TestFriend(walletOf(await world.createSafe(owners, 2)));
    const answer = letterToFile(await safe.accept(await inviteOwn(ana, "mfa")));
    const gone = as(await ana.friends.open(answer), "acceptance").instead[0]?.id;
    const added = await ana.friends.add(answer, gone, ["device", "recovery"]);
    expect((await ana.finish(added)).status).toBe("done");
    expect((await ana.get()).keys.mfa.map(({ holder }) => holder)).toEqual(["safe"]);
  });

  test("cannot be stood in for by the key of one of its owners", async () => {
    const ana = await person(world);
    const owner = new TestFriend(bytes("a1"));
    const answer = letterToFile(await owner.accept(await inviteOwn(ana, "recovery")));
    await expect(ana.friends.open(answer)).rejects.toMatchObject({ code: "not-a-contract" });
    await expect(ana.friends.add(answer)).rejects.toMatchObject({ code: "not-a-contract" });
  });
});

describe("a contract that is worse than a Safe", () => {
  /** What becomes of an acceptance that a contract signs with those bytes. */
  async function outcome(address: Address, signature: Hex): Promise<string> {
    const ana = await person(world);
    const friend = new TestFriend({ address, sign: () => signature }, bytes("71"));
    const answer = letterToFile(await friend.accept(await invite(ana, "recovery")));
    return ana.friends.open(answer).then(
      ({ kind }) => kind,
      (error: unknown) => (error as { code: string }).code,
    );
  }

  test.each([
    ["burns all its gas", "BurningSigner", []],
    ["answers with junk", "LiteralSigner", [bytes("fe", 4096)]],
    ["says no for 250 000 bytes", "BombSigner", [false]],
  ])("and %s gets no key", async (_what, name, args) => {
    expect(await outcome(await world.deployHostile(name, args), "0x1234")).toBe("contract-refuses");
  });

  test("and says yes to everything is one thing that nobody can say more of", async () => {
    const ana = await person(world);
    const address = await world.deployHostile("GullibleSigner");
    const friend = new TestFriend({ address, sign: () => "0x" }, bytes("71"));
    const answer = letterToFile(await friend.accept(await invite(ana, "recovery")));
    expect(as(await ana.friends.open(answer), "acceptance").contract).toEqual({});
  });

  test("or is not on the chain, or signs with a megabyte, is refused in words for people", async () => {
    const nowhere = toAddress(bytes("77", 20));
    expect(await outcome(nowhere, "0x1234")).toBe("contract-missing");
    const yes = await world.deployHostile("GullibleSigner");
    expect(await outcome(yes, bytes("ab", MOST_SIGNATURE_BYTES))).toBe("acceptance");
    expect(await outcome(yes, bytes("ab", MOST_SIGNATURE_BYTES + 1))).toBe("letter-unreadable");
    expect(await outcome(yes, bytes("ab", 1 << 20))).toBe("letter-too-large");
  });
});
