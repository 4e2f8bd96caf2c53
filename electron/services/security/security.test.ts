import { setImmediate } from "node:timers/promises";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAccount } from "#core/security/explorer/account.ts";
import { explore } from "#core/security/explorer/configurations.ts";
import { overviewOf } from "#core/security/explorer/overview.ts";
import { zSecurityReport, zSecurityStanding } from "#core/wallet-api/security.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { addFriend } from "../operations/intents/add-friend.ts";
import { withdraw } from "../operations/intents/withdraw.ts";
import { replaceKey } from "../operations/intents/replace-key.ts";
import { accountReader } from "../chain/account-reader.ts";
import { World } from "../testing/world.ts";
import { createValue } from "../value/value.ts";
import { readContractState, stateBeforeDeployment } from "./contract-state.ts";
import { createExplorerService, type ExplorerService } from "./explorer-service.ts";
import { createSecurity } from "./security.ts";

const WALLET = { type: "wallet", id: `0x${"ab".repeat(20)}` } as const;
const THREAD = new URL("explorer-thread.ts", import.meta.url);

let world: World;
let explorer: ExplorerService;
beforeAll(async () => {
  world = await World.start();
  explorer = createExplorerService(THREAD);
});
afterAll(async () => {
  await explorer.stop();
  await world.stop();
});

async function securityOf(directory: string) {
  const { vault, chain, get } = await world.startApp(directory);
  const records = await world.startRecords(directory);
  const value = createValue(chain, accountReader(chain));
  const scripts = () => Promise.resolve(new Map());
  return {
    chain,
    get,
    records,
    vault,
    security: createSecurity({ chain, profile: { get }, records, value, vault, explorer, scripts }),
  };
}

describe("an account's security", () => {
  test("is reported as the explorer finds it for the account's records, before it is on the chain and after", async () => {
    const { directory, account } = await world.createAccount();
    const { chain, get, security } = await securityOf(directory);
    const profile = await get();
    if (!profile.account) throw new Error("no account");
    expect(await readContractState(chain, profile.account)).toEqual(stateBeforeDeployment(profile.account));
    const before = await security.report();
    const expected = overviewOf(explore(parseAccount({ credentials: "none" })));
    expect(before).toEqual(zSecurityReport.parse({ ...expected, remarks: ["one-machine"] }));

    await world.fund(account, "10");
    const { operations, finish } = await world.startApp(directory);
    const started = await operations.start(withdraw({ token: world.tusd, to: world.tusd, amount: 1n }));
    expect((await finish(started)).status).toBe("done");
    expect(await readContractState(chain, profile.account)).toEqual(stateBeforeDeployment(profile.account));
    expect(await security.report()).toEqual(before);
  });

  test("follows the records: the weaker of two counts", async () => {
    const { directory } = await world.createAccount();
    const { records, security } = await securityOf(directory);
    const email = (await records.read("mfa"))?.record.factors ?? [];
    await records.change("mfa", { factors: [...email, WALLET] });
    expect(zSecurityStanding.parse(await security.standing()).level).toBe(0);
    const differing = await security.report();
    expect(differing.remarks).toEqual(["one-machine", "records-differ"]);
    expect(differing.things.map(({ name }) => name)).toEqual(["D", "E"]);
    await records.change("recovery", { factors: [...email, WALLET] });
    expect((await security.standing()).level).toBe(1);
    const both = await security.report();
    expect(both.remarks).toEqual(["one-machine"]);
    expect(both.things.map(({ name }) => name)).toEqual(["D", "E", "W"]);
  });

  test("follows the keys: a Ledger is a thing of the account", async () => {
    const { directory } = await world.createAccount();
    const { operations, finish } = await world.startApp(directory);
    const started = await operations.start(replaceKey("mfa", await world.ledgerHolder()));
    expect((await finish(started)).status).toBe("done");
    const { security, vault } = await securityOf(directory);
    const { things, remarks, services } = await security.report();
    expect(remarks).toEqual(["one-machine"]);
    expect(things.find(({ kind }) => kind === "ledger")).toMatchObject({ name: "Ledger", roles: ["mfa"] });

    // With a code on paper, the Ledger and this computer need nobody's leave.
    const outlives = (reported: typeof services) =>
      reported.find(({ service }) => service === "authenticator")?.ownerCanExit;
    expect(outlives(services)).toBe(false);
    await vault.call("createUnlockCode", undefined);
    expect(outlives((await security.report()).services)).toBe(true);
  });
});

test("a friend's Safe counts by the owners that it names, as long as it names them so", async () => {
  const { directory } = await world.createAccount();
  const { operations, finish, get } = await world.startApp(directory);
  const owners = Array.from({ length: 3 }, () => privateKeyToAccount(generatePrivateKey()));
  const safe = await world.createSafe(owners, 2);
  const [network] = (await get()).keys.recovery;
  if (!network) throw new Error("no recovery key");
  const ben = { key: keyOfAddress(safe.address), holder: "friend", detail: "Ben" } as const;
  const started = await operations.start(addFriend("recovery", ben, keyId(network.key)));
  expect((await finish(started)).status).toBe("done");

  const { security } = await securityOf(directory);
  const named = ({ things }: Awaited<ReturnType<typeof security.report>>) =>
    things.filter(({ kind }) => kind === "safe-owner");
  const report = await security.report();
  expect(named(report)).toHaveLength(3);
  expect(report.remarks).toEqual(["one-machine", "safe-owners"]);
  const losesTwo = (found: typeof report) =>
    found.loss.some(({ things }) => things.filter((one) => one.includes("Ben's Safe")).length === 2);
  expect(losesTwo(report)).toBe(true);
  await safe.changeThreshold(3, owners.slice(0, 2));
  expect(losesTwo(await security.report())).toBe(false);
});

describe("the explorer's thread", () => {
  test("leaves main free while it works", async () => {
    const friends = ["Ann", "Ben", "Cem", "Dan", "Eva"];
    const heavy = {
      methods: ["A", "S", "P"] as ("A" | "S" | "P")[],
      recovery: { holder: "friends" as const, names: friends, threshold: 3 },
    };
    const settled = { isDone: false };
    const found = explorer.explore([heavy]).finally(() => (settled.isDone = true));
    let turns = 0;
    while (!settled.isDone) {
      turns += 1;
      await setImmediate();
    }
    expect((await found).things.map(({ name }) => name)).toEqual(["D", "C", "E", "A", "S", "P", ...friends]);
    expect(turns).toBeGreaterThan(10);
  });

  test("answers the same question once, reports the likeliest failure, and says what is wrong", async () => {
    const weak = { credentials: "none" } as const;
    const strong = { methods: ["A", "P"] as ("A" | "P")[] };
    const first = explorer.explore([strong, weak]);
    expect(explorer.explore([strong, weak])).toBe(first);
    expect((await first).things.map(({ name }) => name)).toEqual(["D", "E"]);
    await expect(explorer.explore([{ devices: 9 }])).rejects.toThrow("The account description is wrong");
    expect((await explorer.explore([weak])).smallestTheft).toBe(1);
  });

  test("starts again after its end", async () => {
    const service = createExplorerService(THREAD);
    const waiting = service.explore([{ methods: ["A"] }]);
    const ended = expect(waiting).rejects.toThrow("stopped");
    await service.stop();
    await ended;
    expect((await service.explore([{ methods: ["A"] }])).smallestTheft).toBe(2);
    await service.stop();
  });

  test("cannot be started from a file that is not there, and says so", async () => {
    const service = createExplorerService(new URL("nowhere.ts", import.meta.url));
    await expect(service.explore([{}])).rejects.toThrow();
    await service.stop();
  });
});
