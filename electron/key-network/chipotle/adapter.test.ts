/** What the adapter believes of a service that answers whatever a test wants, and what it says of failures. */
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { keccak256, stringToHex } from "viem/utils";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { Gate } from "#lit-actions/build.ts";
import { loadReleases } from "#lit-actions/releases.ts";
import { ShippedGates } from "../gates.ts";
import { ChipotleKeyNetwork, type ChipotleKeyNetworkOptions } from "./adapter.ts";

const URL_OF_SERVICE = "https://lit.test";
const USAGE_KEY = "c2VjcmV0IHVzYWdlIGtleQ==";
const GROUP = 7;
const here = "http://127.0.0.1:1";
const address = toAddress(`0x${"11".repeat(20)}`);

const key = privateKeyToAccount(generatePrivateKey());
const publicKey = zPublicKey.parse(key.publicKey);
const device = privateKeyToAccount(generatePrivateKey());

const network = { adapter: "chipotle", url: URL_OF_SERVICE, group: GROUP } as const;
const config: NetworkConfig = zNetworkConfig.parse({
  name: "Test",
  kind: "live",
  chain: { id: 1, name: "Chain", rpcUrls: [here], nativeSymbol: "ETH" },
  contracts: { factory: address, implementation: address, factorRegistry: address, gateRegistry: address },
  tokens: [],
  relayUrl: here,
  keyNetwork: network,
  authenticator: { baseUrl: here, publicToken: "public", projectId: "project", issuer: "issuer" },
  ledger: { transport: "usb" },
});

const opened: OpenedRecord = { account: address, factors: [{ type: "email", id: "email-1" }] };
const operation: Operation = {
  kind: "withdraw",
  account: address,
  token: NATIVE_TOKEN,
  to: address,
  amount: 1n,
  nonce: 0n,
};
const DIGEST = operationDigest(operation, "compact", { chainId: 1, implementation: address });
const OTHER_DIGEST = keccak256("0x01") as Digest;
const NO_ANSWER = () => Promise.reject(new TypeError("fetch failed"));

/** What the service answers to a request, by its path. */
type Answer = (path: string, body: unknown) => Response | Promise<Response> | undefined;

const wallets = (rights: object = {}) => [
  {
    api_key_hash: keccak256(stringToHex(USAGE_KEY)),
    can_create_groups: false,
    can_delete_groups: false,
    can_create_pkps: true,
    can_manage_ipfs_ids_in_groups: [],
    can_add_pkp_to_groups: [GROUP],
    can_remove_pkp_from_groups: [],
    can_execute_in_groups: [GROUP],
    ...rights,
  },
];
const ran = (response: unknown, has_error = false) => Response.json({ response, logs: "", has_error });

let gate: Gate;
let asked: Request[];
const pause = vi.fn(() => Promise.resolve());

beforeAll(async () => {
  const [first] = await loadReleases();
  if (!first) throw new Error("Trivet ships gates");
  gate = first;
});
beforeEach(() => {
  asked = [];
  pause.mockClear();
});

/** A network whose service lets the usage key be, and answers the rest as it is told to. */
function networkWith(
  answer: Answer,
  usageKeys: unknown = wallets(),
  change: Partial<ChipotleKeyNetworkOptions> = {},
): ChipotleKeyNetwork {
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push(request.clone());
    const path = new URL(request.url).pathname.replace("/core/v1/", "");
    const text = await request.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    if (path === "list_api_keys") return Response.json(usageKeys);
    const isProbe = path === "lit_action" && (body as { js_params: unknown }).js_params === null;
    const answered = await answer(isProbe ? "probe" : path, body);
    return (
      answered ??
      (isProbe ? Response.json("not authorized", { status: 403 }) : new Response(null, { status: 404 }))
    );
  };
  return new ChipotleKeyNetwork({
    config,
    network,
    gates: new ShippedGates([gate.code]),
    recordOf: () => Promise.resolve({ gate: gate.digest, version: 1n }),
    canonicalGate: () => Promise.resolve(gate.digest),
    usageKey: USAGE_KEY,
    transport: { fetch, pause },
    ...change,
  });
}

const running =
  (answer: () => Response | Promise<Response>): Answer =>
  (path) =>
    path === "lit_action" ? answer() : undefined;

const sign = (of: ChipotleKeyNetwork) =>
  of.signOperation({
    role: "mfa",
    publicKey,
    opened,
    operation,
    authorization: {
      jwt: "a.b.c",
      deviceKey: keyOfAddress(device.address),
      deviceSignature: `0x${"22".repeat(65)}`,
    },
  });

async function failureOf(work: Promise<unknown>): Promise<WalletError> {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (!(failure instanceof WalletError)) throw new Error("expected a WalletError", { cause: failure });
  return failure;
}
const granted = async (digest = DIGEST, signer = key) => ({
  ok: true,
  digest,
  signature: await signer.sign({ hash: digest }),
});

describe("a signature of the service", () => {
  test("is given out when it is the key's over what was asked for", async () => {
    const answer = await granted();
    expect(await sign(networkWith(running(() => ran(answer))))).toEqual({
      digest: DIGEST,
      signature: answer.signature,
      faultyNodes: [],
    });
  });

  test("is of the shipped gate, whose CID the request claims, and is asked for with the usage key", async () => {
    const answer = await granted();
    await sign(networkWith(running(() => ran(answer))));
    const last = asked.at(-1);
    expect(last?.headers.get("x-api-key")).toBe(USAGE_KEY);
    expect(last?.redirect).toBe("error");
    expect(await last?.json()).toMatchObject({
      code: gate.code,
      js_params: { action: "sign-operation", gate: gate.cid, publicKey },
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["another key's", () => granted(DIGEST, device)],
    ["over something else", async () => ({ ...(await granted(OTHER_DIGEST)), digest: DIGEST })],
    ["over something else, and says so", () => granted(OTHER_DIGEST)],
    ["no signature", () => Promise.resolve({ ok: true, digest: DIGEST })],
    ["no answer of a gate", () => Promise.resolve({ fine: true })],
    ["a page of text", () => Promise.resolve("busy")],
    ["nothing", () => Promise.resolve(null)],
  ])("is refused when it is %s", async (_what, answer) => {
    const said = await answer();
    const failure = await failureOf(sign(networkWith(running(() => ran(said)))));
    expect(failure.code).toBe("network-failed");
  });
});

describe("the gate's refusal", () => {
  const refusal = { ok: false, reason: "factor-stale", message: "A factor was proven too long ago." };

  test.each([false, true])(
    "is told as one, whatever the service thinks of it (has_error %s)",
    async (hasError) => {
      const failure = await failureOf(sign(networkWith(running(() => ran(refusal, hasError)))));
      expect(failure.code).toBe("gate-refused-factor-stale");
    },
  );

  test("by a withdrawn gate is what it is on nodes", async () => {
    const withdrawn = { ok: false, reason: "gate-withdrawn", message: "withdrawn" };
    expect((await failureOf(sign(networkWith(running(() => ran(withdrawn)))))).code).toBe("gate-withdrawn");
  });

  test("is all that counts of a run with an error, not a signature", async () => {
    const answer = await granted();
    const failure = await failureOf(sign(networkWith(running(() => ran(answer, true)))));
    expect(failure.code).toBe("network-failed");
  });
});

describe("a service that fails", () => {
  test.each([
    [401, "usage-key-refused"],
    [402, "network-unpaid"],
    [403, "network-not-permitted"],
    [429, "network-failed"],
    [500, "network-failed"],
    [503, "network-failed"],
  ])(
    "with %i is said to be so: %s, without the credential and without its own words",
    async (status, code) => {
      const words = `no: ${USAGE_KEY}`;
      const failure = await failureOf(sign(networkWith(running(() => Response.json(words, { status })))));
      expect(failure.code).toBe(code);
      expect(JSON.stringify(failure)).not.toContain(USAGE_KEY);
    },
  );

  test("to answer is asked again, three times, and then said not to answer", async () => {
    const attempts = vi.fn(NO_ANSWER);
    expect((await failureOf(sign(networkWith(running(attempts))))).code).toBe("network-unreachable");
    expect(attempts).toHaveBeenCalledTimes(4);
    expect(pause.mock.calls).toEqual([[250], [1_000], [3_000]]);
  });

  test("for a moment, or cuts a call off after it signed, signs when it is asked again: the same request", async () => {
    const answer = await granted();
    const failures = [NO_ANSWER, () => new Response("away", { status: 502 })];
    const result = await sign(networkWith(running(() => (failures.shift() ?? (() => ran(answer)))())));
    expect(result.signature).toBe(answer.signature);
    const bodies = await Promise.all(asked.slice(-3).map((request) => request.text()));
    expect(new Set(bodies).size).toBe(1);
  });

  test("and answers with what cannot be read is not believed", async () => {
    for (const text of ["{", "[]", "a".repeat(1_100_000)]) {
      const failure = await failureOf(sign(networkWith(running(() => new Response(text)))));
      expect(failure.code).toBe("network-failed");
    }
  });
});

describe("a new key", () => {
  const making =
    (told: unknown, changes: Partial<Record<string, () => Response | Promise<Response>>> = {}): Answer =>
    (path) => {
      const changed = changes[path];
      if (changed) return changed();
      if (path === "create_wallet") return Response.json({ wallet_address: key.address.toLowerCase() });
      if (path === "add_pkp_to_group") return Response.json({ success: true });
      return path === "lit_action" ? ran(told) : undefined;
    };
  const create = (answer: Answer) => networkWith(answer).createKey(toAddress(device.address));

  test("is put into the group, and its public part is the one of its address", async () => {
    expect(await create(making({ ok: true, publicKey }))).toEqual({ publicKey, address: key.address });
    const added = asked.find(({ url }) => url.endsWith("/add_pkp_to_group"));
    expect(await added?.json()).toEqual({ group_id: GROUP, pkp_id: key.address });
  });

  test("is not taken with another public part, or with none", async () => {
    const wrong = { ok: true, publicKey: device.publicKey };
    expect((await failureOf(create(making(wrong)))).code).toBe("network-failed");
    const none = { ok: false, reason: "key-unavailable", message: "" };
    expect((await failureOf(create(making(none)))).code).toBe("gate-refused-key-unavailable");
  });

  test("is made once: a call that was cut off is not sent again", async () => {
    const made = vi.fn(NO_ANSWER);
    const failure = await failureOf(create(making({ ok: true, publicKey }, { create_wallet: made })));
    expect(failure.code).toBe("network-unreachable");
    expect(made).toHaveBeenCalledTimes(1);
  });

  test("is not made before a gate is published", async () => {
    const unpublished = networkWith(NO_ANSWER, wallets(), {
      canonicalGate: () => Promise.resolve(undefined),
    });
    expect((await failureOf(unpublished.createKey(address))).code).toBe("network-failed");
    expect(asked).toEqual([]);
  });
});

describe("a usage key", () => {
  const always = running(() => ran({ ok: false, reason: "no-record", message: "" }));

  test.each<[string, object]>([
    ["runs any program", { can_execute_in_groups: [0] }],
    ["runs programs of another group", { can_execute_in_groups: [GROUP, 8] }],
    ["permits programs", { can_manage_ipfs_ids_in_groups: [GROUP] }],
    ["makes groups", { can_create_groups: true }],
    ["deletes groups", { can_delete_groups: true }],
    ["takes keys out of groups", { can_remove_pkp_from_groups: [GROUP] }],
    ["puts keys into other groups", { can_add_pkp_to_groups: [0] }],
  ])("that %s is not used at all", async (_what, rights) => {
    const failure = await failureOf(sign(networkWith(always, wallets(rights))));
    expect(failure.code).toBe("usage-key-too-strong");
    expect(asked.every(({ url }) => url.includes("/list_api_keys"))).toBe(true);
  });

  test("that the account does not list is the account's own, and is not used", async () => {
    expect((await failureOf(sign(networkWith(always, [])))).code).toBe("usage-key-too-strong");
  });

  test("that runs a program of no group is not used, whatever the service lists", async () => {
    const answers: Answer = (path) => (path === "probe" ? ran("anything") : always(path, undefined));
    expect((await failureOf(sign(networkWith(answers)))).code).toBe("usage-key-too-strong");
  });

  test("is looked at once, and again after that failed", async () => {
    let isAway = true;
    const answer = await granted();
    const answers: Answer = (path) => {
      if (path === "probe") return isAway ? new Response(null, { status: 500 }) : undefined;
      return path === "lit_action" ? ran(answer) : undefined;
    };
    const of = networkWith(answers);
    expect((await failureOf(sign(of))).code).toBe("network-failed");
    isAway = false;
    await sign(of);
    await sign(of);
    expect(asked.filter(({ url }) => url.includes("/list_api_keys"))).toHaveLength(2);
  });
});

describe("the status", () => {
  test("is whether the service answers", async () => {
    const answers: Answer = (path) => (path === "account_exists" ? Response.json(true) : undefined);
    expect(await networkWith(answers).status()).toEqual({
      nodes: [{ index: 1, isRunning: true }],
      needed: 1,
    });
    expect((await networkWith(NO_ANSWER).status()).nodes).toEqual([{ index: 1, isRunning: false }]);
  });
});
