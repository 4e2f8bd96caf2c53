/**
 * The bundled gate as Lit's live service runs it: `main` is called, and hands out no signature of a key that it is given
 * unless it is the gate that the request names, governance stands behind it, and everything else holds as on nodes.
 */
import { keccak256, recoverAddress, stringToHex } from "viem/utils";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { newKeyPair, newOwner, newSigner, type OwnerWithKeys } from "#contracts/testing/world.ts";
import { MAX_GATE_REQUEST_LENGTH, zGateResponse } from "#core/key-network/gate-request.ts";
import { addressOfPublicKey, zPublicKey } from "#core/keys/public-key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import type { GateReason } from "#core/security/gate-reasons.ts";
import { type EnclaveContext, GateWorld, type Household } from "#devnet/testing/gate-world.ts";
import { entriesOf, person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { addressOf, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const BOTH: TokenOptions = { proven: { email: 30, totp: 10 } };
const ACCOUNT = toAddress(`0x${"ac".repeat(20)}`);
const OTHER_PROGRAM = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";

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
const claim = () => ({ gate: gates.gate.cid });

async function ask(request: object, context?: EnclaveContext, owner: OwnerWithKeys = home.owner) {
  return zGateResponse.parse(await gates.runInEnclave({ ...claim(), ...request }, { owner }, context));
}
const request = async () => gates.operationRequest(home, operation, await token());

async function expectRefusal(answer: ReturnType<typeof ask>, reason: GateReason): Promise<void> {
  const told = await answer;
  expect(told).toMatchObject({ ok: false, reason });
  expect(told).not.toHaveProperty("signature");
}

/** The gate that governance stands behind is this one again when the test is over. */
async function publishOthers(count: number): Promise<void> {
  onTestFinished(() => gates.publishNow(gates.gate.digest));
  for (let number = 0; number < count; number++) {
    await gates.publishNow(keccak256(stringToHex(`gate ${number}`)));
  }
}

describe("in an enclave, the gate signs", () => {
  test("what it signs on nodes, with the key that the enclave hands it", async () => {
    const answer = await ask(await request());
    const digest = operationDigest(operation, "compact", gates.world.domain);
    expect(answer).toMatchObject({ ok: true, digest });
    if (!answer.ok || !answer.signature) throw new Error("no signature");
    const signer = await recoverAddress({ hash: digest, signature: answer.signature });
    expect(signer).toBe(addressOf(home.owner.mfa));
  });

  test("the same request with the same signature, so that a call that was cut off can be made again", async () => {
    const again = await request();
    expect(await ask(again)).toEqual(await ask(again));
  });

  test("while it is the gate before the canonical one", async () => {
    await publishOthers(1);
    expect(await ask(await request())).toMatchObject({ ok: true });
  });

  test("nothing that it would not sign on nodes", async () => {
    const stale = await gates.operationRequest(
      home,
      operation,
      await token({ proven: { email: 30, totp: 700 } }),
    );
    await expectRefusal(ask(stale), "factor-stale");
    await expectRefusal(ask({ ...(await request()), role: "recovery" }), "network-key-unknown");
    const stranger = await gates.operationRequest(
      { ...home, owner: { ...home.owner, device: newSigner() } },
      operation,
      await token(),
    );
    await expectRefusal(ask(stranger), "device-key-unknown");
  });
});

describe("in an enclave, the gate refuses", () => {
  test("to be another program than the one that runs", async () => {
    await expectRefusal(ask({ ...(await request()), gate: OTHER_PROGRAM }), "gate-not-itself");
    await expectRefusal(ask(await request(), { program: OTHER_PROGRAM }), "gate-not-itself");
  });

  test.each([undefined, "", "*", 7, `${OTHER_PROGRAM} `])(
    "a request that claims %j as the gate",
    async (gate) => {
      await expectRefusal(ask({ ...(await request()), gate }), "request-malformed");
    },
  );

  test("everything once governance withdrew it, also the way to another gate", async () => {
    await publishOthers(2);
    await expectRefusal(ask(await request()), "gate-withdrawn");
    const gate = keccak256(stringToHex("gate 1")) as GateDigest;
    const move = await gates.recordRequest(home, { record: home.record, gate, version: 2n }, await token());
    await expectRefusal(ask(move), "gate-withdrawn");
  });

  test("to sign with a key that is not the one asked for, or with none", async () => {
    const { privateKey } = newKeyPair();
    const strange = { getPrivateKey: () => Promise.resolve(privateKey) };
    await expectRefusal(ask(await request(), strange), "key-unavailable");
    const broken = { getPrivateKey: () => Promise.resolve("0x00") };
    await expectRefusal(ask(await request(), broken), "key-unavailable");
    const denied = { getPrivateKey: () => Promise.reject(new Error("not in this group")) };
    await expectRefusal(ask(await request(), denied), "key-unavailable");
  });

  test("a request as large as the service lets through", async () => {
    const padding = "a".repeat(64 * 1024 - MAX_GATE_REQUEST_LENGTH);
    await expectRefusal(ask({ ...(await request()), padding, more: padding }), "request-too-large");
  });

  test("what is no request at all", async () => {
    for (const odd of [null, undefined, 1, "main", [], { __proto__: null }]) {
      const answer = zGateResponse.parse(await gates.runInEnclave(odd, home));
      expect(answer).toMatchObject({ ok: false });
    }
  });
});

describe("in an enclave, a key's first record", () => {
  const first = { record: recordOf(ada, ACCOUNT) };
  const ALL: TokenOptions = { proven: { email: 0, totp: 0, sms: 0 } };

  test("is set by whichever device key asks first, for nobody remembers who made the key", async () => {
    const owner = newOwner();
    const asked = await gates.recordRequest({ owner, who: ada }, first, await token(ALL));
    const answer = await ask(asked, {}, owner);
    if (!answer.ok || !answer.record || !answer.signature) throw new Error(JSON.stringify(answer));
    expect(answer.record.factors).toEqual(entriesOf(ada, first.record));
    const signer = await recoverAddress({ hash: answer.digest, signature: answer.signature });
    expect(signer).toBe(addressOf(owner.mfa));
  });

  test("is made by the canonical gate only", async () => {
    await publishOthers(1);
    const owner = newOwner();
    const asked = await gates.recordRequest({ owner, who: ada }, first, await token(ALL));
    await expectRefusal(ask(asked, {}, owner), "gate-not-canonical");
  });

  test("is changed by nobody before the account is on the chain", async () => {
    const owner = newOwner();
    const { record } = first;
    const digest = gates.recordDigest(owner, ada, first);
    await gates.setRecord(owner.mfa, digest, entriesOf(ada, record), gates.gate.digest);
    const wanted = { record: recordOf(ada, ACCOUNT, ["email", "totp"]), version: 2n };
    const asked = await gates.recordRequest({ owner, who: ada, record }, wanted, await token(ALL));
    await expectRefusal(ask(asked, {}, owner), "not-key-creator");
  });

  test("once there, changes as on nodes, by an active device key", async () => {
    const wanted = { record: recordOf(ada, home.account, ["email", "totp"]), version: 2n };
    const asked = await gates.recordRequest(home, wanted, await token(ALL));
    expect(await ask(asked)).toMatchObject({ ok: true, record: { version: 2n } });
  });
});

describe("in an enclave, the gate tells", () => {
  const tell = (key: string, more: object = {}) =>
    gates.runInEnclave({ action: "public-key", key, ...more }, home);

  test("the public part of a key that it may use, and of no other", async () => {
    const address = addressOf(home.owner.mfa);
    const answer = await tell(address);
    expect(answer).toEqual({ ok: true, publicKey: home.owner.mfa.account.publicKey });
    expect(addressOfPublicKey(zPublicKey.parse(home.owner.mfa.account.publicKey))).toBe(address);
    expect(await tell(addressOf(newSigner()))).toMatchObject({ ok: false, reason: "key-unavailable" });
    expect(await tell("my key")).toMatchObject({ ok: false, reason: "action-unknown" });
  });
});
