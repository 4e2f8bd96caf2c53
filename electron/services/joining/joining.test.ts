import { readFile } from "node:fs/promises";
import { encodeFunctionData } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { factorRegistryAbi } from "#contracts/abi.ts";
import type { SignatureRequest } from "#core/friends/letters.ts";
import { TestFriend } from "#core/friends/testing/friend.ts";
import { fillExitKit, EXIT_KIT_PLACE } from "#core/exit-kit/exit-kit.ts";
import { accountLink } from "#core/joining/account-text.ts";
import { codeOfRequest, parseJoinRequest } from "#core/joining/request.ts";
import { keyId } from "#core/keys/key.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT, zFactorId } from "#core/primitives/hex.ts";
import { accountEntry, sortEntries } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import { createDevices } from "../devices/devices.ts";
import { deviceNames } from "../devices/names.ts";
import { exitKitOf } from "../exit-kit/exit-kit.ts";
import { addFriend } from "../operations/intents/add-friend.ts";
import { change } from "../operations/intents/change.ts";
import type { Intent } from "../operations/intents/intent.ts";
import { replaceKey } from "../operations/intents/replace-key.ts";
import { accountReader } from "../chain/account-reader.ts";
import { findNetworkKeys } from "./find-network-keys.ts";
import { ownDeviceKey } from "../profile.ts";
import { CrashPoint } from "../testing/crash.ts";
import { GATES, World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const DAY = 86_400;
const successor = { kind: "setSuccessor", successor: toAddress(`0x${"5c".repeat(20)}`) } as const;

const another = toAddress(`0x${"2d".repeat(20)}`);

/** An account on the chain, and the app of the computer that made it. */
async function household(deployed = true) {
  const { directory, account } = await world.createAccount();
  const old = await world.startApp(directory);
  const make = async (wish: ChangeWish, signedBy?: Parameters<typeof change>[1]) => {
    const done = await old.finish(await old.operations.start(change(wish, signedBy)));
    expect(done.status).toBe("done");
  };
  if (deployed) await make(successor);
  const devices = createDevices({
    chain: old.chain,
    reader: accountReader(old.chain),
    profile: { get: old.get },
    names: deviceNames(directory),
    scripts: () => Promise.resolve(new Set()),
    now: () => world.now(),
  });
  return { ...old, directory, account, email: world.emailOf(directory), make, devices };
}

/** A new computer on which a person gave an account's address, and signed in. */
async function newComputer(account: string, email: string, directory?: string, crash?: CrashPoint) {
  const folder = directory ?? (await world.newDirectory());
  const app = await world.startJoining(folder, email, crash);
  if (!(await app.kept.read())) await app.joining.begin(account);
  await app.enter();
  return { ...app, directory: folder };
}

type NewComputer = Awaited<ReturnType<typeof newComputer>>;

const addOwnKey = async ({ get }: NewComputer): Promise<ChangeWish> => {
  const own = ownDeviceKey((await get()).keys);
  if (!own) throw new Error("no device key was made");
  return { kind: "addKey", role: "device", key: own.key, expires: 0 };
};

/** Begins the recovery with the recovery key that this computer found. */
async function recover(computer: NewComputer) {
  const { operations, finish } = computer;
  return finish(await operations.start(change(await addOwnKey(computer), ["recovery"])));
}

const standingOf = async ({ joining }: NewComputer) => (await joining.view()).standing;

describe("which account is joined", () => {
  test("is said by its address or a link, and refused with a sentence where there is none", async () => {
    const { account, directory } = await household();
    const folder = await world.newDirectory();
    const { joining, kept } = await world.startJoining(folder, world.emailOf(directory));
    await expect(joining.begin("hello")).rejects.toMatchObject({ code: "not-an-address" });
    await expect(joining.begin(successor.successor)).rejects.toMatchObject({ code: "account-not-found" });
    await expect(joining.begin(accountLink(account, 1))).rejects.toMatchObject({ code: "wrong-network" });
    await expect(joining.begin(world.config.contracts.factory)).rejects.toMatchObject({
      code: "not-an-account",
    });
    await expect(joining.view()).rejects.toMatchObject({ code: "not-joining" });
    expect(await kept.read()).toBeUndefined();
    expect(await joining.begin(accountLink(account, world.config.chain.id))).toBe(account);
    expect(await joining.account()).toBe(account);
  });

  test("is not joined where there is an account already", async () => {
    const { account, directory, email } = await household();
    const { joining } = await world.startJoining(directory, email);
    await expect(joining.begin(account)).rejects.toMatchObject({ code: "account-here" });
  });

  test("can be one that is on no chain yet, by its exit kit only", async () => {
    const { account, email, get } = await household(false);
    const folder = await world.newDirectory();
    const { joining } = await world.startJoining(folder, email);
    await expect(joining.begin(account)).rejects.toMatchObject({ code: "account-not-found" });
    const kit = fillExitKit(EXIT_KIT_PLACE, exitKitOf(await get(), world.config, 1));
    expect(await joining.begin(kit)).toBe(account);
  });
});

describe("a new computer, from the account's address and the person's sign-in alone", () => {
  test("knows its own device key, the network's keys with their records, and who else could recover", async () => {
    const { account, email, get: oldProfile } = await household();
    const computer = await newComputer(account, email);
    const { keys, account: joined } = await computer.get();
    const before = await oldProfile();
    expect(joined).toEqual(before.account);
    expect(keys.mfa).toEqual(before.keys.mfa);
    expect(keys.recovery).toEqual(before.keys.recovery);
    expect(ownDeviceKey(keys)?.key).not.toEqual(ownDeviceKey(before.keys)?.key);
    const view = await computer.joining.view();
    expect(view).toMatchObject({
      account,
      preparing: false,
      standing: { state: "absent", rejected: false },
      recovery: { delay: 7 * DAY, frozen: "no", otherDevices: 1, keys: 1, needed: 1, network: "ready" },
    });
    expect(view.error).toBeUndefined();
  });

  test("says so when somebody else signed in: their factors open no record of the account", async () => {
    const { account } = await household();
    const eve = await newComputer(account, "eve@example.org");
    expect((await eve.joining.view()).recovery).toMatchObject({ network: "not-yours", known: [] });
    expect((await recover(eve)).status).not.toBe("done");
    expect(await standingOf(eve)).toEqual({ state: "absent", rejected: false });
  });

  test("takes no key for the account's that only says so itself", async () => {
    const { account, email, chain, relay, get: oldProfile } = await household();
    const { factorRegistry } = world.config.contracts;
    const chainId = world.config.chain.id;
    const stranger = privateKeyToAccount(generatePrivateKey());
    const key = toAddress(stranger.address);
    const [gate] = GATES;
    if (!gate) throw new Error("no gate is shipped");
    const other = zFactorId.parse(`0x${"0f".repeat(32)}`);
    const factors = sortEntries([accountEntry(chainId, account), other]);
    const digest = recordDigest({ key, gate, factors, version: 1n }, { chainId, factorRegistry });
    const signature = await stranger.sign({ hash: digest });
    await relay({
      to: factorRegistry,
      data: encodeFunctionData({
        abi: factorRegistryAbi,
        functionName: "setRecord",
        args: [key, gate, factors, signature],
      }),
    });
    const naming = await findNetworkKeys(chain, account);
    expect(naming).toContainEqual({ key, publicKey: stranger.publicKey });
    const computer = await newComputer(account, email);
    const { keys } = await computer.get();
    expect(keys.mfa).toEqual((await oldProfile()).keys.mfa);
    expect(keys.recovery).toEqual((await oldProfile()).keys.recovery);
  });

  test("says that the account is frozen, and that its own key cannot be added meanwhile", async () => {
    const { account, email, make } = await household();
    await make({ kind: "lock" }, ["device"]);
    const computer = await newComputer(account, email);
    expect((await computer.joining.view()).recovery).toMatchObject({ frozen: "locked" });
    await expect(recover(computer)).rejects.toMatchObject({ code: "account-frozen" });
  });

  test("goes on wherever it was killed, with one device key", async () => {
    const { account, email } = await household();
    for (let after = 0; ; after += 1) {
      const crash = new CrashPoint(after);
      const folder = await world.newDirectory();
      await newComputer(account, email, folder, crash).catch(() => undefined);
      const first = crash.crashed ? await readFile(`${folder}/device-key.json`, "utf8").catch(() => "") : "";
      const again = await newComputer(account, email, folder);
      const view = await again.joining.view();
      expect(view).toMatchObject({ standing: { state: "absent" }, recovery: { network: "ready" } });
      const device = view.device?.signer ?? "";
      if (first) expect(first).toContain(device);
      if (!crash.crashed) break;
      expect(after).toBeLessThan(30);
    }
  }, 120_000);
});

describe("a recovery on a new computer", () => {
  test("waits, is seen by both, and opens the account by time alone", async () => {
    const { account, email, devices } = await household();
    const computer = await newComputer(account, email);
    expect(await computer.joining.isOutside()).toBe(true);
    expect(await recover(computer)).toMatchObject({ status: "done" });
    expect(await standingOf(computer)).toMatchObject({ state: "pending", vetoProof: false });
    const view = await computer.joining.view();
    const left = view.standing?.state === "pending" ? view.standing.until - world.now() : 0;
    expect(left).toBeGreaterThan(6.9 * DAY * 1000);
    const { devices: seen } = await devices.list();
    expect(seen.map(({ state, own }) => [state, own])).toEqual([
      ["active", true],
      ["pending", false],
    ]);
    expect(seen[1]?.code).toBe(view.device?.code);

    await computer.joining.look();
    expect(await computer.joining.account()).toBe(account);
    await world.passChainTime(7 * DAY + 60);
    await computer.joining.look();
    expect(await computer.joining.account()).toBeUndefined();
    expect(await computer.joining.isOutside()).toBe(false);
  });

  test("is rejected by the old computer with one key, told so, and can be begun again", async () => {
    const { account, email, make } = await household();
    const computer = await newComputer(account, email);
    await recover(computer);
    expect(await standingOf(computer)).toMatchObject({ state: "pending" });
    const id = (await computer.joining.view()).device?.id;
    if (!id) throw new Error("no device key");
    await expect(computer.joining.drop()).rejects.toMatchObject({ code: "device-on-account" });
    await make({ kind: "rejectKey", key: id }, ["device"]);
    expect(await standingOf(computer)).toEqual({ state: "absent", rejected: true });
    await world.passChainTime(8 * DAY);
    expect(await standingOf(computer)).toEqual({ state: "absent", rejected: true });
    expect((await recover(computer)).status).toBe("done");
    expect(await standingOf(computer)).toMatchObject({ state: "pending" });
  });

  test("is activated at once by the old computer", async () => {
    const { account, email, make } = await household();
    const computer = await newComputer(account, email);
    await recover(computer);
    const { device } = await computer.joining.view();
    if (!device) throw new Error("no device key");
    await make({ kind: "activateKey", key: device.id }, ["device"]);
    await computer.joining.look();
    expect(await computer.joining.account()).toBeUndefined();
  });

  test("is signed by a Ledger where that holds the recovery key; another Ledger is refused", async () => {
    const { account, email, operations, finish } = await household();
    const held = await world.ledgerHolder();
    expect((await finish(await operations.start(replaceKey("recovery", held)))).status).toBe("done");
    const computer = await newComputer(account, email);
    expect((await computer.joining.view()).recovery).toMatchObject({ network: "none", keys: 1 });
    const stranger = toAddress(`0x${"1e".repeat(20)}`);
    await expect(computer.joining.useLedger(stranger, "Nano X")).rejects.toMatchObject({
      code: "ledger-not-of-account",
    });
    const { recovery } = await computer.joining.useLedger(world.ledgerAddress, "Nano X");
    expect(recovery?.known).toContainEqual({
      role: "recovery",
      holder: "ledger",
      detail: "Nano X",
      signer: world.ledgerAddress,
    });
    expect((await recover(computer)).status).toBe("done");
    expect(await standingOf(computer)).toMatchObject({ state: "pending" });
  });

  test("is signed by a passkey where that holds the recovery key; another passkey is refused", async () => {
    const { account, email, operations, finish, vault } = await household();
    const make = () => vault.call("makePasskey", { name: "Phone", others: [] });
    const { signer, credential } = await make();
    const held = { key: { signer, salt: NO_SALT }, holder: "passkey", detail: "Phone", credential } as const;
    expect((await finish(await operations.start(replaceKey("recovery", held)))).status).toBe("done");
    const computer = await newComputer(account, email);
    await make();
    // Asked for any passkey, the person chooses the newest.
    await expect(computer.joining.usePasskey()).rejects.toMatchObject({ code: "passkey-not-of-account" });
    world.passkeys.forgetNewest();
    const { recovery } = await computer.joining.usePasskey();
    const known = { role: "recovery", holder: "passkey", detail: "Passkey", signer };
    expect(recovery?.known).toContainEqual(known);
    expect((await recover(computer)).status).toBe("done");
    expect(await standingOf(computer)).toMatchObject({ state: "pending" });
  });

  test("is signed by two of three friends, one of them a Safe of two, whose hidden keys this computer learns from their answers", async () => {
    const { account, email, operations, finish, get } = await household();
    const owners = [generatePrivateKey(), generatePrivateKey()].map((key) => privateKeyToAccount(key));
    const safe = await world.createSafe(owners, 2);
    const dans = { address: safe.address, sign: (digest: Hex) => safe.sign(digest, owners) };
    const [ben, carla, dan] = ([`0x${"b1".repeat(32)}`, `0x${"c1".repeat(32)}`, dans] as const).map(
      (wallet) => new TestFriend(wallet, `0x${"71".repeat(32)}`),
    );
    const [network] = (await get()).keys.recovery;
    if (!ben || !carla || !dan || !network) throw new Error("somebody is missing");
    const make = async (intent: Intent) => {
      expect((await finish(await operations.start(intent))).status).toBe("done");
    };
    const held = (friend: TestFriend) => ({ key: friend.key, holder: "friend", detail: "A friend" }) as const;
    await make(addFriend("recovery", held(ben), keyId(network.key)));
    await make(addFriend("recovery", held(carla)));
    await make(addFriend("recovery", held(dan)));
    await make(change({ kind: "setThreshold", role: "recovery", threshold: 2 }));

    const computer = await newComputer(account, email);
    expect((await computer.joining.view()).recovery).toMatchObject({
      network: "none",
      keys: 3,
      needed: 2,
      known: [{ role: "mfa" }],
    });
    const waiting = await recover(computer);
    expect(waiting.needs).toMatchObject({ kind: "friends", missing: 2 });
    const { operation } = computer.operations.question(waiting.id);
    const { chain, contracts } = world.config;
    const domain = { chainId: chain.id, implementation: contracts.implementation };
    const request: SignatureRequest = {
      ...{ trivet: "friend", version: 1, kind: "request", domain, account, from: "Ana", reason: "" },
      ...{ createdAt: 1, expiresAt: 2, role: "recovery", operation, needed: 2, keys: [] },
    };
    await computer.operations.answer(await dan.answer(request));
    const last = await computer.operations.answer(await ben.answer(request));
    expect(await computer.finish(last)).toMatchObject({ status: "done" });
    expect(await standingOf(computer)).toMatchObject({ state: "pending" });
    expect((await computer.joining.view()).recovery?.known).toHaveLength(3);
  });

  test("of an account that was on no chain yet puts it there first", async () => {
    const { account, email, get } = await household(false);
    const kit = fillExitKit(EXIT_KIT_PLACE, exitKitOf(await get(), world.config, 1));
    const computer = await newComputer(kit, email);
    const { recovery } = await computer.joining.view();
    expect(recovery).toMatchObject({ network: "ready" });
    expect(recovery?.hints.map(({ role }) => role)).toEqual(["mfa", "recovery"]);
    expect((await recover(computer)).steps.map(({ id }) => id)).toContain("deploy");
    expect(await standingOf(computer)).toMatchObject({ state: "pending" });
    expect(await world.executed(account)).not.toEqual([]);
  });
});

describe("a frozen account", () => {
  const unfreeze = change({ kind: "unfreeze" }, ["recovery"]);
  const unfreezingOf = async ({ joining }: NewComputer) => (await joining.view()).recovery?.unfreezing;

  test("that is archived is opened from a new computer, which is then let in: everything by the recovery key", async () => {
    const { account, email, make } = await household();
    await make({ kind: "archive" }, ["device", "mfa"]);
    const computer = await newComputer(account, email);
    expect((await computer.joining.view()).recovery).toMatchObject({ frozen: "archived" });
    expect(await unfreezingOf(computer)).toBeUndefined();
    // The account takes no new key before it is open.
    await expect(recover(computer)).rejects.toMatchObject({ code: "account-frozen" });

    const asked = await computer.finish(await computer.operations.start(unfreeze));
    expect(asked).toMatchObject({ status: "done", effect: "afterRecoveryDelay" });
    const waiting = await unfreezingOf(computer);
    if (!waiting) throw new Error("nothing is scheduled");
    expect(waiting).toMatchObject({ stage: "waiting", proposers: [{ role: "recovery" }] });
    const left = waiting.executableAt - world.now() / 1000;
    expect(left).toBeGreaterThan(6.9 * DAY);
    await expect(computer.schedule.run(waiting.id)).rejects.toMatchObject({ code: "not-due" });

    await world.passChainTime(7 * DAY + 60);
    expect(await unfreezingOf(computer)).toMatchObject({ id: waiting.id, stage: "due" });
    await computer.schedule.run(waiting.id);
    expect((await computer.joining.view()).recovery).toMatchObject({ frozen: "no" });
    expect(await unfreezingOf(computer)).toBeUndefined();

    expect(await recover(computer)).toMatchObject({ status: "done" });
    await world.passChainTime(7 * DAY + 60);
    await computer.joining.look();
    expect(await computer.joining.isOutside()).toBe(false);
    const moved = await computer.operations.start(change({ ...successor, successor: another }));
    expect(await computer.finish(moved)).toMatchObject({ status: "done" });
  });

  test("wakes no recovery that slept: it is begun again, with the same key", async () => {
    const { account, email, make } = await household();
    const computer = await newComputer(account, email);
    await recover(computer);
    await make({ kind: "archive" }, ["device", "mfa"]);
    expect(await standingOf(computer)).toEqual({ state: "asleep" });
    expect(await computer.finish(await computer.operations.start(unfreeze))).toMatchObject({
      status: "done",
    });
    await world.passChainTime(7 * DAY + 60);
    const due = await unfreezingOf(computer);
    if (!due) throw new Error("nothing is due");
    await computer.schedule.run(due.id);
    expect(await standingOf(computer)).toEqual({ state: "asleep" });
    expect(await recover(computer)).toMatchObject({ status: "done" });
    await world.passChainTime(7 * DAY + 60);
    expect(await computer.joining.isOutside()).toBe(false);
  });

  test("whose unfreeze a computer that is in cancelled can be asked again", async () => {
    const { account, email, make } = await household();
    await make({ kind: "archive" }, ["device", "mfa"]);
    const computer = await newComputer(account, email);
    await computer.finish(await computer.operations.start(unfreeze));
    const first = await unfreezingOf(computer);
    if (!first) throw new Error("nothing is scheduled");
    await make({ kind: "cancel", operation: first.id }, ["device"]);
    expect(await unfreezingOf(computer)).toBeUndefined();
    await computer.finish(await computer.operations.start(unfreeze));
    const second = await unfreezingOf(computer);
    expect(second).toMatchObject({ stage: "waiting" });
    expect(second?.id).not.toBe(first.id);
  });
});

describe("a second computer", () => {
  test("is let in by the old one once its code was compared, and keeps its name there", async () => {
    const { account, email, devices, make } = await household();
    const computer = await newComputer(account, email);
    const { request, device } = await computer.joining.view();
    if (!request || !device) throw new Error("no request was made");
    const opened = await devices.open(request.text);
    expect(opened).toMatchObject({ name: "New laptop", signer: device.signer, id: device.id });
    const wrong = `${device.code.slice(0, -1)}${device.code.endsWith("7") ? "8" : "7"}`;
    await expect(devices.compare(opened.id, wrong)).rejects.toMatchObject({ code: "code-differs" });
    expect((await devices.list()).devices).toHaveLength(1);
    await devices.compare(opened.id, device.code.replaceAll(" ", ""));
    await make(await addOwnKey(computer), ["device", "mfa"]);
    expect((await devices.list()).devices[1]).toMatchObject({
      name: "New laptop",
      state: "active",
      own: false,
    });
    await computer.joining.look();
    expect(await computer.joining.account()).toBeUndefined();
    await expect(devices.open(request.text)).rejects.toMatchObject({ code: "device-known" });
  });

  test("shows a request that is refused everywhere but at its own account, whole and in time", async () => {
    const { account, email, devices } = await household();
    const other = await household();
    const computer = await newComputer(account, email);
    const text = (await computer.joining.view()).request?.text ?? "";
    const parsed = parseJoinRequest(text);
    if ("problem" in parsed) throw new Error(parsed.problem);
    const stolen = toAddress(`0x${"ee".repeat(20)}`);
    await expect(other.devices.open(text)).rejects.toMatchObject({ code: "other-account" });
    await expect(devices.open(text.replace("chain=", "chain=1"))).rejects.toMatchObject({
      code: "wrong-network",
    });
    await expect(devices.open(text.replace(parsed.signed.request.device, stolen))).rejects.toMatchObject({
      code: "request-not-signed",
    });
    await expect(devices.open(text.replace("name=New", "name=Old"))).rejects.toMatchObject({
      code: "request-not-signed",
    });
    await expect(devices.open("trivet:join?v=2")).rejects.toMatchObject({ code: "version" });
    await expect(
      devices.compare(keyId({ signer: stolen, salt: `0x${"00".repeat(32)}` }), "x"),
    ).rejects.toMatchObject({ code: "request-not-opened" });
    expect((await devices.open(text)).name).toBe("New laptop");
    world.passTime(DAY + 60);
    await expect(devices.open(text)).rejects.toMatchObject({ code: "request-expired" });
    // The new computer does not show one that is too old.
    const fresh = (await computer.joining.view()).request?.text ?? "";
    expect(fresh).not.toBe(text);
    expect(codeOfRequest((await asRequest(fresh)).request)).toBe(codeOfRequest(parsed.signed.request));
  });

  const asRequest = (text: string) => {
    const parsed = parseJoinRequest(text);
    if ("problem" in parsed) throw new Error(parsed.problem);
    return Promise.resolve(parsed.signed);
  };

  test("that is killed while it gives up can give up again, or go on", async () => {
    const { account, email } = await household();
    for (let after = 0; ; after += 1) {
      const folder = await world.newDirectory();
      await newComputer(account, email, folder);
      const crash = new CrashPoint(after);
      const dying = await world.startJoining(folder, email, crash);
      await dying.joining.drop().catch(() => undefined);
      if (!crash.crashed) break;
      const again = await newComputer(account, email, folder);
      expect(await again.joining.view()).toMatchObject({ standing: { state: "absent" } });
      await again.joining.drop();
      expect(await again.joining.account()).toBeUndefined();
      expect(after).toBeLessThan(10);
    }
  }, 60_000);

  test("that was removed asks again with the key that it has, and opens once it is in", async () => {
    const { account, email, make } = await household();
    const computer = await newComputer(account, email);
    const wish = await addOwnKey(computer);
    await make(wish, ["device", "mfa"]);
    await computer.joining.look();
    await expect(computer.joining.again()).rejects.toMatchObject({ code: "device-on-account" });
    const own = ownDeviceKey((await computer.get()).keys);
    if (!own) throw new Error("no device key");
    await make({ kind: "removeKey", key: keyId(own.key) }, ["device", "mfa"]);
    await computer.joining.again();
    expect(await computer.joining.account()).toBe(account);
    expect(await standingOf(computer)).toEqual({ state: "absent", rejected: false });
    await make(wish, ["device", "recovery"]);
    await computer.joining.look();
    expect(await computer.joining.account()).toBeUndefined();
  });

  test("that gives up leaves nothing behind but its key's file, and can join another account", async () => {
    const { account, email } = await household();
    const other: { account: Address; email: string } = await household();
    const computer = await newComputer(account, email);
    const { device } = await computer.joining.view();
    await computer.joining.drop();
    expect(computer.dropped()).toBe(1);
    expect(await computer.file.read()).toBeUndefined();
    expect(await computer.joining.account()).toBeUndefined();
    const again = await newComputer(other.account, other.email, computer.directory);
    const view = await again.joining.view();
    expect(view.account).toBe(other.account);
    expect(view.device?.id).not.toBe(device?.id);
  });
});
