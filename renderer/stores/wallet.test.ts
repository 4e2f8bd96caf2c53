import { describe, expect, it } from "vitest";
import type { WalletState } from "#core/wallet-api/state.ts";
import { installStoreWallet } from "../testing/store-wallet.ts";
import { appInfo, unlockedState } from "../testing/samples.ts";
import { useWalletStore } from "./wallet.ts";

const code = { sentTo: "ada@example.org", expiresAt: 1_795_269_780_000 };

describe("the wallet store", () => {
  it("loads state, info and settings", async () => {
    installStoreWallet({
      "wallet.state": () => unlockedState(),
      "app.info": () => appInfo,
      "settings.get": () => ({ theme: "dark", lockAfterMinutes: 5 }),
    });
    const store = useWalletStore();
    await store.load();
    expect(store.state?.phase).toBe("unlocked");
    expect(store.account?.keys).toHaveLength(3);
    expect(store.email).toBe("ada@example.org");
    expect(store.info?.network.kind).toBe("devnet");
    expect(store.settings).toEqual({ theme: "dark", lockAfterMinutes: 5 });
  });

  it("does not let the first answer overwrite a newer event", async () => {
    const { promise, resolve } = Promise.withResolvers<WalletState>();
    const { emit } = installStoreWallet({
      "wallet.state": () => promise,
      "app.info": () => appInfo,
      "settings.get": () => ({ theme: "system", lockAfterMinutes: 10 }),
    });
    const store = useWalletStore();
    const loading = store.load();
    emit("state", { phase: "locked", email: "ada@example.org", reason: "idle" });
    resolve(unlockedState());
    await loading;
    expect(store.state?.phase).toBe("locked");
    expect(store.account).toBeUndefined();
  });

  it("remembers the code that is on its way in the welcome phase", async () => {
    const { emit } = installStoreWallet({ "wallet.sendCode": () => code });
    const store = useWalletStore();
    emit("state", { phase: "welcome" });
    await store.sendCode("ada@example.org");
    expect(store.state).toEqual({ phase: "welcome", code });
  });

  it("follows the state that a right code leads to", async () => {
    installStoreWallet({ "wallet.verifyCode": () => unlockedState() });
    const store = useWalletStore();
    await store.verifyCode("123456");
    expect(store.state?.phase).toBe("unlocked");
  });
});
