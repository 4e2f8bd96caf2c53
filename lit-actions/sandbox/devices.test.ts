/** Who may ask the bundled gate: device keys of the account, and a new computer that begins a recovery. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { newKeyPair, newSigner, type Owner, type TestSigner } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { GateReason } from "#core/security/gate-reasons.ts";
import { GateWorld, type Household } from "#devnet/testing/gate-world.ts";
import { person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { addressOf, expectGranted, expectRefusal, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const BOTH: TokenOptions = { proven: { email: 0, totp: 0 } };

let gates: GateWorld;
let home: Household;

beforeAll(async () => {
  gates = await GateWorld.start();
  home = await gates.createHousehold({ who: ada });
});
afterAll(async () => {
  await gates.stop();
});

const token = (options: TokenOptions = {}) => gates.issuer.token(ada, { ...BOTH, ...options });

/** The same household, asked for by another device key. */
const askedBy = (device: TestSigner, { owner, ...rest }: Household = home): Household => ({
  ...rest,
  owner: { ...owner, device } satisfies Owner,
});

async function runFor(who: Household, operation: Operation, jwt: string, role?: ReplaceableRole) {
  return gates.run(await gates.operationRequest(who, operation, jwt, role), addressOf(who.owner.device));
}

describe("the gate answers no device key", () => {
  test("that the account does not know, though it opened the session", async () => {
    expectRefusal(
      await runFor(askedBy(newSigner()), withdrawal(home.account), await token()),
      "device-key-unknown",
    );
  });

  test("of another account", async () => {
    const other = await gates.createHousehold({ who: person("eve") });
    const thief = askedBy(other.owner.device);
    expectRefusal(await runFor(thief, withdrawal(home.account), await token()), "device-key-unknown");
  });

  test("of an account that names this household's network-held keys as its own", async () => {
    const eve = newSigner();
    const forged = await gates.world.createAccount({ ...home.owner, device: eve });
    const thief = { ...askedBy(eve), account: forged };
    expectRefusal(await runFor(thief, withdrawal(forged), await token()), "other-account");
    const record = { ...home.record, account: forged };
    expectRefusal(await runFor({ ...thief, record }, withdrawal(forged), await token()), "other-account");
  });

  test("that is the account's recovery key", async () => {
    const thief = askedBy(home.owner.recovery);
    expectRefusal(await runFor(thief, withdrawal(home.account), await token()), "device-key-unknown");
  });

  const FAR = 281_474_976_710_655;
  test.each<[string, GateReason, (now: number) => { role: number; activeFrom: number; expires: number }]>([
    ["that is pending", "device-key-pending", (now) => ({ role: 1, activeFrom: now + 60, expires: 0 })],
    ["that sleeps", "device-key-pending", () => ({ role: 1, activeFrom: FAR, expires: 0 })],
    ["that has expired", "device-key-expired", (now) => ({ role: 1, activeFrom: 0, expires: now })],
    ["that was removed", "device-key-unknown", () => ({ role: 0, activeFrom: 0, expires: 0 })],
  ])("%s", async (_what, reason, key) => {
    const other = await gates.createHousehold({ who: ada });
    await gates.overwriteKey(other.account, other.owner.device, key(await gates.chainTime()));
    expectRefusal(await runFor(other, withdrawal(other.account), await token()), reason);
  });

  test("but answers one that expires in a minute", async () => {
    const other = await gates.createHousehold({ who: ada });
    const expires = (await gates.chainTime()) + 60;
    await gates.overwriteKey(other.account, other.owner.device, { role: 1, activeFrom: 0, expires });
    expectGranted(await runFor(other, withdrawal(other.account), await token()));
  });
});

describe("the gate uses no network-held key", () => {
  test.each([
    ["that is pending", (now: number) => ({ role: 2, activeFrom: now + 60, expires: 0 })],
    ["that has expired", (now: number) => ({ role: 2, activeFrom: 0, expires: now })],
  ])("%s", async (_what, key) => {
    const other = await gates.createHousehold({ who: ada });
    await gates.overwriteKey(other.account, other.owner.mfa, key(await gates.chainTime()));
    expectRefusal(await runFor(other, withdrawal(other.account), await token()), "network-key-inactive");
  });
});

describe("on a new computer", () => {
  let device: TestSigner;
  let newcomer: Household;
  let named: TokenOptions;
  beforeAll(() => {
    device = newSigner();
    newcomer = askedBy(device);
    named = { wallets: { [device.account.address]: 0 } };
  });

  const addDevice = ({ key }: TestSigner): Operation => ({
    kind: "addKey",
    account: home.account,
    role: "device",
    key,
    expires: 0,
    nonce: 0n,
  });

  test("the recovery key adds the asking device key, which the session names, and the account takes it as pending", async () => {
    const operation = addDevice(device);
    expectGranted(await runFor(newcomer, operation, await token(named), "recovery"));
    const signed = await gates.world.sign(operation, home.owner.recovery);
    await gates.world.submit(operation, [signed]);
    expectRefusal(await runFor(newcomer, withdrawal(home.account), await token(named)), "device-key-pending");
  });

  test("the recovery key unfreezes", async () => {
    const operation: Operation = { kind: "unfreeze", account: home.account, nonce: 1n };
    expectGranted(await runFor(newcomer, operation, await token(named), "recovery"));
  });

  test("a session that does not name the device key begins nothing: whoever saw it could have bound it", async () => {
    for (const options of [
      {},
      { wallets: { [newSigner().account.address]: 0 } },
      { wallets: { [device.account.address]: 700 } },
      { wallets: { [device.account.address]: -3600 } },
    ] satisfies TokenOptions[]) {
      const run = await runFor(newcomer, addDevice(device), await token(options), "recovery");
      expectRefusal(run, "device-not-named");
    }
  });

  test("a thief's device key gets nothing from a session that names the owner's", async () => {
    const thief = newSigner();
    const run = await runFor(askedBy(thief), addDevice(thief), await token(named), "recovery");
    expectRefusal(run, "device-not-named");
  });

  test.each<[string, (account: Address, own: TestSigner) => Operation]>([
    ["a withdrawal", (account) => withdrawal(account)],
    ["another device key", () => addDevice(newSigner())],
    ["the device key as a recovery key", () => ({ ...addDevice(device), role: "recovery" }) as Operation],
    [
      "the removal of a key",
      (account, own) => ({ kind: "removeKey", account, key: keyId(own.key), nonce: 1n }),
    ],
    [
      "cancelling",
      (account) => ({ kind: "cancel", account, operation: `0x${"11".repeat(32)}`, nonce: 1n }) as Operation,
    ],
    ["an archive", (account) => ({ kind: "archive", account, nonce: 1n })],
  ])("the recovery key signs nothing else: not %s", async (_what, make) => {
    const run = await runFor(
      askedBy(newSigner()),
      make(home.account, device),
      await token(named),
      "recovery",
    );
    expectRefusal(run, "device-key-unknown");
  });

  test("the mfa key signs nothing at all", async () => {
    const fresh = newSigner();
    const options = { wallets: { [fresh.account.address]: 0 } };
    const run = await runFor(askedBy(fresh), addDevice(fresh), await token(options), "mfa");
    expectRefusal(run, "device-key-unknown");
  });

  test("every registered factor is asked for all the same", async () => {
    const fresh = newSigner();
    const wallets = { [fresh.account.address]: 0 };
    const jwt = await token({ proven: { totp: 0 }, wallets });
    expectRefusal(await runFor(askedBy(fresh), addDevice(fresh), jwt, "recovery"), "factor-missing");
  });

  test("an account that is not on the chain yet is not recovered", async () => {
    const nowhere = toAddress(`0x${"cd".repeat(20)}`);
    const owner = { device, mfa: newKeyPair(), recovery: newKeyPair() };
    const record = recordOf(ada, nowhere);
    const digest = gates.recordDigest(owner, ada, { record, role: "recovery" });
    const run = await gates.run(
      await gates.recordRequest({ owner, who: ada }, { record, role: "recovery" }, await token()),
      addressOf(device),
    );
    if (!run.answer.ok || !run.answer.record) throw new Error(JSON.stringify(run.answer));
    await gates.setRecord(owner.recovery, digest, run.answer.record.factors, gates.gate.digest);
    const who = { owner, who: ada, account: nowhere, record };
    const operation = { ...addDevice(device), account: nowhere };
    expectRefusal(await runFor(who, operation, await token(named), "recovery"), "account-not-deployed");
  });
});
