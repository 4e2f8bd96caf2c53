import { addressOfKey, keyId } from "#core/keys/key.ts";
import type { Role } from "#core/keys/role.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type {
  AskedFriend,
  OperationStep,
  OperationStepId,
  OperationView,
} from "#core/wallet-api/operation-view.ts";
import type { Holder } from "#core/wallet-api/state.ts";
import { askedHolder } from "./authority.ts";
import type { JournalEntry } from "./journal.ts";
import { type Described, operationSummary } from "./summary.ts";

/** What is known of an operation only while the app runs. */
export interface Runtime {
  running: boolean;
  /** What the person proved was found to suffice for the gate. */
  proved: boolean;
  /** The wallet that signs along to prove who the person is. */
  wallet?: OperationView["wallet"] | undefined;
  needs?: OperationView["needs"];
  ledgerDigest?: OperationView["ledgerDigest"];
}

type Signer = JournalEntry["signers"][number];

/** Whether a key signed. */
const hasSigned = (entry: JournalEntry, id: KeyId) => entry.signatures.some(({ key }) => keyId(key) === id);
const signed = (entry: JournalEntry, { held }: Signer) => hasSigned(entry, keyId(held.key));

/** The signers on this computer besides the device key, or in its place. */
const cosigners = (entry: JournalEntry): Signer[] => entry.signers.filter(({ role }) => role !== "device");

/** The next of them who has to sign; the last one when all did, and undefined where there is none. */
export function cosigner(entry: JournalEntry): Signer | undefined {
  const all = cosigners(entry);
  return all.find((one) => !signed(entry, one)) ?? all.at(-1);
}

/** How many signatures of other people are still missing for a role. */
const missingOf = (entry: JournalEntry, { needed, keys }: JournalEntry["asked"][number]): number =>
  Math.max(0, needed - keys.filter(({ id }) => hasSigned(entry, id)).length);

/** Whether everybody who is needed has answered. */
export const isAnswered = (entry: JournalEntry): boolean =>
  entry.asked.every((asked) => missingOf(entry, asked) === 0);

/** Whom an operation waits for. */
export const waitsFor = (entry: JournalEntry): Extract<OperationView["needs"], { kind: "friends" }> => ({
  kind: "friends",
  missing: entry.asked.reduce((sum, asked) => sum + missingOf(entry, asked), 0),
  friends: entry.asked.flatMap(({ role, keys }) =>
    keys.map(({ id, held }): AskedFriend => {
      const signer = held && addressOfKey(held.key);
      return {
        role,
        id,
        holder: held?.holder === "safe" ? "safe" : "friend",
        ...(held && { name: held.detail }),
        ...(signer && { signer }),
        answered: hasSigned(entry, id),
      };
    }),
  ),
});

/** The device key, where it signs. */
export const deviceSigner = (entry: JournalEntry): Signer | undefined =>
  entry.signers.find(({ role }) => role === "device");

interface PlannedStep {
  readonly id: OperationStepId;
  readonly holder?: Holder;
  /** The key that signs in this step. */
  readonly role?: Role;
  readonly done: boolean;
}

/** The steps of an operation in their order, and which of them are done. */
export function plan(entry: JournalEntry, { proved }: Pick<Runtime, "proved">): PlannedStep[] {
  const device = deviceSigner(entry);
  const byLedger = entry.newHolder?.holder === "ledger";
  const byPasskey = entry.newHolder?.holder === "passkey";
  const newRole = entry.operation.kind === "replaceKey" ? { role: entry.operation.role } : {};
  const newHolder = { ...(entry.newHolder && { holder: entry.newHolder.holder }), ...newRole };
  const steps: (PlannedStep & { applies: boolean })[] = [
    { id: "accept", ...newHolder, done: entry.acceptance !== undefined, applies: byLedger || byPasskey },
    { id: "deploy", done: entry.deployed, applies: entry.deploysFirst },
    {
      id: "confirm",
      holder: "this-computer",
      role: "device",
      done: device !== undefined && signed(entry, device),
      applies: device !== undefined,
    },
    ...cosigners(entry).flatMap((one) => {
      const { role, held } = one;
      const done = signed(entry, one);
      return [
        { id: "prove" as const, done: done || proved, applies: held.holder === "network" },
        { id: "cosign" as const, holder: held.holder, role, done, applies: true },
      ];
    }),
    ...entry.asked.map((asked) => ({
      id: "ask" as const,
      holder: askedHolder(asked),
      role: asked.role,
      done: missingOf(entry, asked) === 0,
      applies: true,
    })),
    { id: "submit", done: entry.transactionHash !== undefined, applies: true },
    { id: "settle", done: entry.settled, applies: true },
    { id: "trial", ...newHolder, done: entry.tried, applies: byLedger },
  ];
  return steps.filter(({ applies }) => applies);
}

/**
 * Once the chain may have an operation, forgetting it here would not stop it. Once the chain has it, only the trial
 * signature is left, and the person may skip that.
 */
export const isDroppable = (entry: JournalEntry): boolean =>
  entry.ended === undefined && (entry.submittedAt === undefined || entry.settled);

/** An operation as the screens show it. */
export function operationView(entry: JournalEntry, runtime: Runtime, described: Described): OperationView {
  const planned = plan(entry, runtime);
  const current = entry.ended ? undefined : planned.find(({ done }) => !done);
  // Nobody has to remember what the journal tells: whom an operation still waits for.
  const needs = current?.id === "ask" ? waitsFor(entry) : runtime.needs;
  const steps = planned.map((step): OperationStep => {
    const { id, holder, role, done } = step;
    const isCurrent = current === step;
    const failed = isCurrent && entry.failure?.step === id && !runtime.running;
    const failure = failed ? entry.failure?.error : undefined;
    const status = done
      ? "done"
      : !isCurrent
        ? "waiting"
        : needs
          ? "needs-you"
          : runtime.running
            ? "running"
            : failure
              ? "failed"
              : "waiting";
    const note = entry.notes[id];
    return {
      id,
      status,
      ...(holder ? { holder } : {}),
      ...(role ? { role } : {}),
      ...(note ? { note } : {}),
      ...(failure ? { error: failure } : {}),
    };
  });
  return {
    id: entry.id,
    createdAt: entry.createdAt,
    summary: operationSummary(entry.operation, described, entry),
    effect: entry.effect,
    steps,
    status: entry.ended ?? (runtime.running ? "running" : "waiting"),
    droppable: isDroppable(entry),
    ...(needs && !entry.ended ? { needs } : {}),
    ...(runtime.ledgerDigest ? { ledgerDigest: runtime.ledgerDigest } : {}),
    ...(runtime.wallet ? { wallet: runtime.wallet } : {}),
    ...(entry.transactionHash ? { transactionHash: entry.transactionHash } : {}),
  };
}
