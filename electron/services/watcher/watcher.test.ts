import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accountAbi } from "#contracts/abi.ts";
import { operationOf, perform } from "#contracts/testing/perform.ts";
import { newOwner, newSigner, type Owner, World } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { operationId } from "#core/operations/typed-data.ts";
import { maskOfRoles } from "#core/keys/role.ts";
import { EFFECTS } from "#core/policy/policy.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import type { PeopleNames } from "#core/activity/words.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { JsonFile } from "../storage/json-file.ts";
import { type Message, textOf } from "./messages.ts";
import { erc20Abi } from "viem";
import { encodeAbiParameters, encodeEventTopics, encodeFunctionData, encodeFunctionResult } from "viem/utils";
import { type Request, type RpcSource, rpcSource, SourceFailure } from "./source.ts";
import { watchFile, type WatchState } from "./state.ts";
import { createWatcher } from "./watcher.ts";

const MINUTE = 60_000;

let world: World;
let folder: string;
beforeAll(async () => {
  world = await World.start();
  folder = await mkdtemp(path.join(tmpdir(), "trivet-watch-"));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

let owner: Owner;
let account: Address;
let clock: number;
let files = 0;
let file: JsonFile<WatchState>;
beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
  const { timestamp } = await world.chain.publicClient.getBlock();
  clock = Number(timestamp) * 1000;
  file = watchFile(path.join(folder, `${(files += 1)}.json`));
});

/** Requests to the chain itself. */
const honest: Request = async (method, params) =>
  await world.chain.publicClient.transport.request({ method, params });

const honestSource = (name = "honest") => rpcSource(name, honest);

/** An RPC that answers some method differently. */
const odd = (
  name: string,
  answer: (method: string, params: readonly unknown[]) => Promise<unknown> | undefined,
): RpcSource =>
  rpcSource(name, async (method, params) => await (answer(method, params) ?? honest(method, params)));

interface Started {
  readonly messages: Message[];
  readonly step: () => ReturnType<ReturnType<typeof createWatcher>["step"]>;
  readonly chainAhead: () => number;
}

/** A watcher as it is after a start, with the memory of the one before. */
function start(
  sources: readonly RpcSource[] = [honestSource()],
  {
    refuse = false,
    memory = file,
    tokens = [],
    people,
    patience,
  }: {
    refuse?: boolean;
    memory?: JsonFile<WatchState>;
    tokens?: readonly Token[];
    people?: () => Promise<PeopleNames>;
    patience?: () => Promise<unknown>;
  } = {},
): Started {
  const messages: Message[] = [];
  const watcher = createWatcher({
    sources,
    chainId: world.domain.chainId,
    contracts: world.contracts,
    tokens,
    ...(people && { people }),
    ...(patience && { patience }),
    file: memory,
    from: 0,
    notifiers: [
      {
        name: "test",
        notify: async (message) => {
          if (refuse) throw new Error("nobody is there");
          messages.push(message);
        },
      },
    ],
    now: () => clock,
  });
  return {
    messages,
    step: async () => await watcher.step([account]),
    chainAhead: () => watcher.chainAhead(),
  };
}

const titles = ({ messages }: Started) => messages.map(({ type, title }) => `${type}: ${title}`);

/** Adds a second device key, and has the first one ask for its removal; gives the removal. */
async function scheduleRemoval() {
  const other = newSigner();
  await perform(world, account, { kind: "addKey", role: "device", key: other.key, expires: 0 }, [
    owner.device,
    owner.mfa,
  ]);
  const removal = await operationOf(world, account, { kind: "removeKey", key: keyId(other.key) });
  await world.run(removal, [owner.device]);
  return { operation: operationId(removal), other };
}

const symbolCall = encodeFunctionData({ abi: erc20Abi, functionName: "symbol" });

/** Lets two recovery keys together withdraw after the delay, and has them ask for 1,000 TUSD. */
async function scheduleWithdrawal() {
  const other = newSigner();
  const two = [owner.device, owner.mfa];
  await perform(world, account, { kind: "addKey", role: "recovery", key: other.key, expires: 0 }, two);
  await perform(world, account, { kind: "setThreshold", role: "recovery", threshold: 2 }, two);
  const singleKeyRoles = maskOfRoles(["recovery"]);
  await perform(
    world,
    account,
    { kind: "setRules", singleKeyRoles, pendingKeysMayCall: false, tripwireCount: 0, tripwireWindow: 0 },
    two,
  );
  const { tusd: token } = world.contracts;
  const to = toAddress(owner.mfa.account.address);
  const withdrawal = { kind: "withdraw", token, to, amount: 1_000_000_000n } as const;
  await perform(world, account, withdrawal, [owner.recovery, other]);
  return { other, token };
}

const scheduledWords = ({ alerts }: Awaited<ReturnType<Started["step"]>>) =>
  alerts.find(({ alert }) => alert.subject.kind === "scheduled");

const cancel = async (operation: ReturnType<typeof operationId>, signer = owner.recovery) =>
  await perform(world, account, { kind: "cancel", operation }, [signer]);

const addPendingKey = async () =>
  await perform(world, account, { kind: "addKey", role: "device", key: newSigner().key, expires: 0 }, [
    owner.recovery,
  ]);

const mine = async (blocks: number) => await world.chain.testClient.mine({ blocks });

describe("what deserves a warning", () => {
  test("a scheduled removal is told once, with its time and who can cancel it, and ends when it is cancelled", async () => {
    const { operation } = await scheduleRemoval();
    const watcher = start();
    const { alerts, upToDate } = await watcher.step();
    expect(upToDate).toBe(true);
    const waiting = alerts.find(({ alert }) => alert.subject.kind === "scheduled");
    expect(waiting?.alert).toMatchObject({
      stage: "waiting",
      subject: { operation, asked: { kind: "change", change: { kind: "removeKey" } } },
      veto: {
        remedy: { kind: "cancel", operation },
        by: [["device"], ["mfa"], ["recovery"]],
        butNot: keyId(owner.device.key),
      },
    });
    const { timestamp } = await world.chain.publicClient.getBlock();
    expect(waiting?.alert.until).toBe(Number(timestamp) + 3 * 86_400);
    const count = watcher.messages.length;
    await watcher.step();
    expect(watcher.messages).toHaveLength(count);

    await cancel(operation);
    const after = await watcher.step();
    expect(after.alerts.filter(({ alert }) => alert.subject.kind === "scheduled")).toEqual([]);
    expect(titles(watcher).slice(count)).toEqual(["alert: A scheduled operation was cancelled"]);
  });

  test("the last day and the due time of what waits are told, too", async () => {
    await scheduleRemoval();
    const watcher = start();
    await watcher.step();
    const stages = () =>
      watcher.messages.flatMap((message) =>
        message.type === "alert" && message.alert.subject.kind === "scheduled" ? [message.alert.stage] : [],
      );
    clock += 2.5 * 86_400_000;
    await watcher.step();
    clock += 86_400_000;
    await watcher.step();
    expect(stages()).toEqual(["waiting", "soon", "due"]);
  });

  test("a pending device key names the device key as who can reject it; a lock puts it to sleep", async () => {
    await addPendingKey();
    const watcher = start();
    const before = await watcher.step();
    const pending = before.alerts.find(({ alert }) => alert.subject.kind === "pending-key");
    expect(pending?.alert.veto).toMatchObject({ remedy: { kind: "rejectKey" }, by: [["device"]] });
    await perform(world, account, { kind: "lock" }, [owner.recovery]);
    const { alerts } = await watcher.step();
    expect(alerts.map(({ alert }) => [alert.subject.kind, alert.stage])).toEqual(
      expect.arrayContaining([
        ["pending-key", "asleep"],
        ["locked", "waiting"],
      ]),
    );
    const lock = alerts.find(({ alert }) => alert.subject.kind === "locked");
    expect(lock?.alert.veto?.by).toEqual([
      ["device", "mfa"],
      ["device", "recovery"],
    ]);
  });

  test("a key that expires is told two weeks before, and what changed before the watch began is history", async () => {
    const expires = Math.floor(clock / 1000) + 20 * 86_400;
    await perform(world, account, { kind: "addKey", role: "mfa", key: newSigner().key, expires }, [
      owner.device,
      owner.mfa,
    ]);
    // The watch begins with the block after.
    await mine(1);
    clock += MINUTE;
    const watcher = start();
    await watcher.step();
    expect(watcher.messages).toEqual([]);
    clock += 7 * 86_400_000;
    await watcher.step();
    expect(titles(watcher)).toEqual(["alert: A MFA key expires soon"]);
  });
});

describe("what waits is told in a person's terms", () => {
  test("all who asked for it are named with their roles; each of them may take it back", async () => {
    const { other } = await scheduleWithdrawal();
    const found = scheduledWords(await start().step());
    for (const { key } of [owner.recovery, other]) {
      expect(found?.words.detail).toContain(`the Recovery key (${keyId(key).slice(0, 10)}…)`);
    }
    expect(found?.alert.veto).toMatchObject({ by: [["device"], ["mfa"], ["recovery"]] });
    expect(found?.alert.veto).not.toHaveProperty("butNot");
    expect(found?.words.detail).not.toContain("but not");
  });

  test("a token is called by its name in the network's description, else by its own word, which is said", async () => {
    const { token } = await scheduleWithdrawal();
    const tokens = [{ address: token, symbol: "TUSD", name: "Trivet Dollar", decimals: 6 }];
    const named = scheduledWords(await start(undefined, { tokens }).step());
    expect(named?.words.title).toMatch(/^A withdrawal is scheduled: 1,000 TUSD to 0x/);
    const another = watchFile(path.join(folder, `${(files += 1)}.json`));
    const own = scheduledWords(await start(undefined, { memory: another }).step());
    expect(own?.words.title).toMatch(
      /^A withdrawal is scheduled: 1,000 TUSD \(so the token 0x\w{6}…\w{6} calls itself\) to 0x/,
    );
  });

  test("people are called as the person calls them now; where that cannot be read, as the chain has them", async () => {
    const { other } = await scheduleWithdrawal();
    let readable = true;
    const ben = { address: owner.mfa.account.address, key: keyId(other.key) };
    const people = () =>
      readable
        ? Promise.resolve({
            person: (address: string) => (sameAddress(address, ben.address) ? "Ben" : undefined),
            friend: (key: string) => (key === ben.key ? "Carla" : undefined),
          })
        : Promise.reject(new Error("the file of contacts is broken"));
    const watcher = start(undefined, { people });
    const { words } = scheduledWords(await watcher.step()) ?? {};
    expect(words?.title).toMatch(/ to Ben$/);
    expect(words?.detail).toContain("the Recovery key of Carla");
    expect(titles(watcher)).toContainEqual(expect.stringMatching(/^alert: A withdrawal .* to Ben$/));
    readable = false;
    expect(scheduledWords(await watcher.step())?.words.title).toContain(` to ${toAddress(ben.address)}`);
  });

  test.each([
    ["of two RPCs that differ about it", "USDC", true],
    ["that is not ASCII", "\u202eDSUT", false],
    ["that is long", "A".repeat(13), false],
    ["that is endless", "A".repeat(9_000), false],
  ])("a name %s counts for nothing", async (_, symbol, besideHonest) => {
    await scheduleWithdrawal();
    const calls = odd("hostile", (method, [call]) =>
      method === "eth_call" && (call as { data: string }).data === symbolCall
        ? Promise.resolve(encodeFunctionResult({ abi: erc20Abi, functionName: "symbol", result: symbol }))
        : undefined,
    );
    const found = scheduledWords(await start(besideHonest ? [honestSource(), calls] : [calls]).step());
    expect(found?.words.title).toMatch(
      /^A withdrawal is scheduled: 1000000000 units of the token 0x\w{6}…\w{6} to 0x/,
    );
  });

  test("an RPC that answers no calls is followed all the same", async () => {
    await scheduleWithdrawal();
    const deaf = odd("deaf", (method) =>
      method === "eth_call" ? Promise.reject(new SourceFailure("silent", "It does not answer.")) : undefined,
    );
    const view = await start([deaf]).step();
    expect(view.upToDate).toBe(true);
    expect(scheduledWords(view)?.words.detail).toContain(`Asked for by the Recovery key`);
  });

  test("what is left is counted by the chain's clock, which its time is of", async () => {
    await scheduleWithdrawal();
    clock -= 86_400_000;
    const watcher = start();
    await watcher.step();
    const told = watcher.messages.find(({ type }) => type === "alert");
    if (!told) throw new Error("nothing was told");
    const time = Math.floor(clock / 1000) + watcher.chainAhead();
    expect(textOf(told, time)).toMatch(/^(7 days|6 days 23 hours) left\. Anybody can/);
  });
});

describe("restarts", () => {
  test("nothing is told again, and blocks that were missed are read", async () => {
    await addPendingKey();
    await start().step();
    await scheduleRemoval();
    await mine(300);
    const again = start();
    await again.step();
    expect(titles(again)).toEqual([
      expect.stringMatching(
        /^alert: A key is to be removed: remove the Device key 0x[0-9a-f]{6}…[0-9a-f]{6}$/,
      ),
      "alert: A key was added to the account",
    ]);
    const third = start();
    await third.step();
    expect(third.messages).toEqual([]);
  });

  test("an alert that was not kept before a crash is told after it", async () => {
    await start().step();
    await addPendingKey();
    const broken: JsonFile<WatchState> = {
      read: file.read,
      write: () => Promise.reject(new Error("the power went")),
    };
    const dying = start(undefined, { memory: broken });
    await expect(dying.step()).rejects.toThrow("the power went");
    expect(dying.messages).toEqual([]);
    const again = start();
    await again.step();
    expect(titles(again)).toContain("alert: A device key was added and is pending");
  });

  test("an alert that was kept but did not arrive is sent again under the same id, later and later", async () => {
    await addPendingKey();
    const refused = start(undefined, { refuse: true });
    expect((await refused.step()).unsent).toBeGreaterThan(0);
    const kept = (await file.read())?.outbox.map(({ message }) => message.id);
    const tooSoon = start();
    await tooSoon.step();
    expect(tooSoon.messages).toEqual([]);
    clock += MINUTE;
    await tooSoon.step();
    expect(tooSoon.messages.map(({ id }) => id)).toEqual(kept);
    expect((await tooSoon.step()).unsent).toBe(0);
  });
});

describe("reorganisations", () => {
  test("an alert of a block that was replaced is taken back, once", async () => {
    await mine(3);
    const watcher = start();
    await watcher.step();
    const snapshot = await world.chain.testClient.snapshot();
    await addPendingKey();
    await watcher.step();
    await world.chain.testClient.revert({ id: snapshot });
    await mine(5);
    const { alerts } = await watcher.step();
    expect(alerts.filter(({ alert }) => alert.subject.kind === "pending-key")).toEqual([]);
    expect(titles(watcher)).toEqual([
      "alert: A device key was added and is pending",
      "alert: A key was added to the account",
      "withdrawn: Taken back: A device key was added and is pending",
      "withdrawn: Taken back: A key was added to the account",
    ]);
    await watcher.step();
    expect(watcher.messages).toHaveLength(4);
  });

  test("an RPC that lags behind itself for a while takes nothing back", async () => {
    await mine(3);
    let lag = 0;
    const lagging = odd("lagging", (method, [block]) =>
      method === "eth_getBlockByNumber" && block === "latest" && lag > 0
        ? world.chain.publicClient
            .getBlockNumber({ cacheTime: 0 })
            .then((latest) => honest(method, [`0x${(latest - BigInt(lag)).toString(16)}`, false]))
        : undefined,
    );
    const watcher = start([lagging]);
    await addPendingKey();
    await watcher.step();
    const told = watcher.messages.length;
    lag = 2;
    const { sources, alerts } = await watcher.step();
    expect(sources[0]?.status).toBe("lagging");
    expect(alerts.some(({ alert }) => alert.subject.kind === "pending-key")).toBe(true);
    expect(watcher.messages).toHaveLength(told);
  });
});

describe("RPCs that do not tell the truth", () => {
  test("what one hides another tells, and both are named", async () => {
    const hiding = odd("hiding", (method) => (method === "eth_getLogs" ? Promise.resolve([]) : undefined));
    await addPendingKey();
    await mine(5);
    const watcher = start([hiding, honestSource()]);
    const { alerts, differences } = await watcher.step();
    expect(alerts.find(({ alert }) => alert.subject.kind === "pending-key")?.said).toEqual({
      confirmedBy: ["honest"],
      contradictedBy: ["hiding"],
      notYet: [],
    });
    expect(differences).toMatchObject([{ about: "events" }]);
    expect(differences[0]?.sayings[0]?.says).toMatch(/leaves out \d of \d events/);
    expect(titles(watcher)).toContain("sources: RPCs differ about what happened to your account");
  });

  test("another chain of blocks is shown as a difference", async () => {
    await mine(5);
    const forge = (block: unknown) => Object.assign({}, block, { hash: `0x${"ab".repeat(32)}` });
    const forged = odd("forged", (method, params) => {
      if (method === "eth_getLogs") return Promise.resolve([]);
      return method === "eth_getBlockByNumber" ? honest(method, params).then(forge) : undefined;
    });
    const { differences } = await start([forged, honestSource()]).step();
    expect(differences.map(({ about }) => about)).toContain("block");
  });

  test("one that only lags is no liar", async () => {
    await addPendingKey();
    await mine(10);
    const slow = odd("slow", (method, [block]) =>
      method === "eth_getBlockByNumber" && block === "latest"
        ? world.chain.publicClient
            .getBlockNumber({ cacheTime: 0 })
            .then((latest) => honest(method, [`0x${(latest - 7n).toString(16)}`, false]))
        : undefined,
    );
    const { differences, sources } = await start([slow, honestSource()]).step();
    expect(differences).toEqual([]);
    expect(sources.map(({ name, status, behind }) => [name, status, behind])).toEqual([
      ["slow", "lagging", 7],
      ["honest", "following", 0],
    ]);
  });

  test("garbage, foreign events and another chain are refused, and the rest goes on", async () => {
    await addPendingKey();
    const garbage = odd("garbage", (method) =>
      method === "eth_getBlockByNumber" ? Promise.resolve({ number: "soon" }) : undefined,
    );
    const foreign = odd("foreign", (method, params) =>
      method === "eth_getLogs"
        ? honest(method, [{ ...(params[0] as object), address: undefined }])
        : undefined,
    );
    const other = odd("other", (method) => (method === "eth_chainId" ? Promise.resolve("0x1") : undefined));
    const watcher = start([garbage, foreign, other, honestSource()]);
    const { sources, alerts } = await watcher.step();
    expect(sources.map(({ name, trouble }) => [name, trouble?.kind])).toEqual([
      ["garbage", "garbage"],
      ["foreign", "garbage"],
      ["other", "other-chain"],
      ["honest", undefined],
    ]);
    expect(alerts.length).toBeGreaterThan(0);
  });

  test("one that does not come to an end keeps nobody waiting, and counts once it does", async () => {
    await addPendingKey();
    const answered = Promise.withResolvers<undefined>();
    let asked = 0;
    const slow = odd("slow", (method, params) => {
      if (method !== "eth_getLogs") return undefined;
      asked += 1;
      return answered.promise.then(() => honest(method, params));
    });
    // Nobody is waited for: what came of a look is there at one of the next.
    const watcher = start([slow, honestSource()], { patience: () => Promise.resolve() });
    const confirmedBy = async () => {
      const { alerts } = await watcher.step();
      return alerts.find(({ alert }) => alert.subject.kind === "pending-key")?.said.confirmedBy;
    };
    await expect.poll(confirmedBy).toEqual(["honest"]);
    const [standing] = (await watcher.step()).sources;
    expect(standing).toMatchObject({ status: "failing", trouble: { kind: "silent" } });
    expect(asked).toBe(2);
    answered.resolve(undefined);
    await expect.poll(confirmedBy).toEqual(["slow", "honest"]);
  });

  test("one that never says how a token is called delays no warning of it", async () => {
    await scheduleWithdrawal();
    const mute = odd("mute", (method, [call]) =>
      method === "eth_call" && (call as { data: string }).data === symbolCall
        ? new Promise(() => undefined)
        : undefined,
    );
    const watcher = start([mute, honestSource()], { patience: () => Promise.resolve() });
    const told = async () => scheduledWords(await watcher.step())?.words.title;
    await expect.poll(told).toMatch(/^A withdrawal is scheduled: 1000000000 units of the token /);
  });

  test("one that tells of an event twice, or of a time that no clock shows, is refused, and the rest goes on", async () => {
    await addPendingKey();
    const twice = odd("twice", (method, params) =>
      method === "eth_getLogs"
        ? honest(method, params).then((logs) => [...(logs as unknown[]), ...(logs as unknown[])])
        : undefined,
    );
    const late = odd("late", (method, params) =>
      method === "eth_getBlockByNumber"
        ? honest(method, params).then((block) => ({ ...(block as object), timestamp: "0xfffffffffffff" }))
        : undefined,
    );
    const watcher = start([twice, late, honestSource()]);
    const { sources, alerts } = await watcher.step();
    expect(sources.map(({ name, trouble }) => [name, trouble?.kind])).toEqual([
      ["twice", "garbage"],
      ["late", "garbage"],
      ["honest", undefined],
    ]);
    expect(titles(watcher).filter((title) => title.startsWith("alert:"))).toHaveLength(alerts.length);
    expect(alerts.flatMap(({ said }) => said.confirmedBy)).not.toContain("twice");
  });

  test("one that invents an operation for a day that no calendar has stops nobody from watching", async () => {
    await addPendingKey();
    const [scheduled] = encodeEventTopics({ abi: accountAbi, eventName: "OperationScheduled" });
    const { number, hash } = await world.chain.publicClient.getBlock();
    const invented = {
      address: account,
      topics: [scheduled, `0x${"11".repeat(32)}`, keyId(owner.recovery.key)],
      data: encodeAbiParameters(
        [{ type: "uint8" }, { type: "uint256" }, { type: "bytes" }],
        [EFFECTS.indexOf("afterRemovalDelay"), 2n ** 53n - 1n, "0x"],
      ),
      blockNumber: `0x${number.toString(16)}`,
      blockHash: hash,
      transactionHash: `0x${"22".repeat(32)}`,
      logIndex: "0xffff",
    };
    const inventing = odd("inventing", (method, params) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ topics }] = params as [{ topics?: unknown }];
      return honest(method, params).then((logs) => (topics ? logs : [...(logs as unknown[]), invented]));
    });
    const watcher = start([inventing, honestSource()]);
    const { alerts } = await watcher.step();
    expect(alerts.some(({ alert }) => alert.subject.kind === "pending-key")).toBe(true);
    expect(titles(watcher)).toContain("alert: A device key was added and is pending");
  });

  test("when all are silent, the person is told that nobody watches", async () => {
    let silent = false;
    const source = odd("only", () =>
      silent ? Promise.reject(new SourceFailure("silent", "It does not answer.")) : undefined,
    );
    const watcher = start([source]);
    await addPendingKey();
    await watcher.step();
    const told = watcher.messages.length;
    silent = true;
    expect((await watcher.step()).upToDate).toBe(false);
    expect(watcher.messages).toHaveLength(told);
    clock += 11 * MINUTE;
    const { alerts } = await watcher.step();
    expect(titles(watcher).slice(told)).toEqual([
      "sources: Nobody watches your account",
      "sources: An RPC is silent: only",
    ]);
    // What is known stays known.
    expect(alerts.some(({ alert }) => alert.subject.kind === "pending-key")).toBe(true);
  });

  test("one that answers only a few blocks at a time is asked for a few", async () => {
    await addPendingKey();
    await mine(90);
    const asked: number[] = [];
    const small = rpcSource("small", async (method, params) => {
      if (method === "eth_getLogs") {
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
        const blocks = Number(toBlock) - Number(fromBlock) + 1;
        if (blocks > 10) throw new SourceFailure("too-much", "ten blocks at most");
        asked.push(blocks);
      }
      return await honest(method, params);
    });
    const watcher = start([small]);
    const first = await watcher.step();
    // What is half read tells nothing yet: what was scheduled may have been cancelled later.
    if (!first.upToDate) expect(first.alerts).toEqual([]);
    for (let step = 0; step < 10 && !(await watcher.step()).upToDate; step += 1);
    expect(Math.max(...asked)).toBeLessThanOrEqual(10);
    expect(titles(watcher)).toContain("alert: A device key was added and is pending");
  });
});
