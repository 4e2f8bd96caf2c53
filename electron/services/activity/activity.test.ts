import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseEther } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { operationOf, perform } from "#contracts/testing/perform.ts";
import { newOwner, newSigner, type Owner, World } from "#contracts/testing/world.ts";
import type { Contact } from "#core/contacts/contact.ts";
import { keyId } from "#core/keys/key.ts";
import type { Role } from "#core/keys/role.ts";
import { operationId } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { ActivityFilter } from "#core/wallet-api/activity.ts";
import { namedPeople } from "../people.ts";
import { type Request, type RpcSource, rpcSource, SourceFailure } from "../watcher/source.ts";
import { createActivity } from "./activity.ts";
import { activityFile } from "./file.ts";

const DAY = 86_400;
const BEN = toAddress(`0x${"be".repeat(20)}`);

let world: World;
let folder: string;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

let owner: Owner;
let account: Address;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-activity-"));
  owner = newOwner();
  account = await world.createAccount(owner);
  return () => rm(folder, { recursive: true, force: true });
});

const honest: Request = async (method, params) =>
  await world.chain.publicClient.transport.request({ method, params });

/** The activity as it is after a start; `asked` counts what was asked of the RPC by method. */
function start({
  sources,
  contacts = [],
  signers = new Map(),
}: {
  readonly sources?: readonly RpcSource[];
  readonly contacts?: readonly Contact[];
  readonly signers?: ReadonlyMap<string, readonly Role[]>;
} = {}) {
  const asked: string[] = [];
  const saved: { name: string; content: string }[] = [];
  const counting = rpcSource("honest", async (method, params) => {
    asked.push(method);
    return await honest(method, params);
  });
  const activity = createActivity({
    chainId: world.domain.chainId,
    contracts: world.contracts,
    sources: sources ?? [counting],
    tokens: [
      { address: NATIVE_TOKEN, symbol: "ETH", name: "Ether", decimals: 18 },
      { address: world.contracts.tusd, symbol: "TUSD", name: "Trivet Dollar", decimals: 6 },
    ],
    file: activityFile(folder),
    account: () => Promise.resolve(account),
    people: () => Promise.resolve(namedPeople(contacts, { device: [], mfa: [], recovery: [] })),
    signers: () => Promise.resolve(signers),
    // Far ahead of the chain, whose times are then told as they are.
    now: () => Number.MAX_SAFE_INTEGER,
    save: (name, content) => {
      saved.push({ name, content });
      return Promise.resolve(name);
    },
  });
  const all = async () => (await activity.list({})).items ?? [];
  const sentences = async () => (await all()).map(({ sentence }) => sentence).reverse();
  return { activity, all, sentences, asked, saved };
}

const both = () => [owner.device, owner.mfa];
const withdraw = (token: Address, amount: bigint) =>
  perform(world, account, { kind: "withdraw", token, to: BEN, amount }, both());
const short = (hex: string) => `${hex.slice(0, 8)}…${hex.slice(-6)}`;
async function pass(seconds: number): Promise<void> {
  await world.chain.testClient.increaseTime({ seconds });
  await world.chain.testClient.mine({ blocks: 1 });
}
const send = (value: string) => world.send(account, "0x", parseEther(value));

/** Adds a second device key, and has the first one ask for its removal. */
async function scheduleRemoval() {
  const other = newSigner();
  await perform(world, account, { kind: "addKey", role: "device", key: other.key, expires: 0 }, both());
  const removal = await operationOf(world, account, { kind: "removeKey", key: keyId(other.key) });
  await world.run(removal, [owner.device]);
  return { other, removal, operation: operationId(removal) };
}

describe("what happened to an account", () => {
  test("is one sentence each, in the chain's order, with names where the person has some", async () => {
    await withdraw(world.contracts.tusd, 25_500_000n);
    await perform(world, account, { kind: "setAllowlisted", recipient: BEN, allowed: true }, both());
    await perform(
      world,
      account,
      { kind: "setHours", key: keyId(owner.device.key), closedHours: 0b11 | (1 << 23) },
      both(),
    );
    await perform(world, account, { kind: "lock" }, [owner.recovery]);
    await perform(world, account, { kind: "unfreeze" }, both());
    const { sentences } = start({ contacts: [{ name: "Ben", address: BEN, addedAt: 1 }] });
    expect(await sentences()).toEqual([
      "The account was put on the chain, with its three first keys.",
      "Received 1,000 TUSD, newly made.",
      "Withdrew 25.5 TUSD to Ben.",
      "Allowed withdrawals by a device key alone to Ben.",
      `Set the hours (UTC) in which the Device key ${short(keyId(owner.device.key))} spends nothing to 23:00 to 02:00.`,
      `Locked the account with the Recovery key ${short(keyId(owner.recovery.key))}.`,
      "Unfroze the account.",
      "Received 10 ETH.",
    ]);
  });

  test("says which keys signed, by the journal where it knows and by the event where it tells", async () => {
    const { transactionHash } = await withdraw(NATIVE_TOKEN, 1n);
    await perform(world, account, { kind: "lock" }, [owner.recovery]);
    const { all } = start({ signers: new Map([[transactionHash, ["device", "mfa"]]]) });
    const signedBy = (await all()).map(({ kind, signedBy: roles }) => [kind, roles]);
    expect(signedBy).toContainEqual(["money-out", ["device", "mfa"]]);
    expect(signedBy).toContainEqual(["freeze", ["recovery"]]);
  });

  test("tells ether that came in without an event once, and again what came since", async () => {
    const { sentences } = start();
    await withdraw(NATIVE_TOKEN, parseEther("4"));
    expect((await sentences()).at(-1)).toBe("Received 10 ETH.");
    await send("2.5");
    await withdraw(NATIVE_TOKEN, parseEther("1"));
    expect((await sentences()).slice(-2)).toEqual([`Withdrew 1 ETH to ${short(BEN)}.`, "Received 2.5 ETH."]);
    expect((await start().sentences()).slice(-1)).toEqual(["Received 2.5 ETH."]);
  });

  test("tells of ether that calls carried away", async () => {
    const { all, activity } = start();
    await all();
    const value = parseEther("0.5");
    await perform(world, account, { kind: "execute", calls: [{ target: BEN, value, data: "0x" }] }, both());
    const { items } = await activity.list({});
    expect(items?.[0]).toMatchObject({ sentence: "Paid 0.5 ETH by calls or for fees.", amount: value });
  });

  test("tells what calls moved, once", async () => {
    const { tusd } = world.contracts;
    const data =
      `0xa9059cbb${BEN.slice(2).padStart(64, "0")}${5_000_000n.toString(16).padStart(64, "0")}` as const;
    await perform(world, account, { kind: "execute", calls: [{ target: tusd, value: 0n, data }] }, both());
    expect((await start().sentences()).slice(-3, -1)).toEqual([
      "Made 1 call to other contracts.",
      `Sent 5 TUSD to ${short(BEN)} by a call.`,
    ]);
  });

  test("tells of an added key once, and until when it is pending", async () => {
    const other = newSigner();
    await perform(world, account, { kind: "addKey", role: "device", key: other.key, expires: 0 }, [
      owner.recovery,
    ]);
    const { all, activity } = start();
    const [, added] = await all();
    expect(added).toMatchObject({
      sentence: `Added a Device key, ${short(keyId(other.key))}, which waits to become active.`,
      kind: "keys",
    });
    expect((await activity.list({})).coming).toMatchObject([{ what: "key-active", at: added?.executableAt }]);
  });
});

describe("what was scheduled", () => {
  const scheduledItem = async (all: ReturnType<typeof start>["all"]) =>
    (await all()).find(({ sentence }) => sentence.startsWith("Scheduled"));

  test("waits, is due, and has run", async () => {
    const { other, removal } = await scheduleRemoval();
    const { activity, all } = start();
    const item = await scheduledItem(all);
    expect(item).toMatchObject({
      sentence: `Scheduled: remove the Device key ${short(keyId(other.key))}.`,
      outcome: "waiting",
      signedBy: ["device"],
    });
    const { coming } = await activity.list({});
    expect(coming).toMatchObject([
      {
        sentence: `Remove the Device key ${short(keyId(other.key))}.`,
        stage: "waiting",
        at: item?.executableAt,
      },
    ]);
    await pass(3 * DAY + 1);
    expect((await activity.list({})).coming).toMatchObject([{ stage: "due" }]);
    await world.run(removal, []);
    expect((await scheduledItem(all))?.outcome).toBe("ran");
    expect((await activity.list({})).coming).toEqual([]);
  });

  test("was cancelled, or lapsed", async () => {
    const { operation } = await scheduleRemoval();
    await perform(world, account, { kind: "cancel", operation }, [owner.mfa]);
    const { all } = start();
    expect((await scheduledItem(all))?.outcome).toBe("cancelled");
    await scheduleRemoval();
    await pass(34 * DAY);
    expect((await scheduledItem(all))?.outcome).toBe("lapsed");
    expect((await start().activity.list({})).coming).toEqual([]);
  });
});

describe("reading", () => {
  test("goes on where it stopped, also after a restart, and gives nothing to whoever has it all", async () => {
    const first = start();
    const { version, items } = await first.activity.list({});
    expect(items).toHaveLength(3);
    expect((await first.activity.list({ known: version })).items).toBeUndefined();
    const again = start();
    expect((await again.activity.list({})).version).toBe(version);
    expect(again.asked).not.toContain("eth_getLogs");
  });

  test("takes back what a reorganisation took back", async () => {
    const { activity, sentences } = start();
    await sentences();
    const snapshot = await world.chain.testClient.snapshot();
    await withdraw(world.contracts.tusd, 1n);
    await send("3");
    expect(await sentences()).toHaveLength(5);
    await world.chain.testClient.revert({ id: snapshot });
    await world.chain.testClient.mine({ blocks: 3 });
    expect(await sentences()).toHaveLength(3);
    expect(await activity.paid()).toEqual([]);
  });

  test("asks the next RPC where one does not answer or is of another chain, and says so where none does", async () => {
    const silent = rpcSource("silent", () =>
      Promise.reject(new SourceFailure("silent", "It does not answer.")),
    );
    const other = rpcSource("other", async (method, params) =>
      method === "eth_chainId" ? "0x1" : await honest(method, params),
    );
    const good = start({ sources: [silent, other, rpcSource("good", honest)] });
    expect(await good.all()).toHaveLength(3);
    await expect(start({ sources: [silent, other] }).all()).rejects.toMatchObject({
      code: "chain-unreachable",
    });
  });

  test("asks for fewer blocks where an RPC refuses many, and does without balances that it forgot", async () => {
    let refused = 0;
    const small = rpcSource("small", async (method, params) => {
      const [{ fromBlock = "0x0", toBlock = "0x0" } = {}] = params as {
        fromBlock?: string;
        toBlock?: string;
      }[];
      if (method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) > 8) {
        refused += 1;
        throw new SourceFailure("too-much", "too many blocks");
      }
      if (method === "eth_getBalance") throw new SourceFailure("refused", "missing trie node");
      return await honest(method, params);
    });
    const { sentences } = start({ sources: [small] });
    expect(await sentences()).toHaveLength(2);
    expect(refused).toBeGreaterThan(0);
  });

  test("begins anew where what was kept is damaged or of another account", async () => {
    await start().all();
    await writeFile(path.join(folder, "activity.json"), "{");
    expect(await start().all()).toHaveLength(3);
    account = await world.createAccount(newOwner());
    expect((await start().sentences())[0]).toContain("put on the chain");
  });
});

describe("an export", () => {
  const exported = async (format: "csv" | "json", filter: ActivityFilter) => {
    const { activity, saved } = start({ contacts: [{ name: '=Ben, of "B"', address: BEN, addedAt: 1 }] });
    const answer = await activity.exportItems(format, filter);
    return { answer, saved };
  };

  test("holds what the filter asks for, as CSV that no spreadsheet takes for formulas", async () => {
    await withdraw(world.contracts.tusd, 25_500_000n);
    const { answer, saved } = await exported("csv", { kinds: ["money-out"], token: world.contracts.tusd });
    expect(answer).toEqual({ savedAs: saved[0]?.name, items: 1 });
    const [heading, line, ...rest] = saved[0]?.content.split("\r\n") ?? [];
    expect(heading).toMatch(/^Time \(UTC\),Kind,What,Amount,Symbol/);
    expect(line).toContain(',money-out,"Withdrew 25.5 TUSD to =Ben, of ""B"".",25.5,TUSD,');
    expect(line).toContain(`,"'=Ben, of ""B""",`);
    expect(rest).toEqual([""]);
  });

  test("holds all of it as JSON", async () => {
    await withdraw(world.contracts.tusd, 25_500_000n);
    const { saved } = await exported("json", {});
    const parsed: unknown = JSON.parse(saved[0]?.content ?? "");
    expect(parsed).toMatchObject({
      account,
      chainId: world.domain.chainId,
      activity: [{}, { amount: "25500000", counterparty: BEN, kind: "money-out" }, {}, {}],
    });
  });
});

test("what is kept is one file that is always whole, and holds no secret", async () => {
  await start().all();
  const text = await readFile(path.join(folder, "activity.json"), "utf8");
  expect(JSON.parse(text)).toMatchObject({ version: 1, account });
});
