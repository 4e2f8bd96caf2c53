/** Sessions that are not what they say: forged, somebody else's, seen in passing. Each is put to the key nodes. */
import { createHmac } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { z } from "zod";
import { newSigner, type TestSigner } from "#contracts/testing/world.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import { type Operation, operationToJson } from "#core/operations/operation.ts";
import { gateRequestTypedData, operationDigest, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { thingsOf } from "#core/security/explorer/account.ts";
import { FACTOR_TYPES, type FactorType } from "#core/security/factors.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { sessionClaims, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import type { Outcome } from "../people/actor.ts";
import type { Target } from "../people/belongings.ts";
import { type Answer, GateCaller } from "../people/gate-caller.ts";
import { FUNDS, type Household } from "../people/household.ts";
import { emailProof, proveEverything } from "../people/proving.ts";
import { type Attack, type Scenario, SOURCE } from "../scenario.ts";
import type { WargameWorld } from "../world/world.ts";
import { LEVEL_0, LEVEL_2 } from "./accounts.ts";

/** Older than any proof may be, in seconds. */
const TOO_OLD = 700;
/** A lane of one's own: what is signed here is to be void for no other reason. */
const LANE = 21n;

const withdrawal = (account: Address, to: Address, amount = FUNDS, lane = LANE): Operation => ({
  kind: "withdraw",
  account,
  token: NATIVE_TOKEN,
  to,
  amount,
  nonce: makeNonce(lane, 0n),
});

interface Asking {
  readonly role: ReplaceableRole;
  readonly operation: Operation;
  readonly jwt: string;
  readonly device: TestSigner;
  readonly opened: OpenedRecord;
}

/** A request as the wallet makes it. */
async function requestOf({ contracts }: WargameWorld, target: Target, asking: Asking) {
  const { role, operation, jwt, device, opened } = asking;
  const digest = operationDigest(operation, "compact", contracts.domain);
  const hash = typedDataDigest(gateRequestTypedData(contracts.domain, digest, jwtHash(jwt)));
  return {
    action: "sign-operation",
    role,
    publicKey: target.networkKeys[role],
    salt: NO_SALT,
    jwt,
    deviceKey: device.key,
    deviceSignature: await device.account.sign({ hash }),
    opened,
    operation: operationToJson(operation),
    form: "compact",
  } as const;
}

/** What the nodes answered, and whether it was what they have to. */
class Answers {
  readonly steps: string[] = [];
  #signed = false;

  /** @throws Error when a request was refused, but for another reason than the one it is made for */
  note(what: string, answer: Answer, wanted: string): void {
    const said = "refused" in answer ? answer.refused : "signed";
    this.steps.push(`${what}: ${said}`);
    if ("signature" in answer) this.#signed = true;
    else if (said !== wanted) throw new Error(`${what} was refused by ${said} instead of ${wanted}`);
  }

  /** A signature of a key that is another's is more than anybody here may ever have, whatever it would lead to. */
  outcome(): Outcome {
    return { gotFunds: this.#signed, afterSeconds: this.#signed ? 0 : null, steps: this.steps };
  }
}

/** The claims of a session of the account's person, with every factor of theirs. */
function claimsOf({ record, user }: Target, options: TokenOptions = {}): Record<string, unknown> {
  const idOf = (type: FactorType) =>
    record.factors.find((factor) => factor.type === type)?.id ?? `none-${type}`;
  const ids = Object.fromEntries(FACTOR_TYPES.map((type) => [type, idOf(type)])) as Record<
    FactorType,
    string
  >;
  const known = FACTOR_TYPES.filter((type) => record.factors.some((factor) => factor.type === type));
  const proven = Object.fromEntries(known.map((type) => [type, 0]));
  return sessionClaims({ sub: user, ids }, { proven, ...options });
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The authenticator's published keys, as anybody may read them. */
async function publishedKeys({ authenticator }: WargameWorld, audience: string) {
  const response = await fetch(`${authenticator.url}/v1/sessions/jwks/${audience}`);
  const zKeys = z.object({ keys: z.array(z.looseObject({ kid: z.string() })).min(1) });
  const [newest] = zKeys.parse(await response.json()).keys;
  if (!newest) throw new Error("the authenticator publishes no key");
  return newest;
}

/** Session JWTs that somebody could make or come by, and why the gate must refuse each. */
async function forgeries(world: WargameWorld, target: Target): Promise<[string, string, string][]> {
  const claims = claimsOf(target);
  const { aud, iss: issuer } = z.object({ aud: z.array(z.string()), iss: z.string() }).parse(claims);
  const published = await publishedKeys(world, aud[0] ?? "");
  const { kid } = published;
  const own = await generateKeyPair("RS256", { extractable: true });
  const byOwnKey = (header: object) =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid, ...header }).sign(own.privateKey);
  const payload = part(claims);
  const unsigned = (header: object) => `${part({ kid, typ: "JWT", ...header })}.${payload}`;
  const hmac = `${unsigned({ alg: "HS256" })}.${createHmac("sha256", JSON.stringify(published))
    .update(unsigned({ alg: "HS256" }))
    .digest("base64url")}`;
  // What only the authenticator signs: sessions of other projects, and old ones of this one.
  const forge = await world.authenticator.forge();
  const now = Math.floor(Date.now() / 1000);
  const old = Object.fromEntries(FACTOR_TYPES.map((type) => [type, TOO_OLD]));
  return [
    ["with a key of one's own under the authenticator's key id", await byOwnKey({}), "token-signature"],
    [
      "with a key of one's own that the token brings along",
      await byOwnKey({ kid: "mine", jwk: await exportJWK(own.publicKey) }),
      "token-key-unknown",
    ],
    ["with no signature", `${unsigned({ alg: "none" })}.`, "token-algorithm"],
    ["with no signature and a made-up one", `${unsigned({ alg: "none" })}.AAAA`, "token-algorithm"],
    ["with HS256 and the public key as the secret", hmac, "token-algorithm"],
    ["of another issuer", await forge({ ...claims, iss: `${issuer}0` }), "token-issuer"],
    ["for another audience", await forge({ ...claims, aud: ["project-other"] }), "token-audience"],
    ["that has expired", await forge({ ...claims, exp: now - 10 }), "token-expired"],
    ["that is not valid yet", await forge({ ...claims, nbf: now + 60 }), "token-not-yet-valid"],
    ["with proofs of long ago", await forge(claimsOf(target, { proven: old })), "factor-stale"],
  ];
}

/** Somebody with an unlocked device key makes up the session that is missing. */
async function forgeSessions({ world, target, holds, to }: Attack): Promise<Outcome> {
  const [device] = holds.devices;
  if (!device) throw new Error("the attacker has the device key");
  const answers = new Answers();
  const caller = await GateCaller.connect(world, device);
  const operation = withdrawal(target.account, to);
  for (const [what, jwt, wanted] of await forgeries(world, target)) {
    const asking = { role: "mfa", operation, jwt, device, opened: target.record } as const;
    const request = await requestOf(world, target, asking);
    answers.note(`a session ${what}`, await caller.ask(world.gate.code, request), wanted);
  }
  await caller.close();
  return answers.outcome();
}

/** Somebody with an unlocked device key uses a session of their own, whatever they can prove with it. */
async function useOwnSession({ world, target, holds, to }: Attack): Promise<Outcome> {
  const [device] = holds.devices;
  if (!device) throw new Error("the attacker has the device key");
  const { authenticator } = world;
  const address = "attacker@household.example";
  const mailbox = { address, newestCode: () => authenticator.newestCode("inbox", address) };
  const session = await emailProof(mailbox)(authenticator.client(), undefined);
  const email = session.user.emails[0]?.emailId ?? "";
  const own: OpenedRecord = { account: target.account, factors: [{ type: "email", id: email }] };
  const answers = new Answers();
  const caller = await GateCaller.connect(world, device);
  const operation = withdrawal(target.account, to);
  for (const [what, opened] of [
    ["that opens the record as it is", target.record],
    ["that opens the record as if it were theirs", own],
  ] as const) {
    for (const role of REPLACEABLE_ROLES) {
      const asking = { role, operation, jwt: session.jwt, device, opened };
      const request = await requestOf(world, target, asking);
      answers.note(
        `another user's session ${what}, ${role} key`,
        await caller.ask(world.gate.code, request),
        "factor-not-registered",
      );
    }
  }
  await caller.close();
  return answers.outcome();
}

/** A node, or whoever else reads a request on its way, has what the owner sent with it, and tries it on other wishes. */
async function replayRequest({ world, target, to }: Attack, home: Household): Promise<Outcome> {
  const { gate, contracts, authenticator } = world;
  const owner = home.belongings(new Set(thingsOf(home.account)));
  const [device] = owner.devices;
  const session = await proveEverything(authenticator.client(), owner, target, () => undefined);
  if (!device || !session) throw new Error("the owner has a device key and a session");

  // What the owner really does, and everybody on the way sees: one wei to a friend.
  const friend = toAddress(newSigner().account.address);
  const payment = withdrawal(target.account, friend, 1n, LANE + 1n);
  const { jwt } = session;
  const seen = await requestOf(world, target, {
    role: "mfa",
    operation: payment,
    jwt,
    device,
    opened: target.record,
  });
  const ownersCaller = await GateCaller.connect(world, device);
  const signed = await ownersCaller.ask(gate.code, seen);
  if ("refused" in signed) throw new Error(`the owner's payment was refused: ${signed.refused}`);

  const thief = newSigner();
  const theft = withdrawal(target.account, to);
  const recovery: Operation = {
    kind: "addKey",
    account: target.account,
    role: "device",
    key: thief.key,
    expires: 0,
    nonce: makeNonce(LANE + 2n, 0n),
  };
  const operation = operationToJson(theft);
  const asking = { jwt, device: thief, opened: target.record } as const;
  const own = (role: ReplaceableRole, wish: Operation) =>
    requestOf(world, target, { ...asking, role, operation: wish });
  const answers = new Answers();
  const caller = await GateCaller.connect(world, thief);
  const ask = async (what: string, request: object, wanted: string, by = caller) => {
    answers.note(what, await by.ask(gate.code, { ...request }), wanted);
  };
  await ask("the request as it was, from elsewhere", seen, "device-session-mismatch");
  await ask("the same for a withdrawal to the attacker", { ...seen, operation }, "device-session-mismatch");
  await ask(
    "the session for a withdrawal, by a device key of one's own",
    await own("mfa", theft),
    "device-key-unknown",
  );
  await ask("the session for a recovery, by the same", await own("recovery", recovery), "device-not-named");
  // Even from the owner's own connection: what the device key signed names the operation.
  await ask(
    "the request with another operation, from the owner's connection",
    { ...seen, operation },
    "binding-mismatch",
    ownersCaller,
  );
  await Promise.all([caller.close(), ownersCaller.close()]);

  // What was signed is good for what the owner asked for, once.
  const { account } = device;
  const digest = operationDigest(payment, "compact", contracts.domain);
  const form = "compact";
  const call = encodeOperation(payment, [
    { key: device.key, signer: "plain", form, signature: await account.sign({ hash: digest }) },
    { key: target.firstKeys.mfa, signer: "plain", form, signature: signed.signature },
  ]);
  await contracts.send(target.account, call);
  const { name } = await contracts.refusalOf(target.account, call);
  answers.steps.push(`what the owner signed, sent once more: ${name}`);
  return answers.outcome();
}

export const SESSIONS: readonly Scenario[] = [
  ...[LEVEL_0, LEVEL_2].map((account): Scenario => ({
    name: "stolen device key, and forged session JWTs",
    source: SOURCE.threats,
    account,
    thief: ["D"],
    attack: forgeSessions,
    promises: "safe",
  })),
  {
    name: "stolen device key, and another user's session",
    source: SOURCE.threats,
    account: LEVEL_0,
    thief: ["D"],
    attack: useOwnSession,
    promises: "safe",
  },
  {
    name: "a key node replays a request that it saw",
    source: SOURCE.threats,
    account: LEVEL_2,
    attack: replayRequest,
    promises: "safe",
  },
];
