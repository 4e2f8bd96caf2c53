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
  readonly profile?: Partial<JsonFile<Profile>>;
}

/** The wallet of a new account, signed out; what happened to it is listed as it happens. */
async function walletOf({ hangs, profile }: Trouble = {}) {
  const { directory } = await world.createAccount();
  const vault = await world.startVault(directory);
  const happened: string[] = [];
  const patience = Promise.withResolvers<undefined>();
  const watched: VaultClient = {
    call: (method, input) => {
      happened.push(`vault: ${method}`);
      return method === hangs ? new Promise(() => undefined) : vault.call(method, input);
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
  const signIn = async () => {
    // The authenticator sends only so many codes in ten minutes.
    world.passTime(600);
    await wallet.sendCode(world.emailOf(directory));
    return wallet.verifyCode(await world.codeFor(directory));
  };
  return { wallet, vault, happened, signIn, losePatience: () => patience.resolve(undefined) };
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
