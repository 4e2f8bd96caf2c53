import { ROLE_TEXT } from "#core/keys/role.ts";
import type { OperationStep, OperationSummary, OperationView } from "#core/wallet-api/operation-view.ts";
import { changeConsequences } from "#core/operations/consequences.ts";
import { exactTokenAmount } from "../format/amount.ts";
import { changeDone, changeTitle } from "./changes.ts";
import { HOLDER_IN_SENTENCE } from "./keys.ts";

/** A heading and a sentence. */
export interface Words {
  readonly title: string;
  readonly detail: string;
}

/** What an operation does, as a heading. */
export function operationTitle(summary: OperationSummary): string {
  switch (summary.kind) {
    case "withdraw":
      return `Withdraw ${exactTokenAmount(summary.amount, summary.token)}`;
    case "replaceKey":
      return `Move the ${ROLE_TEXT[summary.role]} to ${HOLDER_IN_SENTENCE[summary.to.holder]}`;
    case "execute":
      return summary.calls === 1 ? "Call a contract" : `Make ${summary.calls} calls`;
    case "migrate":
      return "Move everything to another account";
    case "change":
      return changeTitle(summary.change);
  }
}

/** What an operation did, once it is done; or that the account has it and waits with it. */
export function operationDone({ summary, effect }: Pick<OperationView, "summary" | "effect">): Words {
  if (effect !== "now") {
    return {
      title: "Scheduled",
      detail: "The account has it and waits for the delay. Until then it can be cancelled.",
    };
  }
  switch (summary.kind) {
    case "withdraw":
      return {
        title: "Withdrawn",
        detail: `${exactTokenAmount(summary.amount, summary.token)} left your account. The chain has confirmed it.`,
      };
    case "replaceKey":
      return {
        title: `Your Ledger now holds the ${ROLE_TEXT[summary.role]}`,
        detail: `The former key no longer counts. Your funds stayed where they are, and so did your address.`,
      };
    case "execute":
      return { title: "Called", detail: "Your account made the calls. The chain has confirmed it." };
    case "migrate":
      return { title: "Moved", detail: "Everything that was listed is in the other account." };
    case "change":
      return { title: changeDone(summary.change), detail: "The chain has confirmed it." };
  }
}

/** What happens when the person leaves an operation alone. */
export function operationOtherwise(summary: OperationSummary): string {
  switch (summary.kind) {
    case "withdraw":
      return "Nothing leaves your account. The withdrawal waits here until you continue it or drop it.";
    case "replaceKey":
      return "Your keys stay as they are. The change waits here until you continue it or drop it.";
    case "execute":
    case "migrate":
    case "change":
      return "Your account stays as it is. This waits here until you continue it or drop it.";
  }
}

/** What the signatures of an operation cannot be used for. */
export function operationCannot(summary: OperationSummary): string {
  switch (summary.kind) {
    case "withdraw":
      return "The signatures count once, for this amount to this address. They cannot move anything else, and they cannot change your keys.";
    case "replaceKey":
      return `The signatures count once, for this change of the ${ROLE_TEXT[summary.role]}. They cannot move funds, and they cannot change another key.`;
    case "execute":
      return "The signatures count once, for exactly these calls.";
    case "migrate":
      return "The signatures count once. What is not listed stays where it is.";
    case "change":
      return changeConsequences(summary.change).cannot;
  }
}

function cosignWords(step: OperationStep): Words {
  const key = step.role ? `The ${ROLE_TEXT[step.role]} signs` : "The second key signs";
  return step.holder === "ledger"
    ? { title: key, detail: "On your Ledger: compare the fields with this screen, then confirm there." }
    : { title: key, detail: "In the key network, once its gate agrees." };
}

/** A step in plain words. */
export function stepWords(step: OperationStep): Words {
  switch (step.id) {
    case "accept":
      return {
        title: "Your Ledger shows that it can sign",
        detail: "It signs that it accepts the role. That message moves nothing.",
      };
    case "deploy":
      return {
        title: "Your account is put on the chain",
        detail: "Only this once. The relay pays the fee.",
      };
    case "confirm":
      return {
        title: "You approve, and the device key signs",
        detail: "In Trivet's confirm window, on this computer.",
      };
    case "prove":
      return {
        title: "You prove that it is you",
        detail: "With what is registered for this key. Without it the key network does not sign.",
      };
    case "cosign":
      return cosignWords(step);
    case "submit":
      return {
        title: "The relay sends it to the chain",
        detail: "It pays the fee. It can refuse, but it cannot change anything.",
      };
    case "settle":
      return { title: "The chain confirms it", detail: "From then on it is final." };
    case "trial":
      return {
        title: "Your Ledger signs once for trial",
        detail: "A message that moves nothing, so that you know the new key works.",
      };
  }
}

/** The step an operation stands at: the first that is not done. */
export function currentStep(operation: OperationView): OperationStep | undefined {
  return operation.steps.find((step) => step.status !== "done");
}

/** What follows from a signature: what happens without it, and what it cannot do. */
export interface Consequences {
  readonly otherwise: string;
  readonly cannot: string;
}

/** What follows from the signature an operation waits for; undefined once nobody signs any more. */
export function pendingConsequences(operation: OperationView): Consequences | undefined {
  const { summary } = operation;
  switch (currentStep(operation)?.id) {
    case undefined:
    case "submit":
    case "settle":
      return undefined;
    case "trial":
      return {
        otherwise: "Your Ledger holds the key already. You only do not know yet that it works.",
        cannot: "The trial message moves nothing and changes nothing.",
      };
    default:
      return { otherwise: operationOtherwise(summary), cannot: operationCannot(summary) };
  }
}

/** Where an operation stands, in one sentence for a banner. */
export function operationStanding(operation: OperationView): string {
  if (operation.status === "done") return "Done.";
  if (operation.status === "dropped") return "Dropped. Nothing was sent.";
  const step = currentStep(operation);
  if (step?.error) return step.error.message;
  switch (operation.needs?.kind) {
    case "confirm":
      return "Waits for your approval in the confirm window.";
    case "proofs":
      return "Waits for you to prove who you are.";
    case "ledger":
      return "Waits for your Ledger.";
    case undefined:
      break;
  }
  if (!step) return "Finishing.";
  const next = stepWords(step).title;
  return operation.status === "running" ? `Now: ${next}.` : `Stopped before this step: ${next}.`;
}
