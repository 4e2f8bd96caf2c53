/** Gates that are published and withdrawn, on four real node processes that run the real gates with the real client. */
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { recoverAddress } from "viem/utils";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { refusalReason } from "#core/key-network/errors.ts";
import { gateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import type { SessionGrant } from "#core/key-network/session-message.ts";
import type { PublicKey } from "#core/keys/public-key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { FactorRecord } from "#core/security/record.ts";
import { NetworkWorld } from "#devnet/testing/network-world.ts";
import { entriesOf, person, recordOf } from "#devnet/testing/token-issuer.ts";
import type { Gate } from "#lit-actions/build.ts";
import { loadReleases } from "#lit-actions/releases.ts";
import { createKeyNetworkService } from "./service.ts";

const ada = person("ada");

/** An account, and the key in the network that signs for it. */
interface Account {
  readonly key: { readonly publicKey: PublicKey; readonly address: Address };
  readonly opened: OpenedRecord;
}

let world: NetworkWorld;
let service: ReturnType<typeof createKeyNetworkService>;
let one: Gate;
let two: Gate;
const grants: SessionGrant[] = [];

beforeAll(async () => {
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  const [first, second] = await loadReleases();
  if (!first || !second) throw new Error("Trivet ships two gates");
  [one, two] = [first, second];
  world = await NetworkWorld.start();
  service = createKeyNetworkService(async (grant) => {
    grants.push(grant);
    return world.signSession(grant);
  });
  await service.start({ config: world.config, gates: [one.code, two.code] });
});
afterAll(async () => {
  await world.stop();
});

/** Makes an account whose mfa key's record names a gate; the canonical one makes first records. */
async function createAccount(gate: GateDigest): Promise<Account> {
  const createKey = async () => (await service.createKey({ device: world.deviceAddress })) as Account["key"];
  const [key, recovery] = [await createKey(), await createKey()];
  const opened = recordOf(ada, await world.createAccount(key.address, recovery.address));
  await setRecord({ key, opened }, gate, 1n);
  return { key, opened };
}

/** Has the key sign its first record, or its move to another gate, and writes it into the registry. */
async function setRecord({ key, opened }: Account, gate: GateDigest, version: bigint): Promise<void> {
  const record: FactorRecord = { key: key.address, gate, factors: entriesOf(ada, opened), version };
  const { signature } = await service.signRecord({
    role: "mfa",
    publicKey: key.publicKey,
    ...(version > 1n && { opened }),
    next: { record: opened, gate },
    authorization: await world.authorizeRecord(record, await world.issuer.token(ada)),
  });
  await world.setRecord(record, signature);
}

let amount = 0n;
async function signWithdrawal({ key, opened }: Account, by = service) {
  const operation: Operation = {
    kind: "withdraw",
    account: opened.account,
    token: NATIVE_TOKEN,
    to: world.deviceAddress,
    amount: ++amount,
    nonce: 0n,
  };
  const authorization = await world.authorizeOperation(operation, await world.issuer.token(ada));
  const asked = { role: "mfa", publicKey: key.publicKey, opened, operation, authorization } as const;
  const { digest, signature } = await by.signOperation(asked);
  expect(await recoverAddress({ hash: digest, signature })).toBe(key.address);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const failure: unknown = await work.catch((error: unknown) => error);
  if (!(failure instanceof WalletError)) throw new Error("expected a WalletError", { cause: failure });
  return refusalReason(failure) ?? failure.code;
}

describe("when governance publishes another gate,", () => {
  let staying: Account;
  let moving: Account;
  beforeAll(async () => {
    staying = await createAccount(one.digest);
    moving = await createAccount(one.digest);
    await world.network.publish(two.code);
  });

  test("nobody is moved: both accounts sign, each by the gate its record names", async () => {
    await signWithdrawal(staying);
    await signWithdrawal(moving);
    expect(new Set(grants.map(({ gate }) => gate))).toEqual(new Set([one.cid]));
  });

  test("an account moves with its own signature and then signs by the new gate; the other one goes on as before", async () => {
    await setRecord(moving, two.digest, 2n);
    await signWithdrawal(moving);
    expect(grants.at(-1)?.gate).toBe(two.cid);
    await signWithdrawal(staying);
    expect(new Set(grants.map(({ gate }) => gate))).toEqual(new Set([one.cid, two.cid]));
  });

  test("new accounts begin with it", async () => {
    await signWithdrawal(await createAccount(two.digest));
  });

  test("a key network that only has the old gate's code refuses the account that moved, and says to update", async () => {
    const old = createKeyNetworkService(world.signSession);
    await old.start({ config: world.config, gates: [one.code] });
    const failure: unknown = await signWithdrawal(moving, old).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "gate-unknown",
      whatToDo: expect.stringContaining("Update Trivet") as string,
    });
    await signWithdrawal(staying, old);
  });

  test("and goes back, the account that stayed signs, and the withdrawn gate signs nothing, not even a move", async () => {
    await world.network.rollBack();
    await signWithdrawal(staying);
    expect(await codeOf(signWithdrawal(moving))).toBe("gate-withdrawn");
    expect(await codeOf(setRecord(moving, one.digest, 3n))).toBe("gate-withdrawn");
  });

  test("and publishes it again, the account that had moved signs again", async () => {
    await world.network.publish(two.code);
    await signWithdrawal(moving);
    await signWithdrawal(staying);
  });
});

describe("the key-network process", () => {
  test("runs no gate but those it was started with, whatever a record names", async () => {
    const account = await createAccount(two.digest);
    const own = privateKeyToAccount(generatePrivateKey());
    const foreign = `globalThis.own="${own.address}";`;
    await world.network.publish(foreign);
    const gate = gateDigest(gateCid(new TextEncoder().encode(foreign)));
    // The gate agrees to the move, as the registry would: it is a published one. The process does not run it then.
    await setRecord(account, gate, 2n);
    const before = grants.length;
    expect(await codeOf(signWithdrawal(account))).toBe("gate-unknown");
    expect(grants.length).toBe(before);
  });
});
