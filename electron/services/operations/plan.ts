import { addressOfKey } from "#core/keys/key.ts";
import type { Role } from "#core/keys/role.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type {
  OperationStep,
  OperationStepId,
  OperationSummary,
  OperationView,
} from "#core/wallet-api/operation-view.ts";
import type { Holder, Token } from "#core/wallet-api/state.ts";
import type { HeldKey } from "../profile.ts";
import type { JournalEntry } from "./journal.ts";

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

/** The second signer: the one besides the device key. */
export function secondSigner(entry: JournalEntry): JournalEntry["signers"][number] {
  const second = entry.signers.find(({ role }) => role !== "device");
  if (!second) throw new Error("a journal entry names no second signer");
  return second;
}

export function deviceSigner(entry: JournalEntry): JournalEntry["signers"][number] {
  const device = entry.signers.find(({ role }) => role === "device");
  if (!device) throw new Error("a journal entry names no device key");
  return device;
}

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
  const second = secondSigner(entry);
  const cosigned = hasSigned(entry, second.role);
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
      applies: true,
    },
    { id: "prove", done: cosigned || proved, applies: second.held.holder === "network" },
    { id: "cosign", holder: second.held.holder, role: second.role, done: cosigned, applies: true },
    { id: "submit", done: entry.transactionHash !== undefined, applies: true },
    { id: "settle", done: entry.settled, applies: true },
    { id: "trial", ...newHolder, done: entry.tried, applies: byLedger },
  ];
  return steps.filter(({ applies }) => applies);
}

function holderView(held: HeldKey) {
  const signer = addressOfKey(held.key);
  if (!signer) throw new Error("this version shows keys whose signer is an address");
  return { holder: held.holder, signer };
}

function summary(entry: JournalEntry, tokens: readonly Token[]): OperationSummary {
  const { operation } = entry;
  switch (operation.kind) {
    case "withdraw": {
      const known = tokens.find(({ address }) => sameAddress(address, operation.token));
      const token = known ?? {
        address: operation.token,
        symbol: sameAddress(operation.token, NATIVE_TOKEN) ? "ETH" : "units",
        name: "Unknown token",
        decimals: 0,
      };
      return { kind: "withdraw", token, to: operation.to, amount: operation.amount };
    }
    case "replaceKey": {
      const { newHolder } = entry;
      const old = entry.oldHolder;
      if (!newHolder || !old) throw new Error("a key replacement names its old and its new holder");
      return {
        kind: "replaceKey",
        role: operation.role,
        from: holderView(old),
        to: holderView(newHolder),
      };
    }
  }
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
    summary: summary(entry, tokens),
    steps,
    status: entry.ended ?? (runtime.running ? "running" : "waiting"),
    droppable: isDroppable(entry),
    ...(runtime.needs && !entry.ended ? { needs: runtime.needs } : {}),
    ...(runtime.ledgerDigest ? { ledgerDigest: runtime.ledgerDigest } : {}),
    ...(runtime.wallet ? { wallet: runtime.wallet } : {}),
    ...(entry.transactionHash ? { transactionHash: entry.transactionHash } : {}),
  };
}
