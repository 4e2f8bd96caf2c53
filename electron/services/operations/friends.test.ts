import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountAbi } from "#contracts/abi.ts";
import type { SignatureRequest } from "#core/friends/letters.ts";
import { TestFriend } from "#core/friends/testing/friend.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLE_NUMBER } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { HeldKey } from "../profile.ts";
import { CrashPoint } from "../testing/crash.ts";
import { World } from "../testing/world.ts";
import { addFriend } from "./intents/add-friend.ts";
import { change } from "./intents/change.ts";
import type { Intent } from "./intents/intent.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const privateKey = (byte: string): Hex => `0x${byte.repeat(32)}`;
/** Ben and Dan are hidden on the chain, Carla is not. */
const ben = new TestFriend(privateKey("b1"), privateKey("71"));
const carla = new TestFriend(privateKey("c1"));
const dan = new TestFriend(privateKey("d1"), privateKey("72"));
const stranger = new TestFriend(privateKey("e1"));
const held = (friend: TestFriend, detail: string): HeldKey => ({ key: friend.key, holder: "friend", detail });

type App = Awaited<ReturnType<World["startApp"]>>;

/** An account whose recovery keys three friends hold, of whom two have to sign. */
async function accountOfFriends() {
  const { directory, account } = await world.createAccount();
  const app = await world.startApp(directory);
  const network = (await app.get()).keys.recovery[0];
  if (!network) throw new Error("no recovery key");
  const make = async (intent: Intent) => {
    expect((await app.finish(await app.operations.start(intent))).status).toBe("done");
  };
  await make(addFriend("recovery", held(ben, "Ben"), keyId(network.key)));
  await make(addFriend("recovery", held(carla, "Carla")));
  await make(addFriend("recovery", held(dan, "Dan")));
  await make(change({ kind: "setThreshold", role: "recovery", threshold: 2 }));
  return { ...app, directory, account };
}

/** What is sent to friends for an operation that waits for them. */
function requestFor({ operations, chain }: Pick<App, "operations" | "chain">, id: string): SignatureRequest {
  const question = operations.question(id);
  const { chain: network, contracts } = chain.config;
  return {
    trivet: "friend",
    version: 1,
    kind: "request",
    domain: { chainId: network.id, implementation: contracts.implementation },
    account: question.operation.account,
    from: "Ana",
    createdAt: 0,
    expiresAt: 1,
    reason: "",
    ...question,
  };
}

const friendsOf = ({ needs }: OperationView) =>
  needs?.kind === "friends" ? needs : { missing: -1, friends: [] };

/** Friends answer one after the other, as long as the operation waits for one. */
async function answerAll(
  app: App,
  view: OperationView,
  friends: readonly TestFriend[],
): Promise<OperationView> {
  let now = view;
  for (const friend of friends) {
    if (now.needs?.kind !== "friends") return now;
    now = await app.rest(await app.operations.answer(await friend.answer(requestFor(app, view.id))));
  }
  return now;
}

/** How many transactions of the account there were. */
const transactionsOf = async (account: Address): Promise<number> =>
  new Set((await world.executed(account)).map(({ transactionHash }) => transactionHash)).size;

const archive = change({ kind: "archive" }, ["device", "recovery"]);

describe("friends as recovery keys", () => {
  test("are known to the profile and counted by the account, hidden or not", async () => {
    const { get, account, chain } = await accountOfFriends();
    expect((await get()).keys.recovery.map(({ detail, holder }) => `${detail}: ${holder}`)).toEqual([
      "Ben: friend",
      "Carla: friend",
      "Dan: friend",
    ]);
    const threshold = await chain.read((client) =>
      client.readContract({
        address: account,
        abi: accountAbi,
        functionName: "threshold",
        args: [ROLE_NUMBER.recovery],
      }),
    );
    expect(threshold).toBe(2n);
  });

  test("are waited for over a restart, answer in any order, and the operation goes on by itself", async () => {
    const first = await accountOfFriends();
    const waiting = await first.finish(await first.operations.start(archive));
    expect([waiting.status, friendsOf(waiting).missing]).toEqual(["waiting", 2]);
    expect(friendsOf(waiting).friends.map(({ name, answered }) => [name, answered])).toEqual([
      ["Ben", false],
      ["Carla", false],
      ["Dan", false],
    ]);

    const second = await world.startApp(first.directory);
    const [listed] = second.operations.list();
    if (!listed) throw new Error("the operation is gone");
    expect([listed.status, friendsOf(listed).missing]).toEqual(["waiting", 2]);
    const request = requestFor(second, listed.id);
    expect(request.keys.map(keyId)).toEqual([ben, carla, dan].map(({ key }) => keyId(key)));

    const one = await second.operations.answer(await dan.answer(request));
    expect([one.status, friendsOf(one).missing]).toEqual(["waiting", 1]);
    // The same answer twice is one answer.
    expect(friendsOf(await second.operations.answer(await dan.answer(request))).missing).toBe(1);

    const third = await world.startApp(first.directory);
    const done = await third.rest(await third.operations.answer(await ben.answer(request)));
    expect(done.status).toBe("done");
    const [frozen] = await third.chain.read((client) =>
      client.readContract({ address: first.account, abi: accountAbi, functionName: "getFreeze" }),
    );
    expect(frozen).toBe(2);
  });

  test("cannot be stood in for: answers to something else, of strangers or with changed salts are refused", async () => {
    const app = await accountOfFriends();
    const waiting = await app.finish(await app.operations.start(archive));
    const request = requestFor(app, waiting.id);
    const refusals = [
      [await stranger.answer(request), "answer-stranger"],
      [{ ...(await stranger.answer(request)), key: ben.key }, "answer-forged"],
      [{ ...(await ben.answer(request)), key: { ...ben.key, salt: NO_SALT } }, "answer-stranger"],
      [await ben.answer({ ...request, operation: { ...request.operation, nonce: 99n } }), "answer-unknown"],
      [await ben.answer({ ...request, domain: { ...request.domain, chainId: 1 } }), "letter-other-chain"],
    ] as const;
    for (const [answer, code] of refusals) {
      await expect(app.operations.answer(answer)).rejects.toMatchObject({ code });
    }
    const still = app.operations.list().find(({ id }) => id === waiting.id);
    expect(still && friendsOf(still).missing).toBe(2);
    await app.operations.drop(waiting.id);
    await expect(app.operations.answer(await ben.answer(request))).rejects.toMatchObject({
      code: "answer-unknown",
    });
  });

  test("bring it about exactly once however often the app crashes", async () => {
    let chances = 0;
    for (let crashed = true; crashed; chances += 1) {
      const { directory, account } = await accountOfFriends();
      const before = await transactionsOf(account);
      const crash = new CrashPoint(chances);
      const first = await world.startApp(directory, crash);
      await first.operations
        .start(archive)
        .then(first.finish)
        .then((view) => answerAll(first, view, [carla, ben]))
        .catch(() => undefined);
      crashed = crash.crashed;
      const second = await world.startApp(directory);
      const kept = second.operations.list();
      for (const view of kept) {
        const waiting =
          view.needs?.kind === "friends" ? view : await second.finish(second.operations.continue(view.id));
        const done =
          waiting.status === "done" ? waiting : await answerAll(second, waiting, [dan, ben, carla]);
        expect(done.status, `crash ${chances}`).toBe("done");
      }
      const expected = crashed && chances === 0 ? 0 : 1;
      expect((await transactionsOf(account)) - before, `crash ${chances}`).toBe(expected);
    }
    expect(chances).toBeGreaterThan(8);
  }, 240_000);
});
