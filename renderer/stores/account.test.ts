import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Balance, TokenAmount } from "#core/wallet-api/state.ts";
import { installStoreWallet } from "../testing/store-wallet.ts";
import { tusd, unlockedState } from "../testing/samples.ts";
import { useAccountStore } from "./account.ts";

const balances: Balance[] = [{ token: tusd, amount: 7_000_000n }];
const silent = { ...tusd, address: toAddress(`0x${"33".repeat(20)}`), symbol: "MUTE" };

describe("the account store", () => {
  it("asks for nothing while the wallet is locked", async () => {
    const { emit } = installStoreWallet({});
    const store = useAccountStore();
    emit("state", { phase: "locked", email: "ada@example.org", reason: "start" });
    await store.refresh();
    expect(store.balances).toBeUndefined();
    expect(store.error).toBeUndefined();
  });

  it("holds balances by token, whatever the case of the address", async () => {
    const { emit } = installStoreWallet({ "account.balances": () => balances, "account.activity": () => [] });
    const store = useAccountStore();
    emit("state", unlockedState());
    await store.refresh();
    expect(store.balanceOf(tusd.address.toLowerCase())?.amount).toBe(7_000_000n);
    expect(store.balanceOf(`0x${"22".repeat(20)}`)).toBeUndefined();
    expect(store.isEmpty).toBe(false);
  });

  it("knows a token that does not answer, and no balance of it", async () => {
    const { emit } = installStoreWallet({
      "account.balances": () => [...balances, { token: silent }],
      "account.activity": () => [],
    });
    const store = useAccountStore();
    emit("state", unlockedState());
    await store.refresh();
    expect(store.balances).toEqual(balances);
    expect(store.tokens).toEqual([tusd, silent]);
    expect(store.balanceOf(silent.address)).toBeUndefined();
  });

  it("keeps the last known balances when a refresh fails, and says why", async () => {
    let away = false;
    const { emit } = installStoreWallet({
      "account.balances": () => {
        if (away) throw new WalletError("chain-away", "The chain does not answer.", "Try again.");
        return balances;
      },
      "account.activity": () => [],
    });
    const store = useAccountStore();
    emit("state", unlockedState());
    await store.refresh();
    away = true;
    await store.refresh();
    expect(store.error?.code).toBe("chain-away");
    expect(store.balances).toEqual(balances);
  });

  it("forgets everything when the wallet locks, also what arrives afterwards", async () => {
    const { promise, resolve } = Promise.withResolvers<Balance[]>();
    const { emit } = installStoreWallet({ "account.balances": () => promise, "account.activity": () => [] });
    const store = useAccountStore();
    emit("state", unlockedState());
    const refreshing = store.refresh();
    emit("state", { phase: "locked", email: "ada@example.org", reason: "idle" });
    resolve(balances);
    await refreshing;
    expect(store.balances).toBeUndefined();
  });

  it("is empty only when every balance is known to be zero", async () => {
    let said: TokenAmount[] = [{ token: tusd, amount: 0n }];
    const { emit } = installStoreWallet({
      "account.balances": () => said,
      "account.activity": () => [],
    });
    const store = useAccountStore();
    emit("state", unlockedState());
    expect(store.isEmpty).toBe(false);
    await store.refresh();
    expect(store.isEmpty).toBe(true);
    said = [{ token: tusd, amount: 0n }, { token: silent }];
    await store.refresh();
    expect(store.isEmpty).toBe(false);
  });
});
