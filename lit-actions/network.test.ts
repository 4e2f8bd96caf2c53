/**
 * The gate on four real node processes with the real Lit client, while some of them are hostile: fewer than three
 * neither change the registry nor begin a recovery, also with a session JWT that they saw.
 */
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { recoverAddress } from "viem/utils";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { refusalReason } from "#core/key-network/errors.ts";
import { sessionMessage } from "#core/key-network/session-message.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import type { PublicKey } from "#core/keys/public-key.ts";
import { type Operation, operationToJson } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { type FactorRecord, recordDigest } from "#core/security/record.ts";
import { TestClient } from "#devnet/key-network/testing/lit-client.ts";
import { NetworkWorld } from "#devnet/testing/network-world.ts";
import { entriesOf, person, recordOf } from "#devnet/testing/token-issuer.ts";
import { createKeyNetworkService } from "#electron/key-network/service.ts";
import { withdrawal } from "./testing/expectations.ts";

const ada = person("ada");
const eve = person("eve");

let world: NetworkWorld;
let service: ReturnType<typeof createKeyNetworkService>;
let mfa: { publicKey: PublicKey; address: Address };
let recovery: typeof mfa;
let opened: OpenedRecord;
/** The session JWT that the hostile nodes saw. */
let seen: string;

beforeEach(() => {
  // The Lit client warns whenever there is no browser storage.
  vi.spyOn(console, "warn").mockReturnValue(undefined);
});
beforeAll(async () => {
  world = await NetworkWorld.start();
  service = createKeyNetworkService(world.signSession);
  await service.start({ config: world.config, gates: [world.gate.code] });
  mfa = await createKey();
  recovery = await createKey();
  opened = recordOf(ada, await world.createAccount(mfa.address, recovery.address));
  seen = await world.issuer.token(ada);
  for (const [role, key] of [
    ["mfa", mfa],
    ["recovery", recovery],
  ] as const) {
    const record = recordOfKey(key.address, opened, 1n);
    const { signature } = await service.signRecord({
      role,
      publicKey: key.publicKey,
      next: { record: opened, gate: record.gate },
      authorization: await world.authorizeRecord(record, seen),
    });
    await world.setRecord(record, signature);
  }
});
afterAll(async () => {
  await world.stop();
});
afterEach(async () => {
  for (const { index } of world.network.nodes) await world.network.setFault(index, "none");
});

async function createKey() {
  return service.createKey({ device: world.deviceAddress }) as Promise<typeof mfa>;
}

const recordOfKey = (key: Address, record: OpenedRecord, version: bigint, who = ada): FactorRecord => ({
  key,
  gate: world.gate.digest,
  factors: entriesOf(who, record),
  version,
});

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (!(failure instanceof WalletError)) throw new Error("expected a WalletError", { cause: failure });
  return refusalReason(failure) ?? failure.code;
}

/** Whoever saw a JWT, with a device key and a session of their own. */
async function createThief() {
  const device = privateKeyToAccount(generatePrivateKey());
  const theirs = createKeyNetworkService(async (grant) =>
    device.signMessage({ message: sessionMessage(grant) }),
  );
  await theirs.start({ config: world.config, gates: [world.gate.code] });
  return { device, service: theirs };
}

/**
 * Makes nodes hostile: they take part in signing whatever digest a request names. An accomplice with a device key of
 * their own and the JWT that was seen then asks all nodes.
 * @returns whose signature came out, if any did
 */
async function conspire(hostile: readonly number[], wanted: (device: PrivateKeyAccount) => Promise<Wanted>) {
  for (const index of hostile) await world.network.setFault(index, "no-gate");
  const client = await TestClient.connect(world.network);
  const session = await client.openSession(world.gate.code);
  const { digest, request, ...rest } = await wanted(client.device);
  const params = { ...request, ...(await world.authorize(digest, seen, client.device)), ...rest, digest };
  const { signature } = await client
    .execute(session, world.gate.code, params)
    .catch(() => ({ signature: undefined }));
  await client.disconnect();
  return signature && (await recoverAddress({ hash: digest, signature }));
}

interface Wanted {
  readonly digest: Digest;
  readonly publicKey: PublicKey;
  readonly exclude?: readonly number[];
  readonly request: object;
}

const addDevice = (device: { readonly address: string }): Operation => ({
  kind: "addKey",
  account: opened.account,
  role: "device",
  key: keyOfAddress(device.address),
  expires: 0,
  nonce: 0n,
});

describe("with a session JWT that somebody saw, and a device key of their own,", () => {
  test("no record is changed", async () => {
    const { device, service: theirs } = await createThief();
    const next = recordOf(
      ada,
      opened.account,
      ["email"],
      [{ type: "wallet", id: device.address.toLowerCase() }],
    );
    const record = recordOfKey(mfa.address, next, 2n);
    const asking = theirs.signRecord({
      role: "mfa",
      publicKey: mfa.publicKey,
      opened,
      next: { record: next, gate: record.gate },
      authorization: await world.authorizeRecord(record, seen, device),
    });
    expect(await reasonOf(asking)).toBe("device-key-unknown");
  });

  test("no recovery begins, and nothing else is signed", async () => {
    const { device, service: theirs } = await createThief();
    const ask = async (key: typeof mfa, role: "mfa" | "recovery", operation: Operation) => {
      const authorization = await world.authorizeOperation(operation, seen, device);
      return theirs.signOperation({ role, publicKey: key.publicKey, opened, operation, authorization });
    };
    expect(await reasonOf(ask(recovery, "recovery", addDevice(device)))).toBe("device-not-named");
    expect(await reasonOf(ask(mfa, "mfa", withdrawal(opened.account)))).toBe("device-key-unknown");
  });

  test("the owner's signature binds it to what the owner asked for, whoever sends it", async () => {
    const { device, service: theirs } = await createThief();
    const operation = addDevice(device);
    const owners = await world.authorizeOperation(withdrawal(opened.account), seen);
    const asking = theirs.signOperation({
      role: "recovery",
      publicKey: recovery.publicKey,
      opened,
      operation,
      authorization: { ...owners, deviceKey: keyOfAddress(device.address) },
    });
    expect(await reasonOf(asking)).toBe("device-not-named");
    const named = theirs.signOperation({
      role: "recovery",
      publicKey: recovery.publicKey,
      opened,
      operation,
      authorization: owners,
    });
    // The nodes take no session in the owner's name from somebody else.
    expect(await reasonOf(named)).toBe("network-failed");
  });

  test("a new computer that the session names does begin one", async () => {
    const { device, service: theirs } = await createThief();
    const operation = addDevice(device);
    const jwt = await world.issuer.token(ada, { proven: { email: 0 }, wallets: { [device.address]: 0 } });
    const authorization = await world.authorizeOperation(operation, jwt, device);
    const { publicKey } = recovery;
    const signed = await theirs.signOperation({
      role: "recovery",
      publicKey,
      opened,
      operation,
      authorization,
    });
    expect(await recoverAddress({ hash: signed.digest, signature: signed.signature })).toBe(recovery.address);
  });
});

describe("hostile nodes", () => {
  /** The mfa key's record, with eve's mailbox in it. */
  const takeover = (): Promise<Wanted> => {
    const mailbox = recordOf(eve, opened.account);
    const record = recordOfKey(mfa.address, mailbox, 2n, eve);
    const domain = { chainId: 31337, factorRegistry: world.config.contracts.factorRegistry };
    return Promise.resolve({
      digest: recordDigest(record, domain),
      publicKey: mfa.publicKey,
      request: {
        action: "set-record",
        role: "mfa",
        opened,
        record: { ...mailbox, gate: world.gate.digest },
      },
    });
  };
  const recoveryOf = (device: PrivateKeyAccount): Promise<Wanted> => {
    const operation = addDevice(device);
    const { implementation } = world.config.contracts;
    return Promise.resolve({
      digest: operationDigest(operation, "compact", { chainId: 31337, implementation }),
      publicKey: recovery.publicKey,
      request: {
        action: "sign-operation",
        role: "recovery",
        opened,
        operation: operationToJson(operation),
        form: "compact",
      },
    });
  };

  test("below the threshold get no record signed and no recovery begun", async () => {
    // Both at once: hostile nodes wait long for others to join in.
    const signers = await Promise.all([conspire([2, 4], takeover), conspire([2, 4], recoveryOf)]);
    expect(signers).toEqual([undefined, undefined]);
  });

  test("at the threshold get whatever they want: three of four are the key", async () => {
    const without4 = async () => ({ ...(await takeover()), exclude: [4] });
    expect(await conspire([1, 2, 3], without4)).toBe(mfa.address);
  });
});

describe("a gate that governance withdrew", () => {
  test("is not run by any node, also for keys whose record names it", async () => {
    await world.network.publish(`${world.gate.code}//1`);
    await world.network.publish(`${world.gate.code}//2`);
    const operation = withdrawal(opened.account);
    const jwt = await world.issuer.token(ada);
    const authorization = await world.authorizeOperation(operation, jwt);
    const asking = service.signOperation({
      role: "mfa",
      publicKey: mfa.publicKey,
      opened,
      operation,
      authorization,
    });
    await expect(asking).rejects.toMatchObject({
      code: "gate-withdrawn",
      message: expect.stringContaining("was withdrawn") as string,
    });
  });
});
