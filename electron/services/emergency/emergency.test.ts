import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { accountReader } from "../chain/account-reader.ts";
import { change } from "../operations/intents/change.ts";
import { World } from "../testing/world.ts";
import { createEmergency } from "./emergency.ts";
import { emergencyNotes } from "./notes.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const wallet = privateKeyToAccount(`0x${"5e".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"5f".repeat(32)}`);
const recipient = toAddress(wallet.address);
const add = { kind: "setEmergencyAddress", recipient, enabled: true } as const;

/** An account with its emergency addresses, before or after changes. */
async function account(...wishes: ChangeWish[]) {
  const { directory } = await world.createAccount();
  const { operations, finish, chain, get } = await world.startApp(directory);
  const make = async (wish: ChangeWish) => {
    expect((await finish(await operations.start(change(wish)))).status).toBe("done");
  };
  for (const wish of wishes) await make(wish);
  const open = () =>
    createEmergency({
      chain,
      reader: accountReader(chain),
      profile: { get },
      notes: emergencyNotes(directory),
      now: () => world.now(),
    });
  return { emergency: open(), open, make };
}

describe("emergency addresses", () => {
  test("are none at first, then those that were added, until they are removed", async () => {
    const { emergency, make } = await account();
    expect(await emergency.list()).toEqual([]);
    await make(add);
    expect(await emergency.list()).toEqual([{ address: recipient, isContract: false }]);
    await make({ ...add, enabled: false });
    expect(await emergency.list()).toEqual([]);
  });

  test("say that they are a contract's where they are one", async () => {
    const { contracts } = world.config;
    const { emergency } = await account({ ...add, recipient: contracts.gateRegistry });
    expect((await emergency.list()).map(({ isContract }) => isContract)).toEqual([true]);
  });
});

describe("a rehearsal", () => {
  test("is passed by the wallet's own signature, and remembered over a restart", async () => {
    const { emergency, open } = await account(add);
    const { message } = await emergency.rehearse(recipient);
    expect(message).toContain("It moves nothing and allows nothing.");
    expect(message).toContain(recipient);
    const signature = await wallet.signMessage({ message });
    const at = Math.floor(world.now() / 1000);
    const rehearsed = { at, by: "signature" };
    expect(await emergency.prove(recipient, signature)).toEqual({
      address: recipient,
      isContract: false,
      rehearsed,
    });
    expect(await open().list()).toMatchObject([{ rehearsed }]);
  });

  test.each<[string, (message: string) => Promise<Hex>]>([
    ["another wallet's signature", (message) => stranger.signMessage({ message })],
    ["a signature of another text", () => wallet.signMessage({ message: "hello" })],
    ["no signature at all", () => Promise.resolve("0x1234")],
  ])("is not passed by %s", async (_, sign) => {
    const { emergency } = await account(add);
    const { message } = await emergency.rehearse(recipient);
    await expect(emergency.prove(recipient, await sign(message))).rejects.toMatchObject({
      code: "rehearsal-failed",
    });
    expect((await emergency.list())[0]?.rehearsed).toBeUndefined();
  });

  test("is another one every time: an old signature proves nothing", async () => {
    const { emergency } = await account(add);
    const old = await emergency.rehearse(recipient);
    const signature = await wallet.signMessage(old);
    await emergency.rehearse(recipient);
    await expect(emergency.prove(recipient, signature)).rejects.toMatchObject({ code: "rehearsal-failed" });
  });

  test("is asked for before it is proven, and of emergency addresses only", async () => {
    const { emergency } = await account(add);
    await expect(emergency.prove(recipient, "0x1234")).rejects.toMatchObject({ code: "no-rehearsal" });
    await expect(emergency.rehearse(NATIVE_TOKEN)).rejects.toMatchObject({
      code: "emergency-address-unknown",
    });
  });

  test("is not passed by a contract that does not answer to signatures", async () => {
    const { gateRegistry } = world.config.contracts;
    const { emergency } = await account({ ...add, recipient: gateRegistry });
    const { message } = await emergency.rehearse(gateRegistry);
    const signature = await wallet.signMessage({ message });
    await expect(emergency.prove(gateRegistry, signature)).rejects.toMatchObject({
      code: "rehearsal-failed",
    });
  });
});
