import { randomUUID } from "node:crypto";
import { unexpectedError, WalletError, type WalletErrorData } from "#core/errors/wallet-error.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { LoginProvider } from "#core/security/login-providers.ts";
import { isSameFactor, type RecordFactor } from "#core/security/opened-record.ts";
import type {
  FactorChangeView,
  FactorsState,
  FactorWish,
  Outlook,
  Shortfall,
} from "#core/wallet-api/factors.ts";
import type { PendingCode } from "#core/wallet-api/state.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import { LOCAL_PASSKEY_DOMAIN, openPasskeyPage } from "../browser/passkey-page.ts";
import { awaitRedirect } from "../browser/redirect.ts";
import type { SystemBrowser } from "../browser/system-browser.ts";
import { networkKey, type Profile, type ProfileStore } from "../profile.ts";
import { didNotSign } from "../proofs/did-not-sign.ts";
import type { Proofs } from "../proofs/proofs.ts";
import type { Records } from "../records/records.ts";
import type { VaultClient } from "../vault.ts";
import { factorRows, findDifferences } from "./differences.ts";
import type { FactorEntry, FactorJournal } from "./journal.ts";
import { factorsAfter, outlookOn, refusalOf, shortfallAfter } from "./outlook.ts";
import { dropOf, nextStep, type Runtime, turnedAround, viewOf } from "./plan.ts";
import { readRecords } from "./records-now.ts";
import { FACTOR_STEP } from "./steps.ts";

export interface FactorsOptions {
  readonly chainId: number;
  readonly reader: AccountReader;
  readonly records: Records;
  readonly vault: VaultClient;
  readonly proofs: Pick<Proofs, "missing">;
  readonly profile: ProfileStore;
  readonly journal: FactorJournal;
  /** What the account is worth in US cents, where prices are known. */
  readonly cents: () => Promise<bigint | undefined>;
  readonly browser: SystemBrowser;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onChange: (view: FactorChangeView) => void;
  /** Where an unforeseen error goes. */
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** The person's factors: what is set up, where the authenticator and the registry differ, and one change at a time. */
export interface Factors {
  /** Loads the change that was in flight when the app ended; nothing runs until the person continues it. */
  readonly load: () => Promise<void>;
  readonly state: () => Promise<FactorsState>;
  /** The change in flight, or the one that ended last. */
  readonly current: () => FactorChangeView | undefined;
  readonly review: (
    wish: FactorWish,
  ) => Promise<{ before: Outlook; after: Outlook; shortfall?: Shortfall; refusal?: WalletErrorData }>;
  readonly start: (wish: FactorWish) => Promise<FactorChangeView>;
  /** @param wallet a wallet of the records that will sign the requests itself */
  readonly continue: (id: string, wallet?: Address) => FactorChangeView;
  readonly drop: (id: string) => Promise<FactorChangeView>;
  readonly sendCode: (id: string, address: string) => Promise<PendingCode>;
  readonly beginApp: (id: string) => Promise<{ secret: string; uri: string }>;
  readonly verifyCode: (
    id: string,
    code: string,
  ) => Promise<{ change: FactorChangeView; recoveryCodes: string[] }>;
  readonly passkey: (id: string, name?: string) => Promise<FactorChangeView>;
  readonly login: (id: string, provider: LoginProvider) => Promise<FactorChangeView>;
  readonly cancelBrowser: () => void;
  readonly password: (id: string, password: string) => Promise<FactorChangeView>;
  readonly wallet: (id: string, address: Address) => Promise<FactorChangeView>;
  readonly useRecoveryCode: (id: string, code: string) => Promise<FactorChangeView>;
  readonly recoveryCodes: (id: string) => Promise<{ codes: string[] }>;
  readonly keptCodes: (id: string) => Promise<FactorChangeView>;
  /** The wallet was locked: what ran waits until it is continued. */
  readonly locked: () => void;
}

const IDLE: Runtime = { running: false, proved: false };

const unknownChange = () =>
  new WalletError("unknown-change", "There is no such change.", "Look at your factors again.");
const oneAtATime = () =>
  new WalletError(
    "change-in-flight",
    "Another change of your factors is not finished yet.",
    "Finish it or drop it first: the registry takes one change at a time.",
  );
const notDroppable = () =>
  new WalletError(
    "not-droppable",
    "This change can only go on: dropping it now would leave you with less than before.",
    "Continue it to its end.",
  );
const notAsked = () =>
  new WalletError("not-asked", "This is not what the change waits for.", "Look at the change again.");

export function createFactors(options: FactorsOptions): Factors {
  const { vault, browser, profile, journal, now, onChange, onUnexpected } = options;
  let current: FactorEntry | undefined;
  let runtime = IDLE;
  let roles: readonly ReplaceableRole[] = [];
  let lastSave: Promise<unknown> = Promise.resolve();

  const rolesOf = ({ keys }: Profile) => REPLACEABLE_ROLES.filter((role) => networkKey(keys, role));

  function entryOf(id: string): FactorEntry {
    if (current?.id !== id) throw unknownChange();
    return current;
  }

  const view = (entry: FactorEntry): FactorChangeView => viewOf(entry, roles, runtime);

  /** On disk first; one after the other, each from what the one before left. What has ended stays as it ended. */
  function change(id: string, to: (entry: FactorEntry) => FactorEntry): Promise<void> {
    const saved = lastSave.then(async () => {
      const old = entryOf(id);
      if (old.ended) return;
      const wanted = to(old);
      const entry = wanted.ended ? { ...wanted, endedAt: now() } : wanted;
      await journal.save(entry);
      current = entry;
      onChange(view(entry));
    });
    lastSave = saved.catch(() => undefined);
    return saved;
  }

  function setRuntime(id: string, changes: Partial<Runtime>): void {
    runtime = { ...runtime, ...changes };
    onChange(view(entryOf(id)));
  }

  /** Runs steps until the change is done, fails, or needs the person. */
  async function run(id: string): Promise<void> {
    roles = rolesOf(await profile.get());
    for (;;) {
      const entry = entryOf(id);
      if (entry.ended) return;
      const step = nextStep(entry, roles, runtime);
      if (!step) {
        await change(id, (done) => ({ ...done, ended: "done" }));
        return;
      }
      try {
        const result = await FACTOR_STEP[step](entry, {
          ...options,
          wallet: runtime.wallet,
          waitFor: (needs) => {
            setRuntime(id, { needs });
          },
        });
        if ("needs" in result) {
          setRuntime(id, { needs: result.needs });
          return;
        }
        runtime = { ...runtime, needs: undefined, ...(result.proved && { proved: true }) };
        await change(id, () => {
          const { failure: _, ...clean } = result.entry;
          return clean;
        });
      } catch (cause) {
        if (!(cause instanceof WalletError)) onUnexpected(step, cause);
        runtime = { ...runtime, needs: undefined, ...(didNotSign(cause) && { wallet: undefined }) };
        const failure = { step, error: unexpectedError(cause).toJSON() };
        await change(id, (failed) => ({ ...failed, failure }));
        return;
      }
    }
  }

  function begin(id: string, wallet?: Address): FactorChangeView {
    const entry = entryOf(id);
    if (runtime.running || entry.ended) return view(entry);
    // What was proved may have grown too old since; only the step itself can tell.
    setRuntime(id, { running: true, proved: false, needs: undefined, ...(wallet && { wallet }) });
    void run(id)
      .catch((cause: unknown) => {
        onUnexpected("factor-journal", cause);
      })
      .finally(() => {
        if (current?.id === id) setRuntime(id, { running: false });
      });
    return view(entryOf(id));
  }

  /** The entry, if the change waits for its factor to be set up. */
  function settingUp(id: string, ...types: FactorEntry["type"][]): FactorEntry {
    const entry = entryOf(id);
    if (runtime.needs?.kind !== "set-up" || !types.includes(entry.type)) throw notAsked();
    return entry;
  }

  /** The authenticator has the factor: kept before anything else happens. */
  async function setUp(id: string, factorId: string, name?: string): Promise<FactorChangeView> {
    await change(id, (entry) => ({
      ...entry,
      added: { type: entry.type, id: factorId },
      ...(name !== undefined && { name }),
    }));
    return begin(id);
  }

  async function look() {
    const known = await vault.call("knownFactors", undefined);
    const records = await readRecords(options, known.person, known.factors);
    return { known, records };
  }

  async function reviewed(wish: FactorWish) {
    const { known, records } = await look();
    const factors = records.roles.flatMap((role) => records.opened[role]?.factors ?? []);
    const account = await profile.get();
    const before = outlookOn(account, factors);
    const after = outlookOn(account, factorsAfter(wish, factors));
    return { before, after, refusal: refusalOf(wish, after), known, opened: records.opened };
  }

  const nameIn = (known: { factors: readonly (RecordFactor & { name: string })[] }, factor?: RecordFactor) =>
    factor && known.factors.find((one) => isSameFactor(one, factor))?.name;

  return {
    async load() {
      current = (await journal.list()).find(({ ended }) => !ended);
      runtime = IDLE;
    },
    async state() {
      roles = rolesOf(await profile.get());
      const [{ known, records }, entries] = await Promise.all([look(), journal.list()]);
      const since = (factor: RecordFactor) =>
        entries.find(({ added, ended }) => ended === "done" && added && isSameFactor(added, factor))?.endedAt;
      const rows = factorRows(known, records, since);
      const inFlight = current && !current.ended ? current : undefined;
      return {
        roles: [...records.roles],
        factors: rows,
        // A change in flight explains the difference that it makes.
        differences: inFlight ? [] : findDifferences(rows, records),
        unreadable: records.roles.filter((role) => !records.opened[role]),
        ...(inFlight && { change: view(inFlight) }),
      };
    },
    current: () => current && view(current),
    async review(wish) {
      const { before, after, refusal, opened } = await reviewed(wish);
      const shortfall = shortfallAfter(wish, opened, await options.cents());
      return {
        before: before.outlook,
        after: after.outlook,
        ...(shortfall && { shortfall }),
        ...(refusal && { refusal: refusal.toJSON() }),
      };
    },
    async start(wish) {
      if (current && !current.ended) throw oneAtATime();
      const { known, refusal } = await reviewed(wish);
      if (refusal) throw refusal;
      if (current && !current.ended) throw oneAtATime();
      const { kind, type, old, existing } = wish;
      const name = nameIn(known, existing ?? (kind === "remove" ? old : undefined));
      const entry: FactorEntry = {
        version: 1,
        id: randomUUID(),
        createdAt: now(),
        kind,
        type,
        ...(old && { old }),
        ...(existing && { added: existing }),
        // Its owner is to be sent codes there from then on.
        ...(existing && type === "email" && name !== undefined && { address: name }),
        ownSetUp: kind !== "remove" && !existing,
        ...(name !== undefined && name !== "" && { name }),
        released: false,
        codesKept: false,
        written: [],
      };
      roles = rolesOf(await profile.get());
      await journal.save(entry);
      current = entry;
      runtime = IDLE;
      return begin(entry.id);
    },
    continue: begin,
    async drop(id) {
      const entry = entryOf(id);
      if (runtime.running) throw notDroppable();
      switch (dropOf(entry, roles)) {
        case "nothing-done":
          await change(id, (old) => ({ ...old, ended: "dropped" }));
          return view(entryOf(id));
        case "leave-rest":
          await change(id, (old) => ({ ...old, ended: "done" }));
          return view(entryOf(id));
        case "turn-around":
          await change(id, turnedAround);
          return begin(id);
        case undefined:
          throw notDroppable();
      }
    },

    async sendCode(id, address) {
      const { type } = settingUp(id, "email", "sms");
      const channel = type === "email" ? "email" : "sms";
      const code = await vault.call("enrolSendCode", { channel, address });
      await change(id, (entry) => ({ ...entry, address: code.sentTo }));
      return code;
    },
    async beginApp(id) {
      settingUp(id, "totp");
      const { id: begun, ...shown } = await vault.call("enrolApp", undefined);
      await change(id, (entry) => ({ ...entry, begun }));
      return shown;
    },
    async verifyCode(id, code) {
      const { type, address } = settingUp(id, "email", "sms", "totp");
      if (type !== "totp") {
        const enrolled = await vault.call("enrolVerifyCode", { code });
        return { change: await setUp(id, enrolled.id, address), recoveryCodes: [] };
      }
      const { id: factorId, recoveryCodes } = await vault.call("enrolAppVerify", { code });
      return { change: await setUp(id, factorId), recoveryCodes };
    },
    async passkey(id, name) {
      settingUp(id, "passkey");
      const { options: asked } = await vault.call("enrolPasskey", { domain: LOCAL_PASSKEY_DOMAIN });
      const credential = await browser.visit(await openPasskeyPage("create", asked));
      const named = name === "" ? undefined : name;
      const enrolled = await vault.call("enrolPasskeyFinish", {
        credential,
        ...(named !== undefined && { name: named }),
      });
      return setUp(id, enrolled.id, named);
    },
    async login(id, provider) {
      settingUp(id, "oauth");
      const visit = await awaitRedirect();
      const { url } = await vault
        .call("enrolLogin", { provider, redirectUrl: visit.url })
        .catch((cause: unknown) => {
          visit.close();
          throw cause;
        });
      const redirect = await browser.visit(visit, url);
      const enrolled = await vault.call("enrolLoginFinish", { redirect: redirect.href });
      return setUp(id, enrolled.id);
    },
    cancelBrowser() {
      browser.cancel();
    },
    async password(id, password) {
      settingUp(id, "password");
      const enrolled = await vault.call("enrolPassword", { password });
      return setUp(id, enrolled.id);
    },
    wallet(id, address) {
      settingUp(id, "wallet");
      return setUp(id, address.toLowerCase(), address);
    },
    async useRecoveryCode(id, code) {
      entryOf(id);
      await vault.call("useRecoveryCode", { code });
      return begin(id);
    },
    async recoveryCodes(id) {
      entryOf(id);
      if (runtime.needs?.kind !== "recovery-codes") throw notAsked();
      return vault.call("recoveryCodes", undefined);
    },
    async keptCodes(id) {
      await change(id, (entry) => ({ ...entry, codesKept: true }));
      return begin(id);
    },
    locked() {
      browser.cancel();
      runtime = { ...runtime, needs: undefined, proved: false, wallet: undefined };
      if (current && !current.ended) onChange(view(current));
    },
  };
}
