import { ROLE_TEXT, type ReplaceableRole } from "../keys/role.ts";
import { changeRow } from "../operations/changes.ts";
import { changeConsequences, type Consequences } from "../operations/consequences.ts";
import type { Operation } from "../operations/operation.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "../primitives/address.ts";
import { formatAmount } from "../primitives/amount.ts";

/** What it means to hold a friend's key, for whoever is asked to: the same words wherever it is read. */
export interface Part {
  /** In one sentence. */
  readonly is: string;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
  /** What happens if they do nothing. */
  readonly otherwise: string;
}

/** What somebody would be who accepts an invitation; `from` is what whoever asks calls themselves. */
export function partOf(role: ReplaceableRole, from: string): Part {
  const otherwise = `If you do nothing, nothing happens: ${from}'s account stays as it is, and you have no part in it.`;
  switch (role) {
    case "recovery":
      return {
        is: `You would help ${from} back into the account when ${from}'s own computer is lost.`,
        can: [
          `When ${from} asks, you sign that a new computer gets a key. It counts only after a delay, in which ${from}'s other devices can stop it.`,
          `Together with one of ${from}'s own devices, you help to replace a key, or to end a lock, at once.`,
        ],
        cannot: [
          "You cannot move money: no signature of yours does, not even together with other friends'.",
          `You cannot see what ${from} does, and you cannot sign anything in ${from}'s name.`,
          `But if as many friends as needed put in a key of their own, and ${from} did not stop it in all the days of the delay, they could take the account over. So ${from} trusts you with that.`,
        ],
        otherwise,
      };
    case "mfa":
      return {
        is: `You would be the second signature under what ${from} does.`,
        can: [
          `When ${from} asks, you sign a withdrawal or a change of the account that ${from}'s own device has begun.`,
        ],
        cannot: [
          "You cannot move money alone: nothing happens without the other key.",
          `You cannot change what ${from} asked for. You sign exactly that, or nothing.`,
        ],
        otherwise,
      };
  }
}

/** An operation for a friend who is asked to sign it. */
export interface RequestWords extends Consequences {
  readonly title: string;
  /** What happens if they do nothing. */
  readonly otherwise: string;
  /** What it is about, each with its name; addresses in full. */
  readonly facts: readonly { readonly label: string; readonly value: string; readonly address: boolean }[];
}

const fact = (label: string, value: string) => ({ label, value, address: false });
const addressFact = (label: string, value: Address | string) => ({ label, value, address: true });

/** A friend is not told who signs beside them; the account decides by that. */
const AT_ONCE_OR_LATER =
  ": at once where a device key and an MFA key sign; where keys of one role sign alone, only after the account's delay, unless another key cancels it";

function wordsOf(operation: Operation): Omit<RequestWords, "otherwise"> {
  switch (operation.kind) {
    case "withdraw": {
      const native = sameAddress(operation.token, NATIVE_TOKEN);
      return {
        title: "Withdraw money",
        facts: [
          native
            ? fact("Amount", `${formatAmount(operation.amount, 18)} ETH`)
            : fact("Amount, in the token's smallest unit", operation.amount.toString()),
          ...(native ? [] : [addressFact("Token", operation.token)]),
          addressFact("To", operation.to),
        ],
        then: `Once all who are needed have signed, this leaves the account${AT_ONCE_OR_LATER}. Then it cannot be taken back.`,
        cannot: "Your signature covers exactly this withdrawal, once.",
      };
    }
    case "replaceKey":
      return {
        title: `Replace a ${ROLE_TEXT[operation.role]}`,
        facts: [
          addressFact("New signer", operation.newKey.signer),
          addressFact("Old signer", operation.oldKey.signer),
        ],
        then: "Once all who are needed have signed, the new signer takes the old one's place at once.",
        cannot: "Your signature moves no money, and it changes no other key.",
      };
    case "execute":
      return {
        title: operation.calls.length === 1 ? "Call a contract" : `Make ${operation.calls.length} calls`,
        facts: operation.calls.flatMap(({ target, value, data }, index) => [
          addressFact(`Call ${index + 1} goes to`, target),
          fact(`Call ${index + 1} sends`, `${formatAmount(value, 18)} ETH`),
          fact(`Call ${index + 1} says`, data),
        ]),
        then: `Once all who are needed have signed, the account makes these calls${AT_ONCE_OR_LATER}. They can move everything that it holds.`,
        cannot: "Your signature covers exactly these calls, once.",
      };
    case "migrate":
      return {
        title: "Move everything to another account",
        facts: [
          addressFact("To account", operation.successor),
          ...operation.assets.map(({ token }) => addressFact("And all of this token", token)),
        ],
        then: "Once all who are needed have signed, all of this leaves the account at once. It cannot be taken back.",
        cannot: "What is not listed stays where it is.",
      };
    default: {
      const { texts } = changeRow(operation.kind);
      const holder =
        operation.kind === "addKey" ? [addressFact("The new key signs with", operation.key.signer)] : [];
      return {
        title: texts.change(operation),
        facts: [...holder, fact("In the message that you sign", texts.value(operation))],
        ...changeConsequences(operation),
      };
    }
  }
}

/** What a friend is asked to sign, computed from the operation itself. */
export const requestWords = (operation: Operation, from: string): RequestWords => ({
  ...wordsOf(operation),
  otherwise: `If you do nothing, you have signed nothing. ${from} can ask other friends, or ask you again.`,
});
