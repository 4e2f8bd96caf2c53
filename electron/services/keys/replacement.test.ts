import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { accountReader } from "../chain/account-reader.ts";
import { replaceKey } from "../operations/intents/replace-key.ts";
import { withdraw } from "../operations/intents/withdraw.ts";
import { World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const RECIPIENT = toAddress("0x00000000000000000000000000000000000b0b42");
/** After this many seconds no proof counts any more. */
const TOO_OLD = 660;

/** An account whose MFA key is on the Ledger. */
async function onLedger() {
  const { directory, account } = await world.createAccount();
  const { operations, finish } = await world.startApp(directory);
  expect((await finish(await operations.start(replaceKey("mfa", await world.ledgerHolder())))).status).toBe(
    "done",
  );
  return { directory, account };
}

describe("a key on a Ledger that goes back to the network", () => {
  test("is a new key with a record of its own, and signs withdrawals", async () => {
    const { directory, account } = await onLedger();
    await world.fund(account, "1");
    const { returnToNetwork, operations, finish, get, chain } = await world.startReturn(directory);
    expect(await returnToNetwork.need("mfa")).toBeUndefined();
    expect((await finish(await returnToNetwork.start("mfa", ["device", "mfa"]))).status).toBe("done");

    const profile = await get();
    const [held, ...more] = profile.keys.mfa;
    expect(more).toEqual([]);
    expect(held).toMatchObject({ holder: "network", record: { account } });
    if (!held) throw new Error("there is no MFA key");
    expect(await accountReader(chain).roleOfKey(account, keyId(held.key))).toBe("mfa");
    expect((await world.registered(profile, "mfa")).version).toBe(1n);
    const withdrawal = await operations.start(withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n }));
    expect((await finish(withdrawal)).status).toBe("done");
  });

  test("comes back by the recovery key when the Ledger is lost", async () => {
    const { directory, account } = await onLedger();
    world.ledger.unplug();
    const { returnToNetwork, finish } = await world.startReturn(directory);
    const done = await finish(await returnToNetwork.start("mfa", ["device", "recovery"]));
    expect(done.status).toBe("done");
    expect(done.steps.find(({ id }) => id === "cosign")).toMatchObject({
      role: "recovery",
      holder: "network",
    });
    expect(await world.executed(account)).toHaveLength(2);
    world.ledger.plug();
    world.ledger.unlock();
    world.ledger.setApp({ open: true });
  });

  test("asks for the email address when it was proven too long ago", async () => {
    const { directory } = await onLedger();
    const { returnToNetwork, prove } = await world.startReturn(directory);
    world.passTime(TOO_OLD);
    const need = await returnToNetwork.need("mfa");
    expect(need).toMatchObject({
      ways: [["E"]],
      stale: ["E"],
      factors: [{ type: "email", available: true }],
    });
    if (need) await prove(need);
    expect(await returnToNetwork.need("mfa")).toBeUndefined();
  });

  test("is refused where the network holds the key anyway, before it makes another", async () => {
    const { directory } = await world.createAccount();
    const { returnToNetwork } = await world.startReturn(directory);
    await expect(returnToNetwork.start("mfa")).rejects.toMatchObject({ code: "key-in-use" });
  });
});
