import { encodeFunctionData, erc20Abi, parseEther } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { perform } from "#contracts/testing/perform.ts";
import { World } from "#contracts/testing/world.ts";
import type { ExitKit } from "#core/exit-kit/exit-kit.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { type Operation, type OperationDraft, zOperation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { nextNonce, readAccount, readKey } from "../chain/account.ts";
import { emergencyCall, findAsset, nativeAsset, withdrawalOf } from "../chain/assets.ts";
import type { Connection } from "../chain/connection.ts";
import { chainError } from "../chain/refusals.ts";
import { readWaiting } from "../chain/waiting.ts";
import { type Holding, lookUp } from "../signing/holdings.ts";
import { checkSignature, sign, signingOf, typedDataJson } from "../signing/signatures.ts";
import { kitOf, newOwner, newSalt, newSigner, type Owner, type TestSigner } from "../testing/world.ts";
import { tasksOf } from "./tasks.ts";
import { waysOf } from "./ways.ts";

const DAY = 86_400;
let world: World;
let connection: Connection;
beforeAll(async () => {
  world = await World.start();
  connection = { url: "", chainId: world.domain.chainId, client: world.chain.publicClient };
});
afterAll(() => world.stop());

const held = async (account: Address, signers: readonly TestSigner[], kit?: ExitKit): Promise<Holding[]> => {
  const state = await readAccount(connection, account, kit);
  return Promise.all(
    signers.map(({ key, account: own }) =>
      lookUp(connection.client, state, { ...key, way: { kind: "private-key", account: own } }, kit),
    ),
  );
};

/** Plans, signs and submits as the page does; resolves to what took how long. */
async function act(account: Address, draft: OperationDraft, signers: readonly TestSigner[], kit?: ExitKit) {
  const state = await readAccount(connection, account, kit);
  const [way] = waysOf(draft, state, await held(account, signers, kit));
  if (!way) return undefined;
  const nonce = await nextNonce(connection.client, state);
  const operation = zOperation.parse({ ...draft, account, nonce });
  const signatures = await Promise.all(
    way.keys.map(({ holding, key }) =>
      sign(connection.client, state, signingOf(operation, state, holding, key)),
    ),
  );
  await world.send(account, encodeOperation(operation, signatures));
  return way.seconds;
}

const later = async (seconds: number) => {
  await world.chain.testClient.increaseTime({ seconds });
  await world.chain.testClient.mine({ blocks: 1 });
};

describe("what keys at hand bring about is what the account does:", () => {
  let owner: Owner;
  let account: Address;
  beforeAll(async () => {
    owner = newOwner();
    account = await world.createAccount(owner);
  });

  test("an unfreezing by recovery keys waits, and then runs by the call that was announced", async () => {
    const { device, mfa, recovery } = owner;
    await perform(world, account, { kind: "archive" }, [device, mfa]);
    const frozen = await readAccount(connection, account);
    expect(frozen.frozen).toBe("archived");
    const possible = tasksOf(
      frozen,
      await held(account, [device, mfa]),
      await readWaiting(connection.client, frozen),
    );
    expect(possible.filter((task) => task.possible).map(({ id }) => id)).toEqual(["unfreeze"]);

    expect(await act(account, { kind: "unfreeze" }, [recovery])).toBe(7 * DAY);
    const [waiting] = (await readWaiting(connection.client, frozen)).operations;
    expect(waiting).toMatchObject({ effect: "afterRecoveryDelay", asleep: false });
    const early = await world.send(account, waiting!.call).then(
      () => undefined,
      (error: unknown) => chainError(error).code,
    );
    expect(early).toBe("refused-StillWaiting");
    await later(7 * DAY);
    await world.send(account, waiting!.call);
    expect((await readAccount(connection, account)).frozen).toBe("no");
  });

  test("what a single key proposed is cancelled by another, not by itself", async () => {
    const { device, mfa, recovery } = owner;
    await perform(
      world,
      account,
      { kind: "setRules", singleKeyRoles: 8, pendingKeysMayCall: false, tripwireCount: 0, tripwireWindow: 0 },
      [device, mfa],
    );
    const draft = {
      kind: "withdraw",
      token: NATIVE_TOKEN,
      to: toAddress(`0x${"77".repeat(20)}`),
      amount: 1n,
    } as const;
    expect(await act(account, draft, [recovery])).toBe(7 * DAY);
    const state = await readAccount(connection, account);
    const [waiting] = (await readWaiting(connection.client, state)).operations;
    const cancel = { kind: "cancel", operation: waiting!.id } as const;
    expect(waysOf(cancel, state, await held(account, [recovery]), waiting)).toEqual([]);
    const [way] = waysOf(cancel, state, await held(account, [mfa]), waiting);
    expect(way?.keys.map(({ key }) => key.role)).toEqual(["mfa"]);
    await perform(world, account, cancel, [mfa]);
    expect((await readWaiting(connection.client, state)).operations).toEqual([]);
  });

  test("a role with a threshold counts only with as many keys, hidden ones with their salts", async () => {
    const { device, mfa, recovery } = owner;
    const friend = newSigner(newSalt());
    await perform(world, account, { kind: "addKey", role: "recovery", key: friend.key, expires: 0 }, [
      device,
      mfa,
    ]);
    await perform(world, account, { kind: "setThreshold", role: "recovery", threshold: 2 }, [device, mfa]);
    const device2 = newSigner();
    const draft = { kind: "addKey", role: "device", key: device2.key, expires: 0 } as const;
    const unsalted = { ...friend, key: { ...friend.key, salt: NO_SALT } };
    expect(await act(account, draft, [recovery, unsalted])).toBeUndefined();
    const kit = kitOf(world, owner, [["recovery", friend]]);
    expect(await act(account, draft, [recovery, unsalted], kit)).toBe(7 * DAY);

    const state = await readAccount(connection, account);
    const [pending] = (await readWaiting(connection.client, state)).keys;
    expect(pending).toMatchObject({ role: "device", standing: "pending" });
    expect(waysOf({ kind: "execute", calls: [] }, state, await held(account, [device2, mfa]))).toEqual([]);
    await later(7 * DAY);
    expect(
      await act(account, { kind: "addKey", role: "mfa", key: newSigner().key, expires: 0 }, [
        device2,
        recovery,
        friend,
      ]),
    ).toBe(0);
  });

  test("everything it holds goes in one operation, or through an emergency address", async () => {
    const { device, mfa } = owner;
    const to = toAddress(newSigner().account.address);
    const find = async () => {
      const native = await nativeAsset(connection.client, account);
      const tusd = await findAsset(connection.client, account, {
        standard: "erc20",
        token: world.contracts.tusd,
        id: 0n,
      });
      return tusd ? [native, tusd] : [native];
    };
    const assets = await find();
    expect(assets).toMatchObject([
      { standard: "native" },
      { amount: 1_000_000_000n, texts: { symbol: "TUSD", decimals: 6 } },
    ]);
    await act(account, withdrawalOf({ address: account }, assets, to), [device, mfa]);
    expect(await find()).toEqual([{ standard: "native", amount: 0n }]);

    await world.send(account, "0x", parseEther("1"));
    const recipient = toAddress(world.chain.walletClient.account.address);
    await perform(world, account, { kind: "setEmergencyAddress", recipient, enabled: true }, [device, mfa]);
    await world.send(account, emergencyCall(await nativeAsset(connection.client, account)));
    expect(await nativeAsset(connection.client, account)).toEqual({ standard: "native", amount: 0n });
  });

  test("one asset with amounts is a withdrawal, which hardware wallets show in full", () => {
    const to = toAddress(`0x${"77".repeat(20)}`);
    expect(withdrawalOf({ address: account }, [{ standard: "native", amount: 5n }], to)).toEqual({
      kind: "withdraw",
      token: NATIVE_TOKEN,
      to,
      amount: 5n,
    });
    const token = world.contracts.tusd;
    const two = withdrawalOf(
      { address: account },
      [
        { standard: "erc20", token, amount: 5n, texts: {} },
        { standard: "erc721", token, id: 1n },
      ],
      to,
    );
    expect(two.kind === "execute" && two.calls.map(({ target }) => target)).toEqual([token, token]);
    expect(two.kind === "execute" && two.calls[0]?.data).toBe(
      encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, 5n] }),
    );
    expect(() => withdrawalOf({ address: account }, [], to)).toThrow("Nothing is chosen");
  });
});

describe("a signature that was made elsewhere", () => {
  test("counts when it is of that key over that message, in the readable form", async () => {
    const owner = newOwner();
    const account = await world.createAccount(owner);
    const state = await readAccount(connection, account);
    const { key, account: own } = owner.mfa;
    const holding = await lookUp(connection.client, state, { ...key, way: { kind: "elsewhere" } });
    const known = holding.keys[0]!;
    const operation: Operation = {
      kind: "withdraw",
      account,
      token: NATIVE_TOKEN,
      to: toAddress(`0x${"77".repeat(20)}`),
      amount: parseEther("1.5"),
      nonce: await nextNonce(connection.client, state),
    };
    const signing = signingOf(operation, state, holding, known);
    expect(JSON.parse(typedDataJson(signing.typedData))).toMatchObject({ message: { Amount: "1.5 ETH" } });
    expect(signing.digest).toBe(operationDigest(operation, "readable", world.domain));
    const signature = await own.sign({ hash: signing.digest });
    const checked = await checkSignature(connection.client, state, signing, ` ${signature}\n`);
    await world.submit(operation, [checked, await world.sign(operation, owner.device)]);

    const fromZero = `${signature.slice(0, -2)}${signature.endsWith("1b") ? "00" : "01"}`;
    expect((await checkSignature(connection.client, state, signing, fromZero)).signature).toBe(signature);
    const other = await owner.device.account.sign({ hash: signing.digest });
    for (const wrong of [other, `${signature}00`, "0x"]) {
      await expect(checkSignature(connection.client, state, signing, wrong)).rejects.toMatchObject({
        name: "WalletError",
      });
    }
  });
});

describe("an account", () => {
  test("that is not on the chain is known to its kit only", async () => {
    const owner = newOwner();
    const kit = kitOf(world, owner);
    const state = await readAccount(connection, kit.account, kit);
    expect(state).toMatchObject({ deployed: false, recoveryDelay: 7 * DAY });
    expect(await readKey(connection.client, state, kit.firstKeys.mfa, kit)).toMatchObject({
      role: "mfa",
      standing: "active",
    });
    await expect(readAccount(connection, kit.account)).rejects.toMatchObject({ code: "no-account" });
    await world.createAccount(owner);
    // What it began with is what the kit said before.
    const { recoveryDelay, singleKeyDelay, overrideDelay } = await readAccount(connection, kit.account);
    expect({ recoveryDelay, singleKeyDelay, overrideDelay }).toEqual({
      recoveryDelay: state.recoveryDelay,
      singleKeyDelay: state.singleKeyDelay,
      overrideDelay: state.overrideDelay,
    });
  });

  test("is not just any contract", async () => {
    await expect(readAccount(connection, world.contracts.tusd)).rejects.toMatchObject({ code: "no-account" });
  });

  test("whose program is another than the kit's is not touched", async () => {
    const owner = newOwner();
    const account = await world.createAccount(owner);
    const kit = { ...kitOf(world, owner), implementation: toAddress(`0x${"77".repeat(20)}`) };
    await expect(readAccount(connection, account, kit)).rejects.toMatchObject({
      code: "other-implementation",
    });
  });
});
