import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { zAddress } from "#core/primitives/address.ts";
import { listFactors, listWallets } from "#core/security/factors.ts";
import { ClientHarness, expectError } from "../testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const address = zAddress.parse(account.address);

describe("a wallet", () => {
  test("is added by its signature, stands in the claims, and logs in alone", async () => {
    const { wallet } = world.client;
    const session = await world.addPhone(await world.logIn());
    const message = await wallet.start({ address, session });
    const signature = await account.signMessage({ message });
    const proved = await wallet.verify({ address, signature, session });
    expect(proved.user.wallets).toMatchObject([{ address, verified: true }]);
    expect(listWallets(proved.claims)).toMatchObject([{ address }]);
    expect(listFactors(proved.claims)).toMatchObject([{ type: "email" }, { type: "sms" }]);

    const asked = await wallet.start({
      address,
      message: { domain: "wallet.example", uri: "https://wallet.example", chainId: 31_337, statement: "Hi" },
    });
    expect(asked).toContain("wallet.example wants you to sign in with your Ethereum account");
    const alone = await wallet.verify({ address, signature: await account.signMessage({ message: asked }) });
    expect(alone.user.userId).toBe(session.user.userId);
    const walletId = alone.user.wallets[0]?.walletId ?? "";
    await expectError(wallet.remove(alone, walletId), "factors-insufficient");
    expect((await wallet.remove(proved, walletId)).wallets).toEqual([]);
    await expectError(wallet.remove(proved, walletId), "wallet-missing");
  });

  test("has a sentence for every way it can fail", async () => {
    const { wallet } = world.client;
    const session = await world.logIn();
    const message = await wallet.start({ address, session });
    const wrong = await account.signMessage({ message: "something else" });
    await expectError(wallet.verify({ address, signature: wrong, session }), "wallet-refused");
    await expectError(wallet.verify({ address, signature: "0x12", session }), "wallet-refused");
    await wallet.verify({ address, signature: await account.signMessage({ message }), session });
    const bob = await world.logIn("bob@example.com");
    const taken = await wallet.start({ address, session: bob });
    const signature = await account.signMessage({ message: taken });
    await expectError(wallet.verify({ address, signature, session: bob }), "wallet-taken");
  });
});
