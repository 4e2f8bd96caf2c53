import { ROLE_TEXT } from "#core/keys/role.ts";
import type { OperationStep, OperationSummary, OperationView } from "#core/wallet-api/operation-view.ts";
import {
  addsScriptsKey,
  allowanceThen,
  callsThen,
  changeConsequences,
  withdrawalThen,
} from "#core/operations/consequences.ts";
import { exactTokenAmount } from "#core/primitives/amount-text.ts";
import { replacementThen } from "./replacement.ts";
import { changeDone, changeTitle } from "./changes.ts";
import { HOLDER_IN_SENTENCE, HOLDER_NAME, HOLDER_SIGNS } from "./keys.ts";

/** A heading and a sentence. */
export interface Words {
  readonly title: string;
  readonly detail: string;
}

type Allowance = NonNullable<Extract<OperationSummary, { kind: "execute" }>["allowance"]>;

const allowanceTitle = ({ amount, token }: Pick<Allowance, "amount" | "token">): string =>
  amount === 0n
    ? `Let a contract take no ${token.symbol} any more`
    : `Let a contract take up to ${exactTokenAmount(amount, token)}`;

/** What an operation does, as a heading. */
export function operationTitle(summary: OperationSummary): string {
  switch (summary.kind) {
    case "withdraw":
      return `Withdraw ${exactTokenAmount(summary.amount, summary.token)}`;
    case "replaceKey":
      return `Move the ${ROLE_TEXT[summary.role]} to ${HOLDER_IN_SENTENCE[summary.to.holder]}`;
    case "execute":
      if (summary.allowance) return allowanceTitle(summary.allowance);
      return summary.calls === 1 ? "Call a contract" : `Make ${summary.calls} calls`;
    case "migrate":
      return "Move everything to another account";
    case "change":
      return changeTitle(summary.change, summary.scriptVerifier);
  }
}

/** What an operation did, once it is done; or that the account has it and waits with it. */
export function operationDone({ summary, effect }: Pick<OperationView, "summary" | "effect">): Words {
  if (effect !== "now" && summary.kind === "change" && summary.change.kind === "addKey") {
    return {
      title: addsScriptsKey(summary.change, summary.scriptVerifier)
        ? "The script's key is pending"
        : "The new computer is pending",
      detail:
        "Its key is on the account and becomes active by itself when the recovery delay is over. Until then a computer that is in can reject it.",
    };
  }
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
        title: `${HOLDER_NAME[summary.to.holder]} now holds the ${ROLE_TEXT[summary.role]}`,
        detail: `The former key no longer counts. Your funds stayed where they are, and so did your address.`,
      };
    case "execute":
      if (summary.allowance) {
        return summary.allowance.amount === 0n
          ? { title: "Taken back", detail: "The contract can take nothing of it any more." }
          : {
              title: "The contract may take it",
              detail: `Up to ${exactTokenAmount(summary.allowance.amount, summary.allowance.token)}, until it did or until you take that back.`,
            };
      }
      return { title: "Called", detail: "Your account made the calls. The chain has confirmed it." };
    case "migrate":
      return { title: "Moved", detail: "Everything that was listed is in the other account." };
    case "change":
      return {
        title: changeDone(summary.change, summary.scriptVerifier),
        detail: "The chain has confirmed it.",
      };
  }
}

/** What comes of an operation once everybody who is needed has signed. */
export function operationThen({ summary, effect }: Pick<OperationView, "summary" | "effect">): string {
  switch (summary.kind) {
    case "withdraw":
      return withdrawalThen(exactTokenAmount(summary.amount, summary.token), { effect });
    case "replaceKey":
      return replacementThen(summary.to.holder);
    case "execute":
      if (summary.allowance) {
        const { amount, token } = summary.allowance;
        return allowanceThen(amount === 0n ? undefined : exactTokenAmount(amount, token), { effect });
      }
      return callsThen(summary.calls === 1 ? "this call" : `these ${summary.calls} calls`, { effect });
    case "migrate":
      return "All that was listed leaves the account at once, and cannot be taken back.";
    case "change":
      return changeConsequences(summary.change, effect, summary.scriptVerifier).then;
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
      return summary.allowance
        ? "The signatures count once. They move nothing themselves, and they cover no other token and no other contract."
        : "The signatures count once, for exactly these calls.";
    case "migrate":
      return "The signatures count once. What is not listed stays where it is.";
    case "change":
      return changeConsequences(summary.change, undefined, summary.scriptVerifier).cannot;
  }
}

function cosignWords(step: OperationStep): Words {
  const key = step.role ? `The ${ROLE_TEXT[step.role]} signs` : "The second key signs";
  if (step.holder === "passkey") {
    return { title: key, detail: "With your passkey, on a page that opens in your browser." };
  }
  return step.holder === "ledger"
    ? { title: key, detail: "On your Ledger: compare the fields with this screen, then confirm there." }
    : { title: key, detail: "In the key network, once its gate agrees." };
}

/** A step in plain words. */
export function stepWords(step: OperationStep): Words {
  switch (step.id) {
    case "accept":
      return step.holder === "passkey"
        ? {
            title: "Your passkey shows that it can sign",
            detail: "In your browser. It signs a number made at random, which moves nothing.",
          }
        : {
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
    case "ask": {
      const withKey = step.role ? ` with the ${ROLE_TEXT[step.role]}` : "";
      return step.holder === "safe"
        ? { title: `Your Safe signs${withKey}`, detail: HOLDER_SIGNS.safe }
        : {
            title: `Friends sign${withKey}`,
            detail: "You send them a request, and take back their answers, in any order.",
          };
    }
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

/** What follows from a signature: what happens then, what without it, and what it cannot do. */
export interface Consequences {
  readonly then?: string;
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
      return {
        then: operationThen(operation),
        otherwise: operationOtherwise(summary),
        cannot: operationCannot(summary),
      };
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
    case "friends":
      if (operation.needs.friends.every(({ holder }) => holder === "safe"))
        return "Waits for your Safe to sign.";
      return operation.needs.missing === 1
        ? "Waits for one friend to sign."
        : `Waits for ${operation.needs.missing} friends to sign.`;
    case "ledger":
      return "Waits for your Ledger.";
    case "passkey":
      return "Waits for your passkey, in your browser.";
    case undefined:
      break;
  }
  if (!step) return "Finishing.";
  const next = stepWords(step).title;
  return operation.status === "running" ? `Now: ${next}.` : `Stopped before this step: ${next}.`;
}
