/** Operations before the bundled gate: what it signs, and that it signs nothing but what was allowed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountAbi } from "#contracts/abi.ts";
import { newKeyPair, newOwner, newSigner } from "#contracts/testing/world.ts";
import type { GateRequestJson } from "#core/key-network/gate-request.ts";
import { keyId } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { GateWorld, type Household, type RunContext } from "#devnet/testing/gate-world.ts";
import { person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { addressOf, expectGranted, expectRefusal, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const BOTH: TokenOptions = { proven: { email: 30, totp: 10 } };

let gates: GateWorld;
let home: Household;
let operation: Operation;

beforeAll(async () => {
  gates = await GateWorld.start();
  home = await gates.createHousehold({ who: ada });
  operation = withdrawal(home.account);
});
afterAll(async () => {
  await gates.stop();
});

const token = (options: TokenOptions = {}) => gates.issuer.token(ada, { ...BOTH, ...options });

/** The gate's answer to a request with changes. */
async function runWith(jwt: string, change: Partial<GateRequestJson> = {}, context?: RunContext) {
  const request = { ...(await gates.operationRequest(home, operation, jwt)), ...change };
  return gates.run(request, addressOf(home.owner.device), context);
}

describe("the gate signs", () => {
  test("an operation whose digest the account accepts together with the device key's", async () => {
    const { owner, account } = home;
    const digest = operationDigest(operation, "compact", gates.world.domain);
    const { answer, wish } = await runWith(await token());
    expect(answer).toEqual({ ok: true, digest });
    expect(wish).toEqual({ digest, publicKey: owner.mfa.account.publicKey, sigName: "operation" });

    const signature = await owner.mfa.account.sign({ hash: digest });
    await gates.world.submit(operation, [
      await gates.world.sign(operation, owner.device),
      { key: owner.mfa.key, signer: "plain", form: "compact", signature },
    ]);
    const nonce = { address: account, abi: accountAbi, functionName: "getNonce", args: [0n] } as const;
    expect(await gates.world.chain.publicClient.readContract(nonce)).toBe(1n);
  });

  test("with either of the two network-held keys, in its own role only", async () => {
    const jwt = await token();
    const request = await gates.operationRequest(home, operation, jwt, "recovery");
    const device = addressOf(home.owner.device);
    expectGranted(await gates.run(request, device));
    expectRefusal(await gates.run({ ...request, role: "mfa" }, device), "network-key-unknown");
    expectRefusal(await runWith(jwt, { role: "recovery" }), "network-key-unknown");
  });

  test("every kind of operation: a key's replacement, a change, a batch of calls", async () => {
    const { account, owner } = home;
    const key = newSigner().key;
    const to = addressOf(owner.device);
    const operations: readonly Operation[] = [
      { kind: "replaceKey", account, role: "recovery", oldKey: owner.recovery.key, newKey: key, nonce: 1n },
      { kind: "lock", account, nonce: 1n },
      { kind: "setLimit", account, key: keyId(key), token: NATIVE_TOKEN, limit: 2n ** 104n - 1n, nonce: 1n },
      { kind: "execute", account, calls: [{ target: to, value: 1n, data: "0x12" }], nonce: 1n },
    ];
    for (const one of operations) {
      const request = await gates.operationRequest(home, one, await token());
      const digest = operationDigest(one, "compact", gates.world.domain);
      const { answer } = await gates.run(request, addressOf(owner.device));
      expect(answer, one.kind).toEqual({ ok: true, digest });
    }
  });

  test("for a key that the account knows under a salt", async () => {
    const salt: Hex = `0x${"5a".repeat(32)}`;
    const owner = { ...newOwner(), mfa: newKeyPair(salt) };
    const salted = await gates.createHousehold({ who: ada, owner });
    const request = await gates.operationRequest(salted, withdrawal(salted.account), await token());
    expectGranted(await gates.run(request, addressOf(owner.device)));
  });
});

describe("the gate signs no operation", () => {
  test("with a token that was bound to another operation", async () => {
    const jwt = await token();
    const { deviceSignature } = await gates.operationRequest(home, withdrawal(home.account, 1n), jwt);
    expectRefusal(await runWith(jwt, { deviceSignature }), "binding-mismatch");
  });

  test("that was bound to another token", async () => {
    const { deviceSignature } = await gates.operationRequest(home, operation, await token());
    const jwt = await token({ proven: { email: 1, totp: 1 } });
    expectRefusal(await runWith(jwt, { deviceSignature }), "binding-mismatch");
  });

  test.each([
    ["recipient", { to: `0x${"ee".repeat(20)}` }],
    ["amount", { amount: "1001" }],
    ["token", { token: `0x${"ee".repeat(20)}` }],
    ["nonce", { nonce: "7" }],
  ])("whose %s was changed after the device key approved it", async (_field, change) => {
    const request = await gates.operationRequest(home, operation, await token());
    const changed = { ...request, operation: { ...request.operation, ...change } };
    expectRefusal(await gates.run(changed, addressOf(home.owner.device)), "binding-mismatch");
  });

  test("of another account than the record names, even one that this key and this device are keys of", async () => {
    const { owner } = home;
    const second = await gates.world.createAccount(owner, `0x${"02".repeat(32)}`);
    const request = await gates.operationRequest(home, withdrawal(second), await token());
    expectRefusal(await gates.run(request, addressOf(owner.device)), "other-account");
    const opened = recordOf(ada, second, ["email", "totp"]);
    expectRefusal(await gates.run({ ...request, opened }, addressOf(owner.device)), "other-account");
  });

  test("in a session that another device key opened", async () => {
    const session = addressOf(newSigner());
    expectRefusal(await runWith(await token(), {}, { session }), "device-session-mismatch");
  });

  test("of an account that is not on the chain yet", async () => {
    const owner = newOwner();
    const account = toAddress(`0x${"ab".repeat(20)}`);
    const record = recordOf(ada, account);
    const nowhere: Household = { owner, who: ada, account, record };
    const run = await gates.run(
      await gates.recordRequest({ owner, who: ada }, { record }, await token()),
      addressOf(owner.device),
    );
    if (!run.wish || !run.answer.ok || !run.answer.record) throw new Error(JSON.stringify(run.answer));
    await gates.setRecord(owner.mfa, run.wish.digest, run.answer.record.factors, gates.gate.digest);
    const request = await gates.operationRequest(nowhere, withdrawal(account), await token());
    expectRefusal(await gates.run(request, addressOf(owner.device)), "account-not-deployed");
  });

  test("for another salt than the account's", async () => {
    expectRefusal(await runWith(await token(), { salt: `0x${"01".repeat(32)}` }), "network-key-unknown");
  });

  test("by a gate that the record does not name", async () => {
    const cid = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";
    expectRefusal(await runWith(await token(), {}, { cid }), "other-gate");
  });

  test("in the readable form", async () => {
    const request = { ...(await gates.operationRequest(home, operation, await token())), form: "readable" };
    expectRefusal(await gates.run(request, addressOf(home.owner.device)), "request-malformed");
  });

  test("for an action it does not know", async () => {
    const request = {
      ...(await gates.operationRequest(home, operation, await token())),
      action: "export-key",
    };
    expectRefusal(await gates.run(request, addressOf(home.owner.device)), "action-unknown");
  });
});
