import { mkdir } from "node:fs/promises";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { acceptRoleTypedData, compactTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import type { Handlers, Peer } from "../processes/peer.ts";
import { AuthenticatorClient } from "./authenticator/client.ts";
import { createEnrolment } from "./enrolment/enrolment.ts";
import { createVaultFriends } from "./friends/friends.ts";
import { createVaultJoining } from "./joining/joining.ts";
import { createApiKey } from "./keyring/api-key.ts";
import { Keyring } from "./keyring/keyring.ts";
import { knownPaths } from "./ledger/known-paths.ts";
import { createLedger, type Ledger } from "./ledger/ledger.ts";
import { createVaultPasskeys } from "./passkeys/passkeys.ts";
import type { VAULT_METHODS, VAULT_NEEDS } from "./protocol.ts";
import { createSessionProofs } from "./session/proofs/session-proofs.ts";
import { PersonSession } from "./session/session.ts";
import { Approvals } from "./signing/approvals.ts";
import { authorizeDigest, signNetworkSession } from "./signing/authorize.ts";
import { authorizeFirstRecord, authorizeRecordChange } from "./signing/authorize-record.ts";
import { ledgerTypedData, signingDomain } from "./signing/confirm-view.ts";

interface Started {
  readonly config: NetworkConfig;
  readonly session: PersonSession;
  readonly keyring: Keyring;
  readonly approvals: Approvals;
  readonly ledger: Ledger;
}

export interface VaultOptions {
  /** What the vault asks of main. */
  readonly main: Pick<Peer<typeof VAULT_NEEDS>, "call">;
  /** Where an error goes that must not stop what it happened in. */
  readonly onUnexpected: (where: string, cause: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The vault's methods. Only this process holds the device key and the session's token and speaks to a Ledger; it takes
 * structured operations, computes their digests itself, and signs only what the person approved.
 */
export function createVault({
  main,
  onUnexpected,
  now = Date.now,
}: VaultOptions): Handlers<typeof VAULT_METHODS> {
  let started: Started | undefined;

  function vault(): Started {
    if (!started)
      throw new WalletError("not-started", "The vault is not ready yet.", "Try again in a moment.");
    return started;
  }

  const { forget: forgetEnrolment, ...enrolment } = createEnrolment(() => vault().session);
  const { forget: forgetProofs, ...proofs } = createSessionProofs(() => vault().session);

  const { sign: signWithPasskey, ...passkeys } = createVaultPasskeys(vault, main);

  return {
    ...enrolment,
    ...proofs,
    ...createVaultFriends(vault, now),
    ...createVaultJoining(vault),
    ...passkeys,

    async start({ config, directory }) {
      if (started) throw new Error("the vault was started twice");
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const { baseUrl, publicToken } = config.authenticator;
      const session = new PersonSession(new AuthenticatorClient({ baseUrl, publicToken, now }));
      const keyring = await Keyring.load(
        directory,
        {
          protect: async (secret) => (await main.call("protect", { secret })).protected,
          unprotect: async (sealed) => (await main.call("unprotect", { protected: sealed })).secret,
        },
        session,
      );
      const approvals = new Approvals({
        config,
        ask: async (view) => (await main.call("confirm", { view })).approved,
        takeBack: (id) => {
          main.call("takeBack", { id }).catch((cause: unknown) => {
            onUnexpected("take-back", cause);
          });
        },
        now,
      });
      const ledger = createLedger({
        config: config.ledger,
        paths: knownPaths(directory, (cause) => onUnexpected("ledger-paths", cause)),
        onState: (state) => {
          main.call("ledgerState", { state }).catch((cause: unknown) => {
            onUnexpected("ledger-state", cause);
          });
        },
      });
      started = { config, session, keyring, approvals, ledger };
      return { device: keyring.address };
    },

    sendCode: ({ email }) => vault().session.sendCode(email),

    async verifyCode({ code }) {
      const { session, keyring } = vault();
      const { userId, email } = await session.verifyCode(code);
      await keyring.unlock();
      return { userId, email, device: keyring.address };
    },

    hasUnlockCode: () => Promise.resolve(vault().keyring.hasUnlockCode),

    async unlockByCode({ code }) {
      const { session, keyring } = vault();
      await keyring.unlockByCode(code);
      if (session.isOpen) {
        try {
          await keyring.mendSessionHalf();
        } catch (cause) {
          // The key is open; the next unlock by code tries again.
          onUnexpected("mend-session-half", cause);
        }
      }
      return undefined;
    },

    createUnlockCode: async () => ({ code: await vault().keyring.createUnlockCode() }),

    async removeUnlockCode() {
      await vault().keyring.removeUnlockCode();
      return undefined;
    },

    async createDeviceKey() {
      return { device: await vault().keyring.create() };
    },

    createApiKey({ password }) {
      // Only while somebody is there: what is locked makes no keys.
      return vault().keyring.device.withBytes(() => createApiKey(password));
    },

    async lock() {
      const { session, keyring, approvals, ledger } = vault();
      keyring.lock();
      approvals.clear();
      forgetEnrolment();
      forgetProofs();
      ledger.cancel();
      try {
        await session.end();
      } catch (cause) {
        // Forgotten here already; unreachable, the authenticator ends it by itself in time.
        onUnexpected("end-session", cause);
      }
      return undefined;
    },

    factors: () => Promise.resolve(vault().session.factors()),

    forgetApproval({ operation }) {
      vault().approvals.forget(operation);
      return Promise.resolve(undefined);
    },

    async signWithDevice(asked) {
      const { keyring, approvals, config } = vault();
      const { device } = keyring;
      await approvals.require(asked);
      const typedData = compactTypedData(asked.operation, signingDomain(config));
      return { signature: device.sign(typedDataDigest(typedData)) };
    },

    async signWithLedger({ signer, ...asked }) {
      const { approvals, config, ledger } = vault();
      const { operation } = asked;
      await approvals.require(asked);
      return { signature: await ledger.sign(ledgerTypedData(operation, config), signer) };
    },

    async signWithPasskey({ passkey, ...asked }) {
      const digest = await vault().approvals.require(asked);
      return { signature: await signWithPasskey(digest, passkey) };
    },

    async approve({ wallet, ...asked }) {
      await vault().approvals.require(asked, wallet);
      return undefined;
    },

    async authorizeOperation({ wallet, ...asked }) {
      const { approvals, ...options } = vault();
      const digest = await approvals.require(asked, wallet);
      return authorizeDigest(digest, { ...options, now }, wallet);
    },

    authorizeFirstRecord: (record) => authorizeFirstRecord(record, { ...vault(), now }),

    authorizeRecordChange: (change) => authorizeRecordChange(change, { ...vault(), now }),

    signNetworkSession: (grant) =>
      Promise.resolve({ signature: signNetworkSession(grant, { ...vault(), now }) }),

    ledgerCheck: async ({ path }) => ({ devices: await vault().ledger.check(path) }),

    ledgerAccounts: ({ device, paths }) => vault().ledger.accounts(device, paths),

    async ledgerVerifyAddress({ address, path }) {
      await vault().ledger.verifyAddress(address, path);
      return undefined;
    },

    async ledgerAcceptRole({ role, signer, account }) {
      const { config, ledger } = vault();
      const typedData = acceptRoleTypedData(signingDomain(config), role, signer, account);
      return { signature: await ledger.sign(typedData, signer) };
    },

    ledgerCancel() {
      vault().ledger.cancel();
      return Promise.resolve(undefined);
    },

    ledgerDigest({ operation }) {
      const { config } = vault();
      return Promise.resolve(typedDataDigest(ledgerTypedData(operation, config)));
    },
  };
}
