import type { Role } from "#core/keys/role.ts";
import type { OperationStep, OperationStepId, OperationView } from "#core/wallet-api/operation-view.ts";
import type { Holder, Token } from "#core/wallet-api/state.ts";
import type { JournalEntry } from "./journal.ts";
import { operationSummary } from "./summary.ts";

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

/** The signer besides the device key, or in its place; undefined where the device key signs alone. */
export const cosigner = (entry: JournalEntry): Signer | undefined =>
  entry.signers.find(({ role }) => role !== "device");

/** The device key, where it signs. */
export const deviceSigner = (entry: JournalEntry): Signer | undefined =>
  entry.signers.find(({ role }) => role === "device");

const hasSigned = (entry: JournalEntry, role: Role) =>
  entry.signatures.some((signature) => signature.role === role);

interface PlannedStep {
  readonly id: OperationStepId;
  readonly holder?: Holder;
  /** The key that signs in this step. */
  readonly role?: Role;
  readonly done: boolean;
}

/** The steps of an operation in their order, and which of them are done. */
export function plan(entry: JournalEntry, { proved }: Pick<Runtime, "proved">): PlannedStep[] {
  const second = cosigner(entry);
  const cosigned = second !== undefined && hasSigned(entry, second.role);
  const byLedger = entry.newHolder?.holder === "ledger";
  const newRole = entry.operation.kind === "replaceKey" ? { role: entry.operation.role } : {};
  const newHolder = { holder: "ledger", ...newRole } as const;
  const steps: (PlannedStep & { applies: boolean })[] = [
    { id: "accept", ...newHolder, done: entry.acceptance !== undefined, applies: byLedger },
    { id: "deploy", done: entry.deployed, applies: entry.deploysFirst },
    {
      id: "confirm",
      holder: "this-computer",
      role: "device",
      done: hasSigned(entry, "device"),
      applies: deviceSigner(entry) !== undefined,
    },
    { id: "prove", done: cosigned || proved, applies: second?.held.holder === "network" },
    {
      id: "cosign",
      ...(second && { holder: second.held.holder, role: second.role }),
      done: cosigned,
      applies: second !== undefined,
    },
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
export function operationView(
  entry: JournalEntry,
  runtime: Runtime,
  tokens: readonly Token[],
): OperationView {
  const planned = plan(entry, runtime);
  const current = entry.ended ? undefined : planned.find(({ done }) => !done);
  const steps = planned.map(({ id, holder, role, done }): OperationStep => {
    const failure = entry.failure?.step === id && !runtime.running ? entry.failure.error : undefined;
    const isCurrent = current?.id === id;
    const status = done
      ? "done"
      : !isCurrent
        ? "waiting"
        : runtime.needs
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
      ...(failure && !done ? { error: failure } : {}),
    };
  });
  return {
    id: entry.id,
    createdAt: entry.createdAt,
    summary: operationSummary(entry.operation, tokens, entry),
    effect: entry.effect,
    steps,
    status: entry.ended ?? (runtime.running ? "running" : "waiting"),
    droppable: isDroppable(entry),
    ...(runtime.needs && !entry.ended ? { needs: runtime.needs } : {}),
    ...(runtime.ledgerDigest ? { ledgerDigest: runtime.ledgerDigest } : {}),
    ...(runtime.wallet ? { wallet: runtime.wallet } : {}),
    ...(entry.transactionHash ? { transactionHash: entry.transactionHash } : {}),
  };
}
