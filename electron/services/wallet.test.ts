import { afterAll, beforeAll, expect, test } from "vitest";
import type { WalletState } from "#core/wallet-api/state.ts";
import { accountReader } from "./chain/account-reader.ts";
import { createChainClient } from "./chain/client.ts";
import { type Profile, profileFile } from "./profile.ts";
import type { JsonFile } from "./storage/json-file.ts";
import { World } from "./testing/world.ts";
import type { VaultClient } from "./vault.ts";
import { createWallet } from "./wallet.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

interface Trouble {
  /** The vault gets no answer to this, and so gives none. */
  readonly hangs?: "lock";
  /** What the vault answers to a method comes only once this let it. */
  readonly hold?: (method: string) => Promise<void>;
  readonly profile?: Partial<JsonFile<Profile>>;
}

/** The wallet of a new account, signed out; what happened to it is listed as it happens. */
async function walletOf({ hangs, hold, profile }: Trouble = {}) {
  const { directory } = await world.createAccount();
  const vault = await world.startVault(directory);
  const happened: string[] = [];
  const patience = Promise.withResolvers<undefined>();
  const watched: VaultClient = {
    call: async (method, input) => {
      happened.push(`vault: ${method}`);
      if (method === hangs) return new Promise(() => undefined);
      const answer = await vault.call(method, input);
      await hold?.(method);
      return answer;
    },
  };
  const wallet = createWallet({
    profile: { ...profileFile(directory), ...profile },
    chainId: world.config.chain.id,
    vault: watched,
    endVault: () => {
      happened.push("vault ended");
      return Promise.resolve();
    },
    reader: accountReader(createChainClient(world.config)),
    creation: {
      run: () => Promise.resolve(),
      isRunning: () => false,
      steps: () => [],
    },
    joining: { account: () => Promise.resolve(undefined), run: () => Promise.resolve() },
    onChange: ({ phase }: WalletState) => happened.push(`screens: ${phase}`),
    onLocked: () => happened.push("forgotten"),
    onUnexpected: (_, cause) => {
      throw cause;
    },
    patience: () => patience.promise,
  });
  const newCode = async () => {
    // The authenticator sends only so many codes in ten minutes.
    world.passTime(600);
    await wallet.sendCode(world.emailOf(directory));
    return world.codeFor(directory);
  };
  const signIn = async () => wallet.verifyCode(await newCode());
  return { wallet, vault, happened, newCode, signIn, losePatience: () => patience.resolve(undefined) };
}

test("locked, it says so at once, and ends a vault that does not answer", async () => {
  const { wallet, happened, signIn, losePatience } = await walletOf({ hangs: "lock" });
  await signIn();
  happened.length = 0;
  const locked = wallet.lock("sleep");
  await expect.poll(() => happened).toEqual(["vault: lock", "screens: locked"]);
  losePatience();
  await locked;
  expect(happened.slice(2)).toEqual(["vault ended", "forgotten", "screens: locked"]);
});

test("opens again only once the vault that was locked has ended", async () => {
  const { wallet, happened, signIn, losePatience } = await walletOf({ hangs: "lock" });
  await signIn();
  happened.length = 0;
  const locked = wallet.lock("request");
  const opened = signIn();
  losePatience();
  await locked;
  expect(await opened).toMatchObject({ phase: "unlocked" });
  expect(happened.indexOf("vault ended")).toBeLessThan(happened.indexOf("vault: sendCode"));
});

test("locks what it opened, though the disk is full and the profile could not be kept", async () => {
  const full = () => Promise.reject(new Error("ENOSPC"));
  const { wallet, vault, signIn } = await walletOf({
    profile: { read: () => Promise.resolve(undefined), write: full },
  });
  await expect(signIn()).rejects.toThrow("ENOSPC");
  await expect(vault.call("createUnlockCode", undefined)).resolves.toBeDefined();
  await wallet.lock("idle");
  await expect(vault.call("createUnlockCode", undefined)).rejects.toMatchObject({ code: "locked" });
});

test.each(["verifyCode", "unlockByCode"] as const)(
  "ends locked when the computer falls asleep while %s is under way",
  async (way) => {
    const reached = Promise.withResolvers<undefined>();
    const awake = Promise.withResolvers<undefined>();
    let holds = false;
    const { wallet, vault, happened, newCode, signIn } = await walletOf({
      hold: async (method) => {
        if (!holds || method !== way) return;
        reached.resolve(undefined);
        await awake.promise;
      },
    });
    await signIn();
    const paper = (await wallet.createUnlockCode()).code;
    await wallet.lock("request");
    const code = way === "verifyCode" ? await newCode() : paper;
    holds = true;
    const opened = wallet[way](code);
    await reached.promise;
    happened.length = 0;
    await wallet.lock("sleep");
    expect(happened).toEqual(expect.arrayContaining(["vault: lock", "vault ended", "forgotten"]));
    expect(happened.at(-1)).toBe("screens: locked");
    awake.resolve(undefined);
    await expect(opened).rejects.toMatchObject({ code: "locked" });
    expect(wallet.isUnlocked()).toBe(false);
    expect(await wallet.state()).toMatchObject({ phase: "locked", reason: "sleep" });
    await expect(vault.call("createUnlockCode", undefined)).rejects.toMatchObject({ code: "locked" });
    holds = false;
    expect(await signIn()).toMatchObject({ phase: "unlocked" });
  },
);

test("stays locked when that happens while what was opened is still being kept", async () => {
  const reached = Promise.withResolvers<undefined>();
  const kept = Promise.withResolvers<undefined>();
  const write = () => {
    reached.resolve(undefined);
    return kept.promise;
  };
  const { wallet, newCode } = await walletOf({
    profile: { read: () => Promise.resolve(undefined), write },
  });
  const opened = wallet.verifyCode(await newCode());
  await reached.promise;
  await wallet.lock("sleep");
  kept.resolve(undefined);
  await expect(opened).rejects.toMatchObject({ code: "locked" });
  expect(wallet.isUnlocked()).toBe(false);
});
