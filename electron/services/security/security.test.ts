import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAccount } from "#core/security/explorer/account.ts";
import { explore } from "#core/security/explorer/configurations.ts";
import { overviewOf } from "#core/security/explorer/overview.ts";
import { zSecurityReport, zSecurityStanding } from "#core/wallet-api/security.ts";
import { withdraw } from "../operations/intents/withdraw.ts";
import { replaceKey } from "../operations/intents/replace-key.ts";
import { accountReader } from "../chain/account-reader.ts";
import { createChainClient } from "../chain/client.ts";
import { profileFile } from "../profile.ts";
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
  const chain = createChainClient(world.config);
  const file = profileFile(directory);
  const get = async () => {
    const profile = await file.read();
    if (!profile) throw new Error("no profile");
    return profile;
  };
  const records = await world.startRecords(directory);
  const value = createValue(chain, accountReader(chain));
  return {
    chain,
    get,
    records,
    security: createSecurity({ chain, profile: { get }, records, value, explorer }),
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
    const { security } = await securityOf(directory);
    const { things, remarks } = await security.report();
    expect(remarks).toEqual(["one-machine"]);
    expect(things.find(({ kind }) => kind === "ledger")).toMatchObject({ name: "Ledger", roles: ["mfa"] });
  });
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
