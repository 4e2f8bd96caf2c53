import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Balance } from "#core/wallet-api/state.ts";
import { installStoreWallet } from "../testing/store-wallet.ts";
import { tusd, unlockedState } from "../testing/samples.ts";
import { useAccountStore } from "./account.ts";

const balances: Balance[] = [{ token: tusd, amount: 7_000_000n }];

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
    const { emit } = installStoreWallet({
      "account.balances": () => [{ token: tusd, amount: 0n }],
      "account.activity": () => [],
    });
    const store = useAccountStore();
    emit("state", unlockedState());
    expect(store.isEmpty).toBe(false);
    await store.refresh();
    expect(store.isEmpty).toBe(true);
  });
});
