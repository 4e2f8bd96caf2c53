/** The factor registry's records, before the bundled gate and in the real registry. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { factorRegistryAbi } from "#contracts/abi.ts";
import { newOwner, newSigner } from "#contracts/testing/world.ts";
import { encodeFunctionData } from "viem";
import type { GateDigest, Hex } from "#core/primitives/hex.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { FactorType } from "#core/security/factors.ts";
import type { GateReason } from "#core/security/gate-reasons.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { GateWorld, type Household, type RunContext, type WantedRecord } from "#devnet/testing/gate-world.ts";
import { entriesOf, person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { addressOf, expectGranted, expectRefusal, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const eve = person("eve");
const ACCOUNT = toAddress(`0x${"ac".repeat(20)}`);
const NEWER_GATE = `0x${"77".repeat(32)}` as GateDigest;
const ALL: TokenOptions = { proven: { email: 0, totp: 0, sms: 0, passkey: 0, password: 0, oauth: 0 } };

let gates: GateWorld;

beforeAll(async () => {
  gates = await GateWorld.start();
});
afterAll(async () => {
  await gates.stop();
});

const tokenOf = (who = ada, options = ALL) => gates.issuer.token(who, options);

type Asking = Parameters<GateWorld["recordRequest"]>[0];

async function runRecord(asking: Asking, wanted: WantedRecord, jwt: string, context?: RunContext) {
  const request = await gates.recordRequest(asking, wanted, jwt);
  return gates.run(request, addressOf(asking.owner.device), context);
}

/** Sets a record through the gate and the registry; what the registry then holds. */
async function setThroughGate(asking: Asking, wanted: WantedRecord, jwt: string) {
  const { answer, wish } = await runRecord(asking, wanted, jwt);
  if (!answer.ok || !answer.record || !wish) throw new Error(JSON.stringify(answer));
  expect(wish.sigName).toBe("record");
  expect(wish.digest).toBe(gates.recordDigest(asking.owner, asking.who, wanted));
  const { mfa } = asking.owner;
  await gates.setRecord(mfa, wish.digest, answer.record.factors, answer.record.gate);
  return gates.registered(mfa);
}

describe("the first record of a key", () => {
  const first = (types?: readonly FactorType[]) => ({ record: recordOf(ada, ACCOUNT, types) });
  const newcomer = (): Asking => ({ owner: newOwner(), who: ada });

  async function refused(
    wanted: WantedRecord,
    options: TokenOptions,
    reason: GateReason,
    context?: RunContext,
  ) {
    expectRefusal(await runRecord(newcomer(), wanted, await tokenOf(ada, options), context), reason);
  }

  test("is set by the device key that created it, before the account exists", async () => {
    const held = await setThroughGate(newcomer(), first(), await tokenOf());
    expect(held).toEqual([gates.gate.digest, 1n, entriesOf(ada, recordOf(ada, ACCOUNT))]);
  });

  test("holds what the person proved, a wallet too", async () => {
    const wallet = newSigner();
    const asking = newcomer();
    const more = [{ type: "wallet", id: wallet.account.address.toLowerCase() }] as const;
    const wanted = { record: recordOf(ada, ACCOUNT, ["email"], more) };
    const jwt = await tokenOf();
    const request = await gates.recordRequest(asking, wanted, jwt);
    expectRefusal(await gates.run(request, addressOf(asking.owner.device)), "factor-missing");
    const digest = gates.recordDigest(asking.owner, ada, wanted);
    const walletSignature = await gates.walletSignature(wallet, digest, jwt);
    expectGranted(await gates.run({ ...request, walletSignature }, addressOf(asking.owner.device)));
  });

  test("is not set by any other device key, nor for a key the network does not know", async () => {
    await refused(first(), ALL, "not-key-creator", { keyCreator: addressOf(newSigner()) });
    await refused(first(), ALL, "not-key-creator", { keyCreator: null });
  });

  test("holds one email address, neither none nor two", async () => {
    await refused(first(["totp"]), ALL, "factor-required");
    const two = recordOf(ada, ACCOUNT, ["email"], [{ type: "email", id: "email-test-second" }]);
    await refused({ record: two }, ALL, "factor-required");
  });

  test("holds nothing that was not proven, or not lately", async () => {
    await refused(first(["email", "totp"]), { proven: { email: 0 } }, "factor-missing");
    await refused(first(), { proven: { email: 700 } }, "factor-stale");
    await refused({ record: recordOf(eve, ACCOUNT) }, ALL, "factor-missing");
  });

  test("names the gate that signs it", async () => {
    await refused({ ...first(), gate: NEWER_GATE }, ALL, "other-gate");
  });

  test("is not signed for another version, other factors or another account than the device key bound", async () => {
    const asking = newcomer();
    const jwt = await tokenOf();
    const device = addressOf(asking.owner.device);
    const request = await gates.recordRequest(asking, first(), jwt);
    for (const wanted of [
      { ...first(), version: 2n },
      first(["email", "totp"]),
      { record: recordOf(ada, toAddress(`0x${"ad".repeat(20)}`)) },
    ]) {
      const { deviceSignature } = await gates.recordRequest(asking, wanted, jwt);
      expectRefusal(await gates.run({ ...request, deviceSignature }, device), "binding-mismatch");
    }
  });
});

describe("a record that is there", () => {
  let home: Household;
  beforeAll(async () => {
    home = await gates.createHousehold({ who: ada });
  });
  const changed = (types: readonly FactorType[], from = home) => ({
    record: recordOf(ada, from.account, types),
    version: 2n,
  });

  test("gains a factor, changes one, loses one: one after another, each by an active device key", async () => {
    const { owner, account, who } = await gates.createHousehold({ who: ada, types: ["email", "totp"] });
    const added = recordOf(ada, account, ["email", "totp", "passkey"]);
    const otherKey = { ...ada, ids: { ...ada.ids, passkey: "passkey-new" } };
    const replaced = recordOf(otherKey, account, ["email", "totp", "passkey"]);
    const email = { ...ada, ids: { ...ada.ids, email: "email-new", passkey: "passkey-new" } };
    const moved = recordOf(email, account, ["email", "totp", "passkey"]);
    const removed = recordOf(email, account, ["email", "totp"]);

    let record: OpenedRecord = recordOf(ada, account, ["email", "totp"]);
    let version = 2n;
    const both = async (old: typeof ada, now: typeof ada) => {
      // A session that proved the old and the new one of a factor, as it does when one replaces the other.
      const claims = gates.issuer.claims(old, ALL);
      const more = gates.issuer.claims(now, ALL);
      const session = "https://stytch.com/session";
      const factorsOf = (all: Record<string, unknown>) =>
        (all[session] as { authentication_factors: object[] }).authentication_factors;
      const authentication_factors = [...factorsOf(claims), ...factorsOf(more)];
      return gates.issuer.token(old, {
        ...ALL,
        claims: { [session]: { ...(claims[session] as object), authentication_factors } },
      });
    };
    for (const [next, jwt] of [
      [added, await tokenOf()],
      [replaced, await both(ada, otherKey)],
      [moved, await both(otherKey, email)],
      [removed, await tokenOf(email)],
    ] as const) {
      const held = await setThroughGate({ owner, who, record }, { record: next, version }, jwt);
      expect(held).toEqual([gates.gate.digest, version, entriesOf(ada, next)]);
      record = next;
      version += 1n;
    }
  });

  test("is changed by any active device key, not only by the one that created the key", async () => {
    const second = newSigner();
    const other = await gates.createHousehold({ who: ada });
    const { account, owner } = other;
    const add = { kind: "addKey", account, role: "device", key: second.key, expires: 0, nonce: 0n } as const;
    await gates.world.run(add, [owner.device, owner.mfa]);
    const asking = { ...other, owner: { ...owner, device: second } };
    const context = { keyCreator: addressOf(owner.device) };
    expectGranted(await runRecord(asking, changed(["email", "totp"], other), await tokenOf(), context));
  });

  test("is not changed by a device key that does not count, even the one that created the key", async () => {
    const other = await gates.createHousehold({ who: ada });
    const wanted = changed(["email", "totp"], other);
    const activeFrom = (await gates.chainTime()) + 60;
    const thief = { ...other.owner, device: newSigner() };
    const jwt = await tokenOf(ada, { ...ALL, wallets: { [thief.device.account.address]: 0 } });
    expectRefusal(await runRecord({ ...other, owner: thief }, wanted, jwt), "device-key-unknown");
    await gates.overwriteKey(other.account, other.owner.device, { role: 1, activeFrom, expires: 0 });
    expectRefusal(await runRecord(other, wanted, jwt), "device-key-pending");
    await gates.overwriteKey(other.account, other.owner.device, { role: 1, activeFrom: 0, expires: 1 });
    expectRefusal(await runRecord(other, wanted, jwt), "device-key-expired");
  });

  test("before the account is on the chain, is changed by the device key that created the key only", async () => {
    const owner = newOwner();
    const record = recordOf(ada, ACCOUNT);
    await setThroughGate({ owner, who: ada }, { record }, await tokenOf());
    const wanted = { record: recordOf(ada, ACCOUNT, ["email", "totp"]), version: 2n };
    const asking = { owner, who: ada, record };
    const keyCreator = addressOf(newSigner());
    expectRefusal(await runRecord(asking, wanted, await tokenOf(), { keyCreator }), "not-key-creator");
    expectGranted(await runRecord(asking, wanted, await tokenOf()));
  });

  test.each<[string, (home: Household) => WantedRecord]>([
    [
      "two new factors",
      ({ account }) => ({ record: recordOf(ada, account, ["email", "totp", "sms", "passkey", "oauth"]) }),
    ],
    [
      "two lost ones",
      ({ account }) => ({ record: recordOf({ ...ada, ids: { ...ada.ids, email: "e" } }, account) }),
    ],
    [
      "one kind for another",
      ({ account }) => ({ record: recordOf(ada, account, ["email", "totp", "passkey"]) }),
    ],
    ["nothing at all", ({ record }) => ({ record })],
    [
      "a factor and the gate",
      ({ account }) => ({ record: recordOf(ada, account, ["email", "totp"]), gate: NEWER_GATE }),
    ],
  ])("changes in one way at a time: not by %s", async (_what, wanted) => {
    const run = await runRecord(home, { ...wanted(home), version: 2n }, await tokenOf());
    expectRefusal(run, "one-change-at-a-time");
  });

  test("keeps its account and its email address", async () => {
    const elsewhere = { record: { ...home.record, account: ACCOUNT }, version: 2n };
    expectRefusal(await runRecord(home, elsewhere, await tokenOf()), "other-account");
    expectRefusal(await runRecord(home, changed(["totp", "sms"]), await tokenOf()), "factor-required");
  });

  test("is not changed without the proofs that its factors ask for", async () => {
    const wanted = changed(["email", "totp"]);
    const stale: TokenOptions = { proven: { email: 0, totp: 700 } };
    expectRefusal(
      await runRecord(home, wanted, await tokenOf(ada, { proven: { email: 0 } })),
      "factor-missing",
    );
    expectRefusal(await runRecord(home, wanted, await tokenOf(ada, stale)), "factor-stale");
    expectRefusal(await runRecord(home, wanted, await tokenOf(eve)), "factor-not-registered");
  });

  test("gains nothing that was not proven", async () => {
    const wanted = changed(["email", "totp", "sms", "passkey"]);
    const without: TokenOptions = { proven: { email: 0, totp: 0 } };
    const stale: TokenOptions = { proven: { email: 0, totp: 0, passkey: 700 } };
    expectRefusal(await runRecord(home, wanted, await tokenOf(ada, without)), "factor-missing");
    expectRefusal(await runRecord(home, wanted, await tokenOf(ada, stale)), "factor-stale");
  });

  test("is not changed by a request that does not open it", async () => {
    const { record: _left, ...asking } = home;
    expectRefusal(await runRecord(asking, changed(["email", "totp"]), await tokenOf()), "record-not-opened");
    const part = { ...home, record: recordOf(ada, home.account) };
    expectRefusal(await runRecord(part, changed(["email", "totp"]), await tokenOf()), "record-not-opened");
  });

  test("moves to a published gate by the word of its present one, which then signs nothing more", async () => {
    const other = await gates.createHousehold({ who: ada });
    await gates.publish(NEWER_GATE);
    const wanted = { record: other.record, gate: NEWER_GATE, version: 2n };
    const held = await setThroughGate(other, wanted, await tokenOf());
    expect(held).toEqual([NEWER_GATE, 2n, entriesOf(ada, other.record)]);
    const request = await gates.operationRequest(other, withdrawal(other.account), await tokenOf());
    expectRefusal(await gates.run(request, addressOf(other.owner.device)), "other-gate");
    const back = { record: other.record, version: 3n };
    expectRefusal(await runRecord(other, back, await tokenOf()), "other-gate");
  });

  test("does not move to a gate that nobody published: the registry refuses", async () => {
    const gate: Hex = `0x${"99".repeat(32)}`;
    const wanted = { record: home.record, gate: gate as GateDigest, version: 2n };
    const { wish } = await runRecord(home, wanted, await tokenOf());
    if (!wish) throw new Error("the gate does not know what is published");
    const { mfa } = home.owner;
    const args = [
      mfa.account.address,
      gate,
      entriesOf(ada, home.record),
      await mfa.account.sign({ hash: wish.digest }),
    ] as const;
    const data = encodeFunctionData({ abi: factorRegistryAbi, functionName: "setRecord", args });
    const { factorRegistry } = gates.world.contracts;
    const refusal = await gates.world.refusalOf(factorRegistry, data, factorRegistryAbi);
    expect(refusal).toEqual({ name: "GateNotPublished", args: [gate] });
  });
});
