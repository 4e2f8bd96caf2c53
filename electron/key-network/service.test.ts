/** The key-network process' service with the real Lit client, four real node processes and the real gate. */
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { recoverAddress } from "viem/utils";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { refusalReason } from "#core/key-network/errors.ts";
import type { PublicKey } from "#core/keys/public-key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { NetworkWorld } from "#devnet/testing/network-world.ts";
import { entriesOf, person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { createKeyNetworkService } from "./service.ts";

const ada = person("ada");

let world: NetworkWorld;
let service: ReturnType<typeof createKeyNetworkService>;
const signSession = vi.fn<NetworkWorld["signSession"]>();
let mfa: { publicKey: PublicKey; address: Address };
let opened: OpenedRecord;

beforeAll(async () => {
  world = await NetworkWorld.start();
  service = createKeyNetworkService(signSession);
  signSession.mockImplementation(world.signSession);
  await service.start({ config: world.config, gates: [world.gate.code] });
  mfa = await createKey();
  const recovery = await createKey();
  const account = await world.createAccount(mfa.address, recovery.address);
  opened = recordOf(ada, account);
  await setRecord(opened);
});
afterAll(async () => {
  await world.stop();
});

/** Every node runs again, does no wrong and is listed. */
afterEach(async () => {
  const { network } = world;
  for (const { index } of network.nodes) {
    if (isStopped(index)) await network.startNode(index);
    await network.setFault(index, "none");
  }
  await network.listRunningNodes();
});

function isStopped(index: number): boolean {
  try {
    world.network.process(index);
    return false;
  } catch {
    return true;
  }
}

async function createKey() {
  return service.createKey({ device: world.deviceAddress }) as Promise<typeof mfa>;
}

/** Has the mfa key sign its first record and writes it into the registry. */
async function setRecord(opened: OpenedRecord): Promise<void> {
  const jwt = await world.issuer.token(ada);
  const gate = world.gate.digest;
  const record = { key: mfa.address, gate, factors: entriesOf(ada, opened), version: 1n };
  const signed = await service.signRecord({
    role: "mfa",
    publicKey: mfa.publicKey,
    next: { record: opened, gate },
    authorization: await world.authorizeRecord(record, jwt),
  });
  expect(signed).toMatchObject({ record, faultyNodes: [] });
  await world.setRecord(record, signed.signature);
}

let amount = 0n;
async function signWithdrawal(token: TokenOptions = {}) {
  const operation: Operation = {
    kind: "withdraw",
    account: opened.account,
    token: NATIVE_TOKEN,
    to: world.deviceAddress,
    amount: ++amount,
    nonce: 0n,
  };
  const jwt = await world.issuer.token(ada, token);
  const authorization = await world.authorizeOperation(operation, jwt);
  return service.signOperation({ role: "mfa", publicKey: mfa.publicKey, opened, operation, authorization });
}

async function expectGood(
  signing: ReturnType<typeof signWithdrawal>,
  faultyNodes: number[] = [],
): Promise<void> {
  const signed = await signing;
  expect(await recoverAddress({ hash: signed.digest, signature: signed.signature })).toBe(mfa.address);
  expect(signed.faultyNodes).toEqual(faultyNodes);
}

async function failureOf(work: Promise<unknown>): Promise<WalletError> {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (!(failure instanceof WalletError)) throw new Error("expected a WalletError", { cause: failure });
  return failure;
}

describe("the key network", () => {
  test("signs an operation with the network-held key, over one session that the device key opened once", async () => {
    const before = signSession.mock.calls.length;
    await expectGood(signWithdrawal());
    await expectGood(signWithdrawal());
    expect(signSession.mock.calls.length).toBe(before);
  });

  test("tells why the gate refused, as a code and as a sentence", async () => {
    const failure = await failureOf(signWithdrawal({ proven: { email: 700 } }));
    expect(refusalReason(failure)).toBe("factor-stale");
    expect(failure).toMatchObject({
      code: "gate-refused-factor-stale",
      message: "A factor was proven too long ago.",
      whatToDo: "Prove it again with a new code.",
    });
  });

  test("asks for a new session after the wallet was locked", async () => {
    const before = signSession.mock.calls.length;
    await service.forgetSession(undefined);
    await expectGood(signWithdrawal());
    expect(signSession.mock.calls.length).toBe(before + 1);
  });

  test("passes on what the vault says when it opens no session, and asks again next time", async () => {
    await service.forgetSession(undefined);
    signSession.mockRejectedValueOnce(new WalletError("locked", "The wallet is locked.", "Unlock it."));
    expect(await failureOf(signWithdrawal())).toMatchObject({ code: "locked" });
    await expectGood(signWithdrawal());
  });

  test("takes no key that the node which was asked first made alone", async () => {
    const own = privateKeyToAccount(generatePrivateKey());
    const real = globalThis.fetch;
    let isFirst = true;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const response = await real(input, init);
      if (!String(input instanceof Request ? input.url : input).endsWith("/trivet/keys") || !isFirst)
        return response;
      isFirst = false;
      return Response.json({ publicKey: own.publicKey, address: own.address });
    });
    expect(await failureOf(createKey())).toMatchObject({
      code: "network-failed",
      message: "The key network could not do this. Its nodes do not agree on the new key.",
    });
  });

  test("reaches nothing but this computer", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    await service.forgetSession(undefined);
    await expectGood(signWithdrawal());
    const hosts = fetched.mock.calls.map(
      ([input]) => new URL(input instanceof Request ? input.url : input).hostname,
    );
    expect(new Set(hosts)).toEqual(new Set(["127.0.0.1"]));
  });
});

describe("with a node that is stopped, the key network", () => {
  test("signs all the same", async () => {
    await world.network.stopNode(1);
    await world.network.listRunningNodes();
    await expectGood(signWithdrawal());
    expect(await service.status(undefined)).toEqual({
      nodes: [1, 2, 3, 4].map((index) => ({ index, isRunning: index !== 1 })),
      needed: 3,
    });
  });

  test("signs as soon as the staking contract no longer lists a node that was killed", async () => {
    await expectGood(signWithdrawal());
    await world.network.stopNode(3, "SIGKILL");
    const signing = signWithdrawal();
    await world.network.listRunningNodes();
    await expectGood(signing);
  });

  test("says which two are stopped, and signs the same request when they are back", async () => {
    await world.network.stopNode(2);
    await world.network.stopNode(4);
    await world.network.listRunningNodes();
    const failure = await failureOf(signWithdrawal());
    expect(failure).toMatchObject({
      code: "network-too-few-nodes",
      message: "Two of four key nodes are stopped (nodes 2 and 4): three are needed.",
    });
    await world.network.startNode(2);
    await world.network.listRunningNodes();
    amount -= 1n;
    await expectGood(signWithdrawal());
  });

  test("says which one hangs, and signs as soon as the network does without it", async () => {
    world.network.process(3).kill("SIGSTOP");
    expect(await failureOf(signWithdrawal())).toMatchObject({
      code: "network-unreachable",
      message: "Key node 3 does not answer.",
    });
    await world.network.listRunningNodes([1, 2, 4]);
    await expectGood(signWithdrawal());
    await world.network.stopNode(3);
  });

  test("makes no key, and says that it takes all four", async () => {
    await world.network.stopNode(2);
    await world.network.listRunningNodes();
    expect(await failureOf(createKey())).toMatchObject({
      code: "network-too-few-nodes",
      message: "One of four key nodes is stopped (node 2): four are needed.",
    });
  });

  test("says so when nobody answers at all", async () => {
    for (const { index } of world.network.nodes) await world.network.stopNode(index);
    expect(await failureOf(signWithdrawal())).toMatchObject({
      code: "network-unreachable",
      message: "Key nodes 1, 2, 3 and 4 do not answer.",
    });
  });
});

describe("with a node that returns wrong shares, the key network", () => {
  test.each([1, 2, 3, 4])(
    "never gives a wrong signature: it names node %i once it took part, and signs without it",
    async (index) => {
      await world.network.setFault(index, "wrong-share");
      // Any three of the four sign; only a run with the faulty one shows it.
      for (let found = false; !found;) {
        const signed = await signWithdrawal();
        expect(await recoverAddress({ hash: signed.digest, signature: signed.signature })).toBe(mfa.address);
        found = signed.faultyNodes.length > 0;
        if (found) expect(signed.faultyNodes).toEqual([index]);
      }
    },
  );

  test("refuses the signature and names the nodes of which one is wrong, when one more is stopped", async () => {
    await world.network.setFault(2, "wrong-share");
    await world.network.stopNode(4);
    await world.network.listRunningNodes();
    expect(await failureOf(signWithdrawal())).toMatchObject({
      code: "network-wrong-share",
      message:
        "One of the key nodes 1, 2 and 3 returned a wrong share of the signature. The signature was refused.",
    });
  });
});

describe("the key-network process", () => {
  test("does not start with a gate that Trivet was not released with", async () => {
    const other = createKeyNetworkService(signSession);
    const failure = await failureOf(other.start({ config: world.config, gates: [`${world.gate.code} `] }));
    expect(failure.code).toBe("gate-differs");
    await expect(other.status(undefined)).rejects.toThrow("was not started");
  });
});
