/** What both key networks promise, with the real gate, a real chain, four real nodes and the stub of Lit's live service. */
import { recoverAddress } from "viem/utils";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { refusalReason } from "#core/key-network/errors.ts";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import { GATE_REASONS } from "#core/security/gate-reasons.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { FactorRecord } from "#core/security/record.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { type LitService, startLitService } from "#devnet/chipotle/start.ts";
import { openLitAccount } from "#devnet/chipotle/testing/lit-account.ts";
import { NetworkWorld } from "#devnet/testing/network-world.ts";
import { entriesOf, person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { readDeployment } from "#lit-actions/build.ts";
import { createKeyNetworkService } from "./service.ts";

const ada = person("ada");

type Service = ReturnType<typeof createKeyNetworkService>;
interface Key {
  readonly publicKey: PublicKey;
  readonly address: Address;
}

let world: NetworkWorld;
let lit: LitService;

beforeAll(async () => {
  // The Lit client warns whenever there is no browser storage.
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  world = await NetworkWorld.start();
  lit = await startLitService({
    hosts: {
      [DEVNET_AUTHENTICATOR.host]: world.issuer.address,
      [new URL(readDeployment("devnet").rpcUrl).host]: new URL(world.config.chain.rpcUrls[0] ?? "").host,
    },
  });
});
afterAll(async () => {
  await lit.close();
  await world.stop();
});

async function startLocal(): Promise<Service> {
  const service = createKeyNetworkService(world.signSession);
  await service.start({ config: world.config, gates: [world.gate.code] });
  return service;
}

async function startChipotle(): Promise<Service> {
  const { usageKey, group } = openLitAccount(lit, [world.gate.cid]);
  const service = createKeyNetworkService(() => Promise.reject(new Error("no session is opened here")));
  const keyNetwork = { adapter: "chipotle", url: lit.url, group } as const;
  await service.start({ config: { ...world.config, keyNetwork }, gates: [world.gate.code], usageKey });
  return service;
}

describe.each([
  ["of four nodes", startLocal],
  ["of one enclave", startChipotle],
])("the key network %s", (_name, start) => {
  let service: Service;
  let mfa: Key;
  let opened: OpenedRecord;

  beforeAll(async () => {
    service = await start();
    mfa = await createKey();
    const recovery = await createKey();
    opened = recordOf(ada, await world.createAccount(mfa.address, recovery.address));
    await signFirstRecord(mfa, opened);
  });

  const createKey = async () => service.createKey({ device: world.deviceAddress }) as Promise<Key>;

  async function signFirstRecord(key: Key, next: OpenedRecord): Promise<void> {
    const gate = world.gate.digest;
    const record: FactorRecord = { key: key.address, gate, factors: entriesOf(ada, next), version: 1n };
    const signed = await service.signRecord({
      role: "mfa",
      publicKey: key.publicKey,
      next: { record: next, gate },
      authorization: await world.authorizeRecord(record, await world.issuer.token(ada)),
    });
    expect(signed).toMatchObject({ record, faultyNodes: [] });
    await world.setRecord(record, signed.signature);
  }

  let amount = 0n;
  async function signWithdrawal(token: TokenOptions = {}, key = mfa) {
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
    const { publicKey } = key;
    return service.signOperation({ role: "mfa", publicKey, opened, operation, authorization });
  }

  async function expectSigned(): Promise<void> {
    const { digest, signature, faultyNodes } = await signWithdrawal();
    expect(await recoverAddress({ hash: digest, signature })).toBe(mfa.address);
    expect(faultyNodes).toEqual([]);
  }

  async function failureOf(work: Promise<unknown>): Promise<WalletError> {
    const failure: unknown = await work.catch((error: unknown) => error);
    if (!(failure instanceof WalletError)) throw new Error("expected a WalletError", { cause: failure });
    return failure;
  }

  test("makes a new key each time, and tells its public part", async () => {
    const [one, two] = [await createKey(), await createKey()];
    expect(one.address).not.toBe(two.address);
    for (const { publicKey, address } of [one, two]) expect(addressOfPublicKey(publicKey)).toBe(address);
  });

  test("signs an operation with the key that was asked for", async () => {
    await expectSigned();
  });

  test("signs after the wallet was locked, too", async () => {
    await service.forgetSession(undefined);
    await expectSigned();
  });

  test("tells why the gate refused, as a code and as a sentence", async () => {
    const failure = await failureOf(signWithdrawal({ proven: { email: 700 } }));
    expect(refusalReason(failure)).toBe("factor-stale");
    expect(failure).toMatchObject(GATE_REASONS["factor-stale"]);
  });

  test("signs nothing for a key without a record, which no gate is known of", async () => {
    const failure = await failureOf(signWithdrawal({}, await createKey()));
    expect(refusalReason(failure)).toBe("no-record");
  });

  test("runs the gate no more once governance withdrew it, and again when it is published once more", async () => {
    await world.network.publish(`${world.gate.code}//1`);
    await expectSigned();
    await world.network.publish(`${world.gate.code}//2`);
    expect(await failureOf(signWithdrawal())).toMatchObject({ code: "gate-withdrawn" });
    await world.network.publish(world.gate.code);
    await expectSigned();
  });

  test("says that it runs", async () => {
    const { nodes, needed } = await service.status(undefined);
    expect(nodes.filter(({ isRunning }) => isRunning).length).toBeGreaterThanOrEqual(needed);
  });
});
