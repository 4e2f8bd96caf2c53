import { readFile } from "node:fs/promises";
import path from "node:path";
import { type BrowserWindow, safeStorage, shell } from "electron";
import type { PeopleNames } from "#core/activity/words.ts";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Address } from "#core/primitives/address.ts";
import { NO_NAMES } from "#core/watch/words.ts";
import type { Handlers } from "../processes/peer.ts";
import { createAccountSettings } from "../services/account-settings/account-settings.ts";
import { createActivity } from "../services/activity/activity.ts";
import { activityFile } from "../services/activity/file.ts";
import { signersInJournal } from "../services/activity/signers.ts";
import { apiKeysFile, createApiKeys } from "../services/api-keys/api-keys.ts";
import { openPasskeyPage } from "../services/browser/passkey-page.ts";
import { createSystemBrowser } from "../services/browser/system-browser.ts";
import { accountReader } from "../services/chain/account-reader.ts";
import { createChainClient } from "../services/chain/client.ts";
import { createRelay } from "../services/chain/relay.ts";
import { createContacts } from "../services/contacts/contacts.ts";
import { contactsFile } from "../services/contacts/file.ts";
import { createCreation } from "../services/creation/creation.ts";
import { createDevices } from "../services/devices/devices.ts";
import { deviceNames } from "../services/devices/names.ts";
import { createExitKits } from "../services/exit-kit/exit-kit.ts";
import { createNetworkKeys } from "../services/keys/network-keys.ts";
import { createReturnToNetwork } from "../services/keys/replacement.ts";
import { openJournal } from "../services/operations/journal.ts";
import { createOperations } from "../services/operations/operations.ts";
import { namedPeople } from "../services/people.ts";
import { profileFile } from "../services/profile.ts";
import { createFactors } from "../services/factors/factors.ts";
import { openFactorJournal } from "../services/factors/journal.ts";
import { createEmergency } from "../services/emergency/emergency.ts";
import { emergencyNotes } from "../services/emergency/notes.ts";
import { createFreeze } from "../services/freeze/freeze.ts";
import { createFriends } from "../services/friends/friends.ts";
import { friendNotes } from "../services/friends/notes.ts";
import { createGates } from "../services/gates/gates.ts";
import { gateNotes } from "../services/gates/notes.ts";
import { createProofs } from "../services/proofs/proofs.ts";
import { createRecords } from "../services/records/records.ts";
import { signedRecords } from "../services/records/signed-records.ts";
import { createSchedule } from "../services/schedule/schedule.ts";
import { createExplorerService } from "../services/security/explorer-service.ts";
import { createSecurity } from "../services/security/security.ts";
import { settingsService } from "../services/settings.ts";
import { createValue } from "../services/value/value.ts";
import { createWallet, type LockReason } from "../services/wallet.ts";
import { httpSources } from "../services/watcher/http-source.ts";
import { VAULT_METHODS, VAULT_NEEDS } from "../vault/protocol.ts";
import { remindOfChecks } from "./friend-checks.ts";
import { startJoining } from "./joining.ts";
import { startKeyNetwork } from "./key-network.ts";
import type { Log } from "./log.ts";
import { createNotify } from "./notifications.ts";
import { createWorker } from "./processes.ts";
import { profileKeeper } from "./profile-keeper.ts";
import { saveFile } from "./save-file.ts";
import type { Services } from "./services.ts";
import { sendEvent } from "./wallet/ipc.ts";
import { startWatch } from "./watch.ts";
import { createConfirmWindow } from "./windows/confirm-window.ts";

export interface ComposeOptions {
  readonly config: NetworkConfig;
  readonly directory: string;
  /** The folder of the built bundles. */
  readonly out: string;
  readonly window: () => BrowserWindow | undefined;
  readonly log: Log;
}

export interface Composed {
  readonly services: Services;
  readonly lock: (reason: LockReason) => void;
  readonly stop: () => void;
}

/** Puts the parts of the main process together. */
export async function compose({ config, directory, out, window, log }: ComposeOptions): Promise<Composed> {
  const onUnexpected = log.error;
  const confirmWindow = createConfirmWindow(path.join(out, "preload"));
  const settings = settingsService(
    directory,
    (changed) => {
      sendEvent(window(), "settings", changed);
    },
    onUnexpected,
  );

  const needs: Handlers<typeof VAULT_NEEDS> = {
    protect: async ({ secret }) => ({
      protected: (await safeStorage.encryptStringAsync(secret)).toString("base64"),
    }),
    unprotect: async ({ protected: sealed }) => {
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed, "base64"));
      return { secret: result };
    },
    confirm: async ({ view }) => ({
      approved: await confirmWindow.ask({ ...view, theme: (await settings.get()).theme }),
    }),
    takeBack: ({ id }) => {
      confirmWindow.takeBack(id);
      return Promise.resolve(undefined);
    },
    passkey: async ({ purpose, options }) => ({
      answer: await browser.visit(await openPasskeyPage(purpose, options)),
    }),
    ledgerState: ({ state }) => {
      operations.ledgerState(state);
      sendEvent(window(), "ledger", state);
      return Promise.resolve(undefined);
    },
  };

  const vault = createWorker({
    name: "vault",
    entry: path.join(out, "vault", "index.js"),
    serves: VAULT_NEEDS,
    handlers: needs,
    calls: VAULT_METHODS,
    prepare: async (peer) => {
      await peer.call("start", { config, directory });
    },
    onCrash: () => {
      lock("session-ended");
    },
    onUnexpected,
  });

  const chain = createChainClient(config);
  const reader = accountReader(chain);
  const relay = createRelay(config.relayUrl);
  const file = profileFile(directory);
  const profile = profileKeeper(file);
  const { keyNetwork, ...network } = startKeyNetwork({ config, out, vault, onUnexpected });

  const shared = { chain, reader, relay, vault, keyNetwork, profile, onUnexpected };
  const creation = createCreation({
    ...shared,
    onChange: () => {
      void wallet.refresh().catch((cause: unknown) => {
        onUnexpected("refresh", cause);
      });
    },
  });
  const browser = createSystemBrowser({
    openExternal: (url) => shell.openExternal(url),
    startsAt: [config.authenticator.baseUrl],
  });
  const schedule = createSchedule({ ...shared, now: Date.now });
  const joining = startJoining({
    ...shared,
    schedule,
    directory,
    profileFile: file,
    operations: () => operations,
    isUnlocked: () => wallet.isUnlocked(),
    window,
    onPhase: () => wallet.refresh(),
    onDropped: () => (wallet.isUnlocked() ? wallet.lock("request") : wallet.refresh()),
  });
  const deviceCounts = async () => !(await joining.isOutside());
  const proofs = createProofs({ vault, profile, browser, deviceCounts, now: Date.now });
  const operations = createOperations({
    ...shared,
    proofs,
    browser,
    journal: openJournal(directory),
    now: Date.now,
    onChange: (view) => {
      sendEvent(window(), "operation", view);
      if (view.status === "done") {
        void wallet.refresh().catch((cause: unknown) => {
          onUnexpected("refresh", cause);
        });
      }
    },
  });
  const wallet = createWallet({
    profile: file,
    chainId: config.chain.id,
    vault,
    endVault: vault.end,
    reader,
    creation,
    joining,
    onChange: (state) => {
      sendEvent(window(), "state", state);
    },
    onLocked: () => {
      confirmWindow.dismiss();
      proofs.cancel();
      operations.locked();
      factors.locked();
      joining.locked();
      network.forget().catch((cause: unknown) => {
        onUnexpected("forget-session", cause);
      });
    },
    onUnexpected,
  });

  function lock(reason: LockReason): void {
    wallet.lock(reason).catch((cause: unknown) => {
      onUnexpected("lock", cause);
    });
  }

  const signed = signedRecords(directory);
  const records = createRecords({ ...shared, signed });
  const explorer = createExplorerService(path.join(out, "explorer", "index.js"));
  const value = createValue(chain, reader);
  const security = createSecurity({ ...shared, records, value, explorer, scripts: () => apiKeys.byId() });
  const factors = createFactors({
    ...shared,
    chainId: config.chain.id,
    records,
    proofs,
    browser,
    journal: openFactorJournal(directory),
    cents: async () => {
      const { account } = await profile.get();
      return account && (await value.read(account.address)).cents;
    },
    now: Date.now,
    onChange: (view) => {
      sendEvent(window(), "factorChange", view);
      if (view.status === "done") {
        void wallet.refresh().catch((cause: unknown) => {
          onUnexpected("refresh", cause);
        });
      }
    },
  });

  async function account(): Promise<Address> {
    const current = await file.read();
    if (!wallet.isUnlocked() || !current?.account) {
      throw new WalletError("locked", "The wallet is locked.", "Unlock it and try again.");
    }
    return current.account.address;
  }
  const contacts = createContacts({
    file: contactsFile(directory),
    paid: () => activity.paid(),
    now: Date.now,
  });
  /** Nobody who finds the wallet locked learns whom the person knows. */
  async function people(): Promise<PeopleNames> {
    if (!wallet.isUnlocked()) return NO_NAMES;
    const [known, { keys }] = await Promise.all([contacts.list(), profile.get()]);
    return namedPeople(known, keys);
  }
  const activity = createActivity({
    chainId: config.chain.id,
    contracts: config.contracts,
    sources: httpSources(config.chain.rpcUrls),
    tokens: reader.tokens,
    file: activityFile(directory),
    account,
    people,
    signers: () => signersInJournal(openJournal(directory)),
    now: Date.now,
    save: (name, content, format) => saveFile(window(), name, content, format),
  });
  const apiKeys = createApiKeys({
    file: apiKeysFile(directory),
    verifier: config.contracts.scriptVerifier,
    vault,
    save: (name, content, format) => saveFile(window(), name, content, format),
    now: Date.now,
  });

  await operations.load();
  // Without them the person's own changes are warned of, which is no reason not to start.
  await signed.load().catch((cause: unknown) => {
    onUnexpected("signed-records", cause);
  });
  const notify = createNotify(window);
  const watch = startWatch({
    config,
    directory,
    tokens: reader.tokens,
    people,
    profile: file,
    operations,
    signed,
    window,
    notify,
    onUnexpected,
  });
  await factors.load();
  const friends = createFriends({
    ...shared,
    operations,
    notes: friendNotes(directory),
    save: (name, content, format) => saveFile(window(), name, content, format),
    page: () => readFile(path.join(out, "friend-page", "index.html"), "utf8"),
    now: Date.now,
  });
  const friendChecks = remindOfChecks({ friends, profile: file, notify, onUnexpected });

  return {
    services: {
      chain,
      reader,
      vault,
      wallet,
      watch,
      operations,
      proofs,
      browser,
      factors,
      gates: createGates({ chain, records, proofs, notes: gateNotes(directory) }),
      returnToNetwork: createReturnToNetwork({
        ...shared,
        networkKeys: createNetworkKeys(shared),
        operations,
        now: Date.now,
      }),
      records,
      contacts,
      activity,
      apiKeys,
      accountSettings: createAccountSettings({ ...shared, entries: activity.entries, scripts: apiKeys.byId }),
      devices: createDevices({
        ...shared,
        names: deviceNames(directory),
        scripts: apiKeys.byId,
        now: Date.now,
      }),
      joining,
      emergency: createEmergency({ ...shared, notes: emergencyNotes(directory), now: Date.now }),
      freeze: createFreeze({ ...shared, now: Date.now }),
      friends,
      schedule,
      security,
      exitKits: createExitKits({
        ...shared,
        names: deviceNames(directory),
        template: () => readFile(path.join(out, "exit-kit", "index.html"), "utf8"),
        save: (name, content) => saveFile(window(), name, content, "html"),
        now: Date.now,
      }),
      settings,
      profile,
      confirmWindow,
      account,
    },
    lock,
    stop: () => {
      watch.stop();
      friendChecks.stop();
      joining.stop();
      vault.stop();
      network.stop();
      explorer.stop().catch((cause: unknown) => {
        onUnexpected("explorer", cause);
      });
    },
  };
}
