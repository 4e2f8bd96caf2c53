import { unexpectedError, WalletError, type WalletErrorData } from "#core/errors/wallet-error.ts";
import { parseAccountText } from "#core/joining/account-text.ts";
import { deviceCode } from "#core/joining/device-code.ts";
import { joinRequestText, REQUEST_LIFETIME } from "#core/joining/request.ts";
import { addressOfKey, keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { JoiningView, OwnStanding } from "#core/wallet-api/joining.ts";
import type { Scheduled } from "#core/wallet-api/schedule.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { readKeyStanding } from "../chain/key-standing.ts";
import { ownDeviceKey, type ProfileFile, type ProfileStore, withKey } from "../profile.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type ContractState, readContractState } from "../security/contract-state.ts";
import type { VaultClient } from "../vault.ts";
import type { JoiningContent, JoiningFile } from "./file.ts";
import { findAccount } from "./find-account.ts";
import { addLedgerKey, addNetworkKeys, addPasskeyKey } from "./keys-here.ts";

export interface JoiningOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly vault: VaultClient;
  readonly schedule: Pick<Schedule, "list">;
  readonly profile: ProfileStore;
  readonly profileFile: ProfileFile;
  readonly file: JoiningFile;
  /** What this computer calls itself. */
  readonly name: string;
  readonly isUnlocked: () => boolean;
  /** Asks the person where to save a text; resolves to the chosen file's name, or to nothing. */
  readonly save: (suggestedName: string, text: string) => Promise<string | undefined>;
  /** Forgets operations that were begun for the account; a WalletError when one may be on its way to the chain. */
  readonly dropOperations: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The view may be another now. */
  readonly onChange: () => void;
  /** Whether this computer joins an account is another now. */
  readonly onPhase: () => Promise<void>;
  /** It gave up: whoever signed in is to be signed out. */
  readonly onDropped: () => Promise<void>;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** How this computer comes to an account that is there already. What was done is kept, so it goes on after any end. */
export interface Joining {
  /** The account that this computer is joining; undefined when it is joining none. */
  readonly account: () => Promise<Address | undefined>;
  /** @throws WalletError when the text names no account, or there is none */
  readonly begin: (text: string) => Promise<Address>;
  /**
   * A computer that was removed asks to be let in again.
   * @throws WalletError "device-on-account" while the account has its key
   */
  readonly again: () => Promise<void>;
  /** Gets the device key ready, and what can be known of the account; goes on where it stopped. */
  readonly run: () => Promise<void>;
  readonly view: () => Promise<JoiningView>;
  /** Whether this computer's device key is no active one of the account, as far as that is known. */
  readonly isOutside: () => Promise<boolean>;
  readonly saveRequest: () => Promise<{ savedAs?: string | undefined }>;
  /** @throws WalletError "passkey-…" when it is none of the account's keys, or does not answer */
  readonly usePasskey: () => Promise<JoiningView>;
  readonly useLedger: (signer: Address, model: string | undefined) => Promise<JoiningView>;
  readonly drop: () => Promise<void>;
  /** Looks at the chain; once the device key is an active one, this computer has joined. */
  readonly look: () => Promise<void>;
  /** The wallet was locked. */
  readonly locked: () => void;
}

const TEXT_PROBLEM = {
  "not-an-address": ["This does not say which account.", "Give its address, a link to it, or its exit kit."],
  "wrong-checksum": [
    "A character of this address is wrong.",
    "Copy it anew, or compare it with the other computer.",
  ],
  zero: ["The zero address is nobody's account.", "Give the address of your account."],
  "kit-damaged": [
    "This exit kit is damaged, or was changed.",
    "Use another copy of it, or the account's address.",
  ],
} as const;

const notJoining = () =>
  new WalletError(
    "not-joining",
    "This computer is not joining an account.",
    "Begin with the account's address.",
  );

const alreadyHere = () =>
  new WalletError(
    "account-here",
    "There is an account on this computer already.",
    "One Trivet profile holds one account. Use another user account of this computer for the other.",
  );

const knownToAccount = () =>
  new WalletError(
    "device-on-account",
    "The account knows this computer's device key already, so it cannot simply be given up.",
    "Wait until it is active, or have another computer reject it. Then give up here.",
  );

const stillOnAccount = () =>
  new WalletError(
    "device-on-account",
    "The account still has this computer's key.",
    "Where it has expired, have another computer remove it first.",
  );

const notThisLedger = () =>
  new WalletError(
    "ledger-not-of-account",
    "The account has no MFA or recovery key with this Ledger's address.",
    "Connect the Ledger that you chose for this account, and the same account on it. Nothing was changed.",
  );

const notThisPasskey = () =>
  new WalletError(
    "passkey-not-of-account",
    "This passkey holds none of the account's keys.",
    "Choose the one with the name that you gave it when it took the key. Nothing was changed.",
  );

export function createJoining(options: JoiningOptions): Joining {
  const { chain, reader, vault, profile, profileFile, file, name, now, onChange, onUnexpected } = options;
  const { id: chainId } = chain.config.chain;
  let running: Promise<void> | undefined;
  let failure: WalletErrorData | undefined;
  let request: { readonly text: string; readonly until: number } | undefined;
  let network: NonNullable<JoiningView["recovery"]>["network"] = "none";

  async function content(): Promise<JoiningContent> {
    const found = await file.read();
    if (!found) throw notJoining();
    return found;
  }

  /** The account's contract, as far as it is there. */
  const contractOf = ({ account, firstKeys }: JoiningContent): Promise<ContractState> =>
    readContractState(chain, { address: account, firstKeys });

  /** This computer's device key, once it is made. */
  async function ownKey() {
    const current = await profileFile.read();
    const held = current && ownDeviceKey(current.keys);
    const signer = held && addressOfKey(held.key);
    return held && signer ? { key: held.key, id: keyId(held.key), signer } : undefined;
  }

  async function prepare(): Promise<void> {
    const joined = await content();
    const { account, firstKeys } = joined;
    const current = await profile.get();
    if (!current.account)
      await profile.update((old) => ({ ...old, account: { address: account, firstKeys } }));
    if (!ownDeviceKey(current.keys)) {
      const { device } = await vault.call("createDeviceKey", undefined);
      const held = { key: keyOfAddress(device), holder: "this-computer", detail: "This computer" } as const;
      await profile.update((old) => ({ ...old, keys: withKey(old.keys, "device", held) }));
      onChange();
    }
    network = await addNetworkKeys({ chain, reader, vault, profile }, account, await contractOf(joined));
  }

  async function run(): Promise<void> {
    running ??= prepare()
      .then(() => {
        failure = undefined;
      })
      .catch((cause: unknown) => {
        const error = unexpectedError(cause);
        if (error !== cause) onUnexpected("joining", cause);
        failure = error.toJSON();
      })
      .finally(() => {
        running = undefined;
        onChange();
      });
    onChange();
    return running;
  }

  /** The request that the old computer is shown: made once, made anew before it is too old. */
  async function currentRequest(account: Address) {
    const time = now();
    if (!request || request.until - time < (REQUEST_LIFETIME * 1000) / 2) {
      const until = Math.floor(time / 1000) + REQUEST_LIFETIME;
      const signed = await vault.call("signJoinRequest", { account, name, until });
      request = { text: joinRequestText(signed), until: until * 1000 };
    }
    return request;
  }

  let lastTurn: Promise<unknown> = Promise.resolve();

  /** One after the other: what is looked at here may just be ended there, and what has ended stays so. */
  function inTurn(act: () => Promise<void>): Promise<void> {
    const turn = lastTurn.then(act);
    // A failure is the caller's; the next turn comes all the same.
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  const end = () => inTurn(file.remove);

  const rememberPending = () =>
    inTurn(async () => {
      const joined = await file.read();
      if (joined && !joined.seenPending) await file.write({ ...joined, seenPending: true });
    });

  async function standingOf(joined: JoiningContent, id: KeyId): Promise<OwnStanding> {
    const { account, seenPending } = joined;
    const standing = (await reader.isDeployed(account))
      ? await readKeyStanding(chain, account, id)
      : undefined;
    if (standing && standing.state !== "active" && !seenPending) await rememberPending();
    switch (standing?.state) {
      case undefined:
      case "expired":
        return { state: "absent", rejected: seenPending };
      case "pending": {
        // The chain's clock is not this computer's: countdowns run by the latter.
        const left = (standing.activeFrom - standing.time) * 1000;
        return { state: "pending", until: now() + left, vetoProof: standing.vetoProof };
      }
      case "asleep":
      case "active":
        return { state: standing.state };
    }
  }

  /** What ends the freeze, if somebody asked for it: an older one may have lapsed, or sleep since another freeze. */
  async function unfreezing(): Promise<Scheduled | undefined> {
    const scheduled = await options.schedule.list();
    return scheduled.find(
      ({ summary, stage }) =>
        summary?.kind === "change" &&
        summary.change.kind === "unfreeze" &&
        (stage === "waiting" || stage === "due"),
    );
  }

  async function recoveryOf(joined: JoiningContent, own: KeyId) {
    const [contract, { keys }] = await Promise.all([contractOf(joined), profile.get()]);
    const coming = contract.frozen === "no" ? undefined : await unfreezing();
    const isActive = (id: string) => contract.keys.some((key) => key.id === id && key.active);
    return {
      delay: contract.recoveryDelay,
      frozen: contract.frozen,
      ...(coming && { unfreezing: coming }),
      otherDevices: contract.keys.filter(({ id, role, active }) => role === "device" && active && id !== own)
        .length,
      keys: contract.keys.filter(({ role, active }) => role === "recovery" && active).length,
      needed: Math.max(1, contract.thresholds.recovery),
      network,
      known: REPLACEABLE_ROLES.flatMap((role) =>
        keys[role].flatMap(({ key, holder, detail }) =>
          isActive(keyId(key)) ? [{ role, holder, detail, signer: key.signer }] : [],
        ),
      ),
      hints: joined.hints.flatMap(({ role, key, holder }) =>
        role !== "device" && isActive(keyId(key)) ? [{ role, signer: key.signer, holder }] : [],
      ),
    };
  }

  async function view(): Promise<JoiningView> {
    const joined = await content();
    const { account } = joined;
    const own = await ownKey();
    const isOpen = options.isUnlocked() && own !== undefined;
    const told = {
      account,
      preparing: running !== undefined,
      ...(own && {
        device: { id: own.id, signer: own.signer, code: deviceCode({ chainId, account, key: own.id }) },
      }),
      ...(isOpen && { request: await currentRequest(account) }),
    };
    try {
      const standing: OwnStanding = own
        ? await standingOf(joined, own.id)
        : { state: "absent", rejected: false };
      const recovery = own ? await recoveryOf(joined, own.id) : undefined;
      return { ...told, standing, ...(recovery && { recovery }), ...(failure && { error: failure }) };
    } catch (cause) {
      // Without the chain, what is known here is shown all the same.
      const error = unexpectedError(cause);
      if (error !== cause) onUnexpected("joining-view", cause);
      return { ...told, error: failure ?? error.toJSON() };
    }
  }

  async function look(): Promise<void> {
    const joined = await file.read();
    const own = joined && (await ownKey());
    if (!joined || !own) return;
    const { state } = await standingOf(joined, own.id);
    if (state === "active") {
      await end();
      request = undefined;
      await options.onPhase();
    } else if (options.isUnlocked()) onChange();
  }

  return {
    account: async () => (await file.read())?.account,
    async begin(text) {
      if (await profileFile.read()) throw alreadyHere();
      const meant = parseAccountText(text);
      if ("problem" in meant) {
        const [message, whatToDo] = TEXT_PROBLEM[meant.problem];
        throw new WalletError(meant.problem, message, whatToDo);
      }
      const firstKeys = await findAccount(chain, meant);
      const { account, kit } = meant;
      await file.write({
        version: 1,
        account,
        firstKeys,
        hints: (kit?.keys ?? []).map(({ role, key, holder }) => ({ role, key, holder })),
        seenPending: false,
      });
      await options.onPhase();
      return account;
    },
    async again() {
      const { account } = await profile.get();
      const own = await ownKey();
      if (!account || !own) throw notJoining();
      const { address, firstKeys } = account;
      if (!(await reader.isDeployed(address)) || (await reader.roleOfKey(address, own.id))) {
        throw stillOnAccount();
      }
      await file.write({ version: 1, account: address, firstKeys, hints: [], seenPending: false });
      await options.onPhase();
      void run();
    },
    run,
    view,
    async isOutside() {
      const joined = await file.read();
      const own = joined && (await ownKey());
      if (!joined || !own) return false;
      return (await standingOf(joined, own.id)).state !== "active";
    },
    async saveRequest() {
      const { account } = await content();
      const { text } = await currentRequest(account);
      return { savedAs: await options.save(`trivet-joining-request-${account.slice(2, 10)}.txt`, text) };
    },
    async useLedger(signer, model) {
      const joined = await content();
      const contract = await contractOf(joined);
      const isKey = await addLedgerKey(profile, contract, signer, model);
      // Where it holds no key, it may still be among the factors that the network asks for.
      const before = network;
      network = await addNetworkKeys({ chain, reader, vault, profile }, joined.account, contract, [signer]);
      if (!isKey && (network === before || network !== "ready")) throw notThisLedger();
      onChange();
      return view();
    },
    async usePasskey() {
      const contract = await contractOf(await content());
      const found = await vault.call("findPasskey", undefined);
      if (!(await addPasskeyKey(profile, contract, found))) throw notThisPasskey();
      onChange();
      return view();
    },
    async drop() {
      const joined = await content();
      const own = await ownKey();
      if (own && (await reader.roleOfKey(joined.account, own.id))) throw knownToAccount();
      await options.dropOperations();
      // In this order: whoever is killed in between is still joining, and finds the key or makes another.
      await profileFile.remove();
      await vault.call("putDeviceKeyAway", undefined);
      await end();
      request = undefined;
      failure = undefined;
      await options.onDropped();
    },
    look,
    locked() {
      request = undefined;
    },
  };
}
