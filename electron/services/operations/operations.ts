import { randomUUID } from "node:crypto";
import { unexpectedError, WalletError } from "#core/errors/wallet-error.ts";
import { checkSignedAnswer } from "#core/friends/checks.ts";
import type { SignatureRequest, SignedAnswer } from "#core/friends/letters.ts";
import { type Key, keyId } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { nonceLane } from "#core/operations/nonce.ts";
import { type Operation, zOperation } from "#core/operations/operation.ts";
import { operationDigest, operationId } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { OperationId } from "#core/primitives/hex.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { SystemBrowser } from "../browser/system-browser.ts";
import { signersAskedBy } from "../chain/contracts-asked.ts";
import { findKey, withKey } from "../profile.ts";
import { readContractState } from "../security/contract-state.ts";
import { refuseLockOut } from "../security/lock-out.ts";
import { chooseWay, type Way, waysTo } from "./authority.ts";
import type { Draft, Intent, Standing } from "./intents/intent.ts";
import type { Journal, JournalEntry, Submitted } from "./journal.ts";
import { isAnswered, isDroppable, operationView, plan, type Runtime } from "./plan.ts";
import { missingProofs, type StepContext, STEPS } from "./steps.ts";

export interface OperationsOptions extends Omit<StepContext, "save" | "wallet" | "isDropped" | "waitFor"> {
  readonly journal: Journal;
  readonly onChange: (view: OperationView) => void;
  /** On a page in it a passkey signs; nobody waits for that any more once the operation is dropped. */
  readonly browser: Pick<SystemBrowser, "cancel">;
  /** Where an unforeseen error goes. */
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** What would be signed, and by whom, before anybody is asked to. */
export interface Review {
  readonly operation: Operation;
  /** The best first; never none. */
  readonly ways: readonly Way[];
  /** The account's contract is put on the chain first (once). */
  readonly deploysFirst: boolean;
}

/** The account's operations in flight: started, continued, dropped; resumed from the journal after a restart. */
export interface Operations {
  /** Loads what was in flight when the app ended; nothing runs until the person continues it. */
  readonly load: () => Promise<void>;
  readonly list: () => OperationView[];
  /** What this computer sent to the relay, by its id; also what ended before the last start. */
  readonly submitted: () => ReadonlyMap<OperationId, Submitted>;
  /** What would come of an intent; a WalletError says why nothing would. Nothing is kept. */
  readonly review: (intent: Intent) => Promise<Review>;
  /** Begins an operation and works on it until it needs the person. */
  readonly start: (intent: Intent) => Promise<OperationView>;
  /** Goes on with an operation that waits. */
  readonly continue: (id: string) => OperationView;
  /** Forgets an operation that cannot have reached the chain. */
  readonly drop: (id: string) => Promise<OperationView>;
  /** A wallet signs along on the Ledger, to prove who the person is; goes on with the operation. */
  readonly useWallet: (id: string, wallet: Address) => OperationView;
  /** What friends are asked to sign for an operation that waits for them. */
  readonly question: (id: string) => Pick<SignatureRequest, "role" | "operation" | "needed" | "keys">;
  /**
   * Takes a friend's answer to an operation that waits, whichever that is; it goes on by itself once enough have come.
   * @throws WalletError "letter-…", "answer-…", "contract-…" when it is not one that the account would take
   */
  readonly answer: (answer: SignedAnswer) => Promise<OperationView>;
  /** The person proved something: what waits for proofs may need fewer now. Nothing goes on by itself. */
  readonly lookAtProofs: () => Promise<void>;
  /** The wallet was locked: what ran waits until it is continued. */
  readonly locked: () => void;
  /** Passes the Ledger's state on to the operation that waits for it. */
  readonly ledgerState: (state: Extract<OperationView["needs"], { kind: "ledger" }>["state"]) => void;
}

const answerUnknown = () =>
  new WalletError(
    "answer-unknown",
    "Nothing waits for this answer: it is of an operation that is over, or of another account's.",
    "Look at the operation that waits, and ask your friend again from there.",
  );

export function createOperations(options: OperationsOptions): Operations {
  const { journal, vault, reader, profile, now, onChange, onUnexpected } = options;
  const entries = new Map<string, JournalEntry>();
  /** By their ids on the chain. */
  const submitted = new Map<OperationId, JournalEntry>();
  const runtimes = new Map<string, Runtime>();

  const { chain, contracts } = options.chain.config;
  const domain = { chainId: chain.id, implementation: contracts.implementation };
  const described = { tokens: reader.tokens, scriptVerifier: contracts.scriptVerifier };

  const idle = (): Runtime => ({ running: false, proved: false });
  const runtimeOf = (id: string): Runtime => runtimes.get(id) ?? idle();

  function entryOf(id: string): JournalEntry {
    const entry = entries.get(id);
    if (!entry) {
      throw new WalletError(
        "unknown-operation",
        "There is no such operation.",
        "Look at the list on the home screen.",
      );
    }
    return entry;
  }

  const viewOf = (entry: JournalEntry): OperationView => operationView(entry, runtimeOf(entry.id), described);

  function noteSubmitted(entry: JournalEntry): void {
    const id = operationId(entry.operation);
    if (entry.submittedAt !== undefined || entry.transactionHash !== undefined) submitted.set(id, entry);
    // The relay refused it after all; another entry may be of the same operation.
    else if (submitted.get(id)?.id === entry.id) submitted.delete(id);
  }

  let lastChange: Promise<unknown> = Promise.resolve();

  /**
   * Changes an entry, on disk first. One change at a time, each from what the one before left: a person may drop an
   * operation at the very moment at which a step keeps what it did. What has ended stays as it ended.
   */
  function change(id: string, to: (entry: JournalEntry) => JournalEntry): Promise<void> {
    const changed = lastChange.then(async () => {
      const old = entryOf(id);
      if (old.ended) return;
      const entry = to(old);
      await journal.save(entry);
      entries.set(id, entry);
      noteSubmitted(entry);
      onChange(viewOf(entry));
    });
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  const save = (entry: JournalEntry): Promise<void> => change(entry.id, () => entry);

  /** @returns the entry as it is once dropped */
  function droppedEntry(entry: JournalEntry): JournalEntry {
    if (!isDroppable(entry)) {
      throw new WalletError(
        "not-droppable",
        "This operation is on its way to the chain and can no longer be dropped.",
        "Continue it to see how it ends.",
      );
    }
    // What the chain has is done; only its trial signature is skipped.
    return { ...entry, ended: entry.settled ? "done" : "dropped" };
  }

  function setRuntime(id: string, change: Partial<Runtime>): void {
    runtimes.set(id, { ...runtimeOf(id), ...change });
    onChange(viewOf(entryOf(id)));
  }

  /** Runs steps until the operation is done, fails, or needs the person. */
  async function run(id: string): Promise<void> {
    for (;;) {
      const entry = entryOf(id);
      if (entry.ended) return;
      const step = plan(entry, runtimeOf(id)).find(({ done }) => !done);
      if (!step) {
        await save({ ...entry, ended: "done" });
        return;
      }
      try {
        const result = await STEPS[step.id](entry, {
          ...options,
          save,
          wallet: runtimeOf(id).wallet?.address,
          isDropped: () => entryOf(id).ended === "dropped",
          waitFor: (needs) => setRuntime(id, { needs }),
        });
        if ("needs" in result) {
          setRuntime(id, { needs: result.needs });
          return;
        }
        setRuntime(id, step.id === "prove" ? { needs: undefined, proved: true } : { needs: undefined });
        const { failure: _, ...clean } = result.entry;
        await save(clean);
      } catch (cause) {
        if (!(cause instanceof WalletError)) onUnexpected(step.id, cause);
        const error = unexpectedError(cause).toJSON();
        const { wallet } = runtimeOf(id);
        // Whoever cannot sign with the wallet after all shall choose again how to prove who they are.
        const keepsWallet = error.code !== "rejected" && !error.code.startsWith("ledger-");
        runtimes.set(id, { ...runtimeOf(id), needs: undefined, wallet: keepsWallet ? wallet : undefined });
        await change(id, (failed) => {
          // A step may have taken back what one before it did: that one is to be done again, and says why.
          const at = plan(failed, runtimeOf(id)).find(({ done }) => !done) ?? step;
          return { ...failed, failure: { step: at.id, error } };
        });
        return;
      }
    }
  }

  function begin(id: string): OperationView {
    if (runtimeOf(id).running) return viewOf(entryOf(id));
    const { needs } = runtimeOf(id);
    // What was proved may have grown too old since; only that step itself can tell.
    setRuntime(id, { running: true, needs: needs?.kind === "proofs" ? needs : undefined, proved: false });
    void run(id)
      .catch((cause: unknown) => onUnexpected("journal", cause))
      .finally(() => {
        if (entries.has(id)) setRuntime(id, { running: false });
      });
    return viewOf(entryOf(id));
  }

  async function lookAtProofs(): Promise<void> {
    for (const [id, { needs, wallet }] of runtimes) {
      const entry = entryOf(id);
      if (needs?.kind !== "proofs" || entry.ended) continue;
      const need = await missingProofs(entry, { proofs: options.proofs, wallet: wallet?.address });
      // One that was continued meanwhile looks for itself.
      if (!runtimeOf(id).running) setRuntime(id, { needs: need && { kind: "proofs", need } });
    }
  }

  /** The first nonce lane that no operation in flight uses; lane 0 costs least gas. */
  async function freeNonce(account: Address): Promise<bigint> {
    const taken = new Set(
      [...entries.values()]
        .filter((entry) => !entry.ended && !entry.settled)
        .map(({ operation }) => nonceLane(operation.nonce)),
    );
    let lane = 0n;
    while (taken.has(lane)) lane += 1n;
    return reader.nextNonce(account, lane);
  }

  async function standing(): Promise<Standing> {
    const { account, keys } = await profile.get();
    if (!account) throw new Error("the account is not complete");
    const contract = await readContractState(options.chain, account);
    return { account: account.address, keys, contract, reader };
  }

  /** Makes an operation of what a person wants, and finds out who can bring it about. */
  async function look(intent: Intent): Promise<Review & { readonly draft: Draft }> {
    const now = await standing();
    const draft = await intent(now);
    const ways = await waysTo(draft.operation, now);
    refuseLockOut(draft, now);
    const { account } = now;
    const [nonce, deployed] = await Promise.all([freeNonce(account), reader.isDeployed(account)]);
    const operation = zOperation.parse({ ...draft.operation, account, nonce });
    return { draft, operation, ways, deploysFirst: !deployed };
  }

  async function enter(intent: Intent): Promise<JournalEntry> {
    const { draft, operation, ways, deploysFirst } = await look(intent);
    const { signers, asked, effect, seconds } = chooseWay(ways, draft.signedBy);
    const { oldHolder, newHolder } = draft;
    const entry: JournalEntry = {
      version: 1,
      id: randomUUID(),
      createdAt: now(),
      operation,
      signers: [...signers],
      asked: asked.map((each) => ({ ...each, keys: [...each.keys] })),
      effect,
      seconds,
      ...(oldHolder && { oldHolder }),
      ...(newHolder && { newHolder }),
      deploysFirst,
      deployed: !deploysFirst,
      signatures: [],
      settled: false,
      tried: false,
      notes: {},
    };
    if (signers.some(({ held }) => held.holder === "ledger")) {
      const ledgerDigest = await vault.call("ledgerDigest", { operation });
      runtimes.set(entry.id, { ...idle(), ledgerDigest });
    }
    // Kept first, shown as running from the start.
    await journal.save(entry);
    entries.set(entry.id, entry);
    return entry;
  }

  let lastEntered: Promise<unknown> = Promise.resolve();

  async function start(intent: Intent): Promise<OperationView> {
    // One after the other: each takes a place in the account's order that none before it has.
    const entered = lastEntered.then(() => enter(intent));
    lastEntered = entered.catch(() => undefined);
    return begin((await entered).id);
  }

  /** A key that this computer did not know: whoever answered with it is a friend of whom nothing else is known. */
  async function remember(role: ReplaceableRole, key: Key): Promise<void> {
    if (findKey((await profile.get()).keys, keyId(key))) return;
    const held = { key, holder: "friend", detail: "A friend" } as const;
    await profile.update((old) => ({ ...old, keys: withKey(old.keys, role, held) }));
  }

  async function answer(letter: SignedAnswer): Promise<OperationView> {
    const waiting = [...entries.values()].find(
      ({ ended, operation, asked }) =>
        !ended && asked.length > 0 && operationId(operation).toLowerCase() === letter.operation,
    );
    if (!waiting) throw answerUnknown();
    const { id, operation, asked } = waiting;
    const all = asked.flatMap(({ role, keys }) => keys.map((one) => ({ role, id: one.id })));
    const { key, signer, form, signature } = await checkSignedAnswer(
      letter,
      operation,
      domain,
      all.map((one) => one.id),
      signersAskedBy(operation.account, options.chain),
    );
    const { role } = all.find((one) => one.id === keyId(key)) ?? {};
    if (!role) throw answerUnknown();
    await change(id, (entry) => {
      // The newer of two answers: a contract may have stopped counting the older one.
      const others = entry.signatures.filter((known) => keyId(known.key) !== keyId(key));
      const isNew = others.length === entry.signatures.length;
      // One more than the account needs would only cost.
      if (isNew && isAnswered(entry)) return entry;
      const { ask: _, ...notes } = entry.notes;
      return { ...entry, notes, signatures: [...others, { role, key, signer, form, signature }] };
    });
    await remember(role, key);
    const next = plan(entryOf(id), runtimeOf(id)).find(({ done }) => !done);
    return next?.id === "submit" && isAnswered(entryOf(id)) ? begin(id) : viewOf(entryOf(id));
  }

  return {
    async load() {
      for (const entry of await journal.list()) {
        if (!entry.ended) entries.set(entry.id, entry);
        noteSubmitted(entry);
      }
    },
    submitted: () => submitted,
    list: () => [...entries.values()].sort((a, b) => b.createdAt - a.createdAt).map(viewOf),
    async review(intent) {
      const { operation, ways, deploysFirst } = await look(intent);
      return { operation, ways, deploysFirst };
    },
    start,
    continue(id) {
      const view = begin(id);
      // What the person proved for this one may be what others wait for, too.
      lookAtProofs().catch((cause: unknown) => onUnexpected("look-at-proofs", cause));
      return view;
    },
    async drop(id) {
      const { running, needs } = runtimeOf(id);
      droppedEntry(entryOf(id));
      await change(id, droppedEntry);
      // Only now: what is still at work must find the operation dropped.
      await vault.call("forgetApproval", { operation: entryOf(id).operation });
      // One visit of the browser at a time: another one may be somebody else's.
      if (needs?.kind === "passkey") options.browser.cancel();
      else if (running) await vault.call("ledgerCancel", undefined);
      return viewOf(entryOf(id));
    },
    useWallet(id, address) {
      const { operation } = entryOf(id);
      const digest = operationDigest(operation, "compact", domain);
      setRuntime(id, { wallet: { address, digest } });
      return begin(id);
    },
    question(id) {
      const { operation, asked } = entryOf(id);
      const [first] = asked;
      if (!first) {
        throw new WalletError(
          "nobody-asked",
          "This operation waits for nobody else's signature.",
          "Look at the operation to see what it waits for.",
        );
      }
      const held = asked.flatMap(({ keys }) => keys.flatMap((one) => one.held?.key ?? []));
      return {
        role: first.role,
        operation,
        needed: asked.reduce((sum, { needed }) => sum + needed, 0),
        keys: held.map(({ signer, salt }) => ({ signer: toAddress(signer), salt })),
      };
    },
    answer,
    lookAtProofs,
    locked() {
      for (const [id, runtime] of runtimes) {
        if (entries.has(id))
          setRuntime(id, { ...runtime, needs: undefined, wallet: undefined, proved: false });
      }
    },
    ledgerState(state) {
      for (const [id, runtime] of runtimes) {
        if (runtime.running && runtime.needs?.kind === "ledger")
          setRuntime(id, { needs: { kind: "ledger", state } });
      }
    },
  };
}
