/** The bundled gate, byte for byte as it is deployed, in the sandbox of a key node, against a real chain. */
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountAbi, factorRegistryAbi } from "#contracts/abi.ts";
import { newOwner, newSigner, type Owner } from "#contracts/testing/world.ts";
import type { GateRequestJson } from "#core/key-network/gate-request.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { FactorId, Hex } from "#core/primitives/hex.ts";
import type { GateReason } from "#core/security/gate-reasons.ts";
import { recordDigest, sortFactors } from "#core/security/record.ts";
import { type GateRun, GateWorld, type RunContext } from "#devnet/testing/gate-world.ts";
import { factorsOf, person, type TokenOptions } from "#devnet/testing/token-issuer.ts";

const ada = person("ada");
const eve = person("eve");
const FACTORS = sortFactors(Object.values(factorsOf(ada)));
const BOTH_PROVEN: TokenOptions = { proven: { email: 30, totp: 10 } };

let gates: GateWorld;
let owner: Owner;
let account: Address;
let device: Address;
let operation: Operation;

beforeAll(async () => {
  gates = await GateWorld.start();
  ({ owner, account } = await gates.createOwner(FACTORS));
  device = toAddress(owner.device.account.address);
  operation = withdrawal(account, 1_000n);
});
afterAll(async () => {
  await gates.stop();
});

function withdrawal(from: Address, amount: bigint): Operation {
  return { kind: "withdraw", account: from, token: NATIVE_TOKEN, to: device, amount, nonce: 0n };
}

const freshToken = (options: TokenOptions = {}): Promise<string> =>
  gates.issuer.token(ada, { ...BOTH_PROVEN, ...options });

/** A request that the gate grants, with changes. */
async function signRequest(jwt: string, change: Partial<GateRequestJson> = {}): Promise<object> {
  return { ...(await gates.operationRequest(owner, operation, jwt)), ...change };
}

/** The gate's answer to a JWT with an otherwise good request. */
async function runWith(jwt: string, change: Partial<GateRequestJson> = {}, context?: RunContext) {
  return gates.run(await signRequest(jwt, change), device, context);
}

function expectRefusal({ answer, wish }: GateRun, reason: GateReason): void {
  expect(answer).toMatchObject({ ok: false, reason });
  expect(wish).toBeUndefined();
}

describe("the gate signs", () => {
  test("an operation whose digest the account accepts together with the device key's", async () => {
    const digest = operationDigest(operation, "compact", gates.world.domain);
    const { answer, wish } = await runWith(await freshToken());
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

  test("the replacement of a key", async () => {
    const replacement: Operation = {
      kind: "replaceKey",
      account,
      role: "recovery",
      oldKey: owner.recovery.key,
      newKey: newSigner().key,
      nonce: 1n,
    };
    const request = await gates.operationRequest(owner, replacement, await freshToken());
    const digest = operationDigest(replacement, "compact", gates.world.domain);
    expect((await gates.run(request, device)).answer).toEqual({ ok: true, digest });
  });

  test("for a key that the account knows under a salt", async () => {
    const salt: Hex = `0x${"5a".repeat(32)}`;
    const salted: Owner = { ...newOwner(), mfa: newSigner(salt) };
    const created = await gates.createOwner(FACTORS, undefined, salted);
    const request = await gates.operationRequest(salted, withdrawal(created.account, 1n), await freshToken());
    expect((await gates.run(request, toAddress(salted.device.account.address))).answer.ok).toBe(true);
  });

  test("while a factor is as old as it may be", async () => {
    const jwt = await freshToken({ proven: { email: 590, totp: 0 } });
    expect((await runWith(jwt)).answer.ok).toBe(true);
  });
});

describe("the gate refuses a session token", () => {
  test.each<[string, GateReason, TokenOptions]>([
    ["of another authenticator", "token-issuer", { claims: { iss: "stytch.com/project-live" } }],
    ["for another application", "token-audience", { claims: { aud: ["project-other"] } }],
    ["that has expired", "token-expired", { claims: { exp: Math.floor(Date.now() / 1000) - 1 } }],
    [
      "that is not valid yet",
      "token-not-yet-valid",
      { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } },
    ],
    ["by an unknown key", "token-key-unknown", { header: { kid: "key-of-eve" } }],
    ["without a user", "token-malformed", { claims: { sub: undefined } }],
  ])("%s", async (_what, reason, options) => {
    expectRefusal(await runWith(await freshToken(options)), reason);
  });

  test("that is not signed at all (alg none)", async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = part(gates.issuer.claims(ada, BOTH_PROVEN));
    expectRefusal(await runWith(`${part({ alg: "none", kid: "key-1" })}.${claims}.`), "token-algorithm");
  });

  test("that is signed with the public key as a secret (HS256)", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(gates.issuer.publicJwk));
    const jwt = await new SignJWT(gates.issuer.claims(ada, BOTH_PROVEN))
      .setProtectedHeader({ alg: "HS256", kid: "key-1" })
      .sign(secret);
    expectRefusal(await runWith(jwt), "token-algorithm");
  });

  test("whose claims were changed after it was signed", async () => {
    const [header = "", , signature = ""] = (await gates.issuer.token(eve, BOTH_PROVEN)).split(".");
    const claims = Buffer.from(JSON.stringify(gates.issuer.claims(ada, BOTH_PROVEN))).toString("base64url");
    expectRefusal(await runWith(`${header}.${claims}.${signature}`), "token-signature");
  });

  test("that is no token", async () => {
    expectRefusal(await runWith("a session"), "token-malformed");
  });
});

describe("the gate refuses factors", () => {
  test("that were proven too long ago, however young the token is", async () => {
    expectRefusal(await runWith(await freshToken({ proven: { email: 700, totp: 10 } })), "factor-stale");
    expectRefusal(await runWith(await freshToken({ proven: { email: 10, totp: 700 } })), "factor-stale");
  });

  test("that were proven in the future", async () => {
    expectRefusal(await runWith(await freshToken({ proven: { email: -3600, totp: 0 } })), "factor-stale");
  });

  test("of which one registered one is missing", async () => {
    expectRefusal(await runWith(await freshToken({ proven: { email: 0 } })), "factor-missing");
  });

  test("of another user", async () => {
    const jwt = await gates.issuer.token(eve, BOTH_PROVEN);
    expectRefusal(await runWith(jwt), "factor-not-registered");
  });

  test("that the record does not hold", async () => {
    const jwt = await gates.issuer.token({ ...ada, emailId: "email-new", totpId: "totp-new" }, BOTH_PROVEN);
    expectRefusal(await runWith(jwt), "factor-not-registered");
  });

  test("of a key without a record", async () => {
    const other = newOwner();
    const at = await gates.world.createAccount(other);
    const request = await gates.operationRequest(other, withdrawal(at, 1n), await freshToken());
    expectRefusal(await gates.run(request, toAddress(other.device.account.address)), "no-record");
  });
});

describe("the gate refuses a request", () => {
  test("with a token that was bound to another operation", async () => {
    const jwt = await freshToken();
    const bound = await gates.operationRequest(owner, withdrawal(account, 1n), jwt);
    expectRefusal(await runWith(jwt, { deviceSignature: bound.deviceSignature }), "binding-mismatch");
  });

  test("for an operation that was bound to another token", async () => {
    const bound = await gates.operationRequest(owner, operation, await freshToken());
    const jwt = await freshToken({ proven: { email: 1, totp: 1 } });
    expectRefusal(await runWith(jwt, { deviceSignature: bound.deviceSignature }), "binding-mismatch");
  });

  test.each([
    ["recipient", { to: `0x${"ee".repeat(20)}` }],
    ["amount", { amount: "1001" }],
    ["token", { token: `0x${"ee".repeat(20)}` }],
    ["nonce", { nonce: "7" }],
  ])("whose %s was changed after the device key approved it", async (_field, change) => {
    const request = await gates.operationRequest(owner, operation, await freshToken());
    if (request.action !== "sign-operation") throw new Error("unreachable");
    const changed = { ...request, operation: { ...request.operation, ...change } };
    expectRefusal(await gates.run(changed, device), "binding-mismatch");
  });

  test("in a session that another device key opened", async () => {
    const session = toAddress(newSigner().account.address);
    expectRefusal(await runWith(await freshToken(), {}, { session }), "device-session-mismatch");
  });

  test("bound by a key that is no device key of the account, though it opened the session", async () => {
    const thief = newSigner();
    const stolen: Owner = { ...owner, device: thief };
    const request = await gates.operationRequest(stolen, operation, await freshToken());
    expectRefusal(await gates.run(request, toAddress(thief.account.address)), "device-key-unknown");
  });

  test("bound by the account's recovery key", async () => {
    const stolen: Owner = { ...owner, device: owner.recovery };
    const request = await gates.operationRequest(stolen, operation, await freshToken());
    expectRefusal(await gates.run(request, toAddress(owner.recovery.account.address)), "device-key-unknown");
  });

  test("for an account that is not on the chain yet", async () => {
    const elsewhere = withdrawal(toAddress(`0x${"ab".repeat(20)}`), 1n);
    const request = await gates.operationRequest(owner, elsewhere, await freshToken());
    expectRefusal(await gates.run(request, device), "account-not-deployed");
  });

  test("for the account of somebody else", async () => {
    const other = await gates.world.createAccount(newOwner());
    const request = await gates.operationRequest(owner, withdrawal(other, 1n), await freshToken());
    expectRefusal(await gates.run(request, device), "device-key-unknown");
  });

  test("for a role that the network-held key does not have", async () => {
    expectRefusal(await runWith(await freshToken(), { role: "recovery" }), "network-key-unknown");
  });

  test("for another salt than the account's", async () => {
    expectRefusal(await runWith(await freshToken(), { salt: `0x${"01".repeat(32)}` }), "network-key-unknown");
  });

  test("by a gate that the record does not name", async () => {
    const { owner: moved, account: at } = await gates.createOwner(FACTORS, `0x${"77".repeat(32)}`);
    const request = await gates.operationRequest(moved, withdrawal(at, 1n), await freshToken());
    expectRefusal(await gates.run(request, toAddress(moved.device.account.address)), "other-gate");
  });

  test("for an action it does not know", async () => {
    const request = { ...(await signRequest(await freshToken())), action: "export-key" };
    expectRefusal(await gates.run(request, device), "action-unknown");
  });

  test("to sign the readable form", async () => {
    const request = { ...(await signRequest(await freshToken())), form: "readable" };
    expectRefusal(await gates.run(request, device), "request-malformed");
  });

  test("larger than any real one", async () => {
    const request = { ...(await signRequest(await freshToken())), padding: "a".repeat(40_000) };
    expectRefusal(await gates.run(request, device), "request-too-large");
  });

  test("that is empty", async () => {
    expectRefusal(await gates.run({}, device), "request-malformed");
  });
});

describe("the gate refuses by the account's clock", () => {
  const FAR = 281_474_976_710_655;

  test.each<[string, GateReason, (now: number) => { role: number; activeFrom: number; expires: number }]>([
    ["a pending device key", "device-key-pending", (now) => ({ role: 1, activeFrom: now + 60, expires: 0 })],
    ["an expired device key", "device-key-expired", (now) => ({ role: 1, activeFrom: 0, expires: now })],
    ["a removed device key", "device-key-unknown", () => ({ role: 0, activeFrom: 0, expires: 0 })],
    ["a device key of tomorrow", "device-key-pending", () => ({ role: 1, activeFrom: FAR, expires: 0 })],
  ])("%s", async (_what, reason, key) => {
    const { owner: other, account: at } = await gates.createOwner(FACTORS);
    await gates.overwriteKey(at, other.device, key(await gates.chainTime()));
    const request = await gates.operationRequest(other, withdrawal(at, 1n), await freshToken());
    expectRefusal(await gates.run(request, toAddress(other.device.account.address)), reason);
  });

  test("a network-held key that is pending or expired", async () => {
    const now = await gates.chainTime();
    for (const key of [
      { role: 2, activeFrom: now + 60, expires: 0 },
      { role: 2, activeFrom: 0, expires: now },
    ]) {
      const { owner: other, account: at } = await gates.createOwner(FACTORS);
      await gates.overwriteKey(at, other.mfa, key);
      const request = await gates.operationRequest(other, withdrawal(at, 1n), await freshToken());
      expectRefusal(
        await gates.run(request, toAddress(other.device.account.address)),
        "network-key-inactive",
      );
    }
  });

  test("nobody else: a key that expires in a minute still counts", async () => {
    const { owner: other, account: at } = await gates.createOwner(FACTORS);
    await gates.overwriteKey(at, other.device, {
      role: 1,
      activeFrom: 0,
      expires: (await gates.chainTime()) + 60,
    });
    const request = await gates.operationRequest(other, withdrawal(at, 1n), await freshToken());
    expect((await gates.run(request, toAddress(other.device.account.address))).answer.ok).toBe(true);
  });
});

describe("the record of a key", () => {
  const EMAIL_ONLY = [factorsOf(ada).email];
  const first = { types: ["email"], factors: EMAIL_ONLY, version: 1n } as const;

  /** Sets a record through the gate and the registry; returns what the registry then holds. */
  async function setThroughGate(
    who: Owner,
    record: Parameters<GateWorld["recordRequest"]>[1],
    jwt: string,
  ): Promise<readonly [gate: Hex, version: bigint, factors: readonly Hex[]]> {
    const run = await gates.run(
      await gates.recordRequest(who, record, jwt),
      toAddress(who.device.account.address),
    );
    if (!run.answer.ok || !run.answer.record || !run.wish) throw new Error(JSON.stringify(run.answer));
    expect(run.wish.sigName).toBe("record");
    await gates.setRecord(who.mfa, run.wish.digest, run.answer.record.factors);
    return gates.world.chain.publicClient.readContract({
      address: gates.world.contracts.factorRegistry,
      abi: factorRegistryAbi,
      functionName: "recordOf",
      args: [who.mfa.account.address],
    });
  }

  test("is set for a new key by the device key that created it, before the account exists", async () => {
    const jwt = await gates.issuer.token(ada);
    expect(await setThroughGate(newOwner(), first, jwt)).toEqual([gates.gate.digest, 1n, EMAIL_ONLY]);
  });

  test("grows by a factor when what it holds was proven along with the new factor, and shrinks again", async () => {
    const who = newOwner();
    await setThroughGate(who, first, await gates.issuer.token(ada));
    const jwt = await freshToken();
    const both = { types: ["email", "totp"], factors: FACTORS, version: 2n } as const;
    expect(await setThroughGate(who, both, jwt)).toEqual([gates.gate.digest, 2n, FACTORS]);
    const again = { ...first, version: 3n };
    expect(await setThroughGate(who, again, await freshToken())).toEqual([gates.gate.digest, 3n, EMAIL_ONLY]);
  });

  async function refused(
    who: Owner,
    record: Parameters<GateWorld["recordRequest"]>[1],
    jwt: string,
    reason: GateReason,
    context?: RunContext,
  ): Promise<void> {
    const request = await gates.recordRequest(who, record, jwt);
    expectRefusal(await gates.run(request, toAddress(who.device.account.address), context), reason);
  }

  test("is not set by any other device key, nor for a key the network does not know", async () => {
    const jwt = await gates.issuer.token(ada);
    const keyCreator = toAddress(newSigner().account.address);
    await refused(newOwner(), first, jwt, "not-key-creator", { keyCreator });
    await refused(newOwner(), first, jwt, "not-key-creator", { keyCreator: null });
  });

  test("is not set without an email code, or with a factor that was not proven lately", async () => {
    const totpOnly = { types: ["totp"], factors: [factorsOf(ada).totp], version: 1n } as const;
    await refused(newOwner(), totpOnly, await freshToken(), "factor-required");
    const both = { types: ["email", "totp"], factors: FACTORS, version: 1n } as const;
    await refused(newOwner(), both, await gates.issuer.token(ada), "factor-missing");
    await refused(
      newOwner(),
      first,
      await gates.issuer.token(ada, { proven: { email: 700 } }),
      "factor-stale",
    );
  });

  test("is not changed without every factor it holds, by whoever has the device key", async () => {
    const change = { ...first, version: 2n };
    await refused(owner, change, await gates.issuer.token(ada), "factor-missing");
    const eves: readonly FactorId[] = [factorsOf(eve).email];
    await refused(
      owner,
      { ...change, factors: eves },
      await gates.issuer.token(eve),
      "factor-not-registered",
    );
    await refused(owner, change, await freshToken({ proven: { email: 0, totp: 700 } }), "factor-stale");
  });

  test("is not changed by a gate that it does not name", async () => {
    const { owner: moved } = await gates.createOwner(FACTORS, `0x${"77".repeat(32)}`);
    await refused(moved, { ...first, version: 2n }, await freshToken(), "other-gate");
  });

  test("is not signed for another version, other factors or another gate than the device key bound", async () => {
    const jwt = await gates.issuer.token(ada);
    await refused(newOwner(), { ...first, version: 2n }, jwt, "binding-mismatch");
    await refused(newOwner(), { ...first, factors: [factorsOf(eve).email] }, jwt, "binding-mismatch");
    const cid = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";
    await refused(newOwner(), first, jwt, "binding-mismatch", { cid });
  });

  test("has the digest that the vault computes", async () => {
    const who = newOwner();
    const run = await gates.run(
      await gates.recordRequest(who, first, await gates.issuer.token(ada)),
      toAddress(who.device.account.address),
    );
    const key = toAddress(who.mfa.account.address);
    const { chainId } = gates.world.domain;
    const { factorRegistry } = gates.world.contracts;
    const record = { key, gate: gates.gate.digest, factors: EMAIL_ONLY, version: 1n };
    expect(run.wish?.digest).toBe(recordDigest(record, { chainId, factorRegistry }));
  });
});
