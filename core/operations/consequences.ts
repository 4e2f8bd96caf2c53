import { addressOfScript } from "../keys/script-key.ts";
import type { Effect } from "../policy/policy.ts";
import { durationText } from "../primitives/duration-text.ts";
import type { Address } from "../primitives/address.ts";
import type { Change } from "./changes.ts";

/** What a signature leads to, and what it cannot be used for: sentences for whoever signs. */
export interface Consequences {
  readonly then: string;
  readonly cannot: string;
}

/** When an operation takes effect, by who signs it. */
export interface Timing {
  readonly effect: Effect;
  /** How long it waits once it is signed; undefined where that is not known. */
  readonly seconds?: number | undefined;
}

/** What comes of a scheduled operation: until when it waits, who can stop it, what it takes to happen. */
const scheduledThen = (what: string, seconds: number | undefined): string =>
  `Once everybody who is named here has signed, the account takes it and waits${seconds === undefined ? "" : ` ${durationText(seconds)}`}. Any other active key of the account can cancel it until it has run; a key that asked alone cannot. After the wait anybody can have it run, you too: only then ${what}. If nobody does within 30 days, it never runs.`;

/**
 * What comes of a withdrawal once it is signed.
 * @param amount with its symbol: "25 TUSD"
 */
export const withdrawalThen = (amount: string, { effect, seconds }: Timing): string =>
  effect === "now"
    ? `Once everybody who is named here has signed, ${amount} leaves the account at once. It cannot be taken back.`
    : scheduledThen(`${amount} leaves the account, and cannot be taken back`, seconds);

/**
 * What comes of an allowance once it is signed.
 * @param amount with its symbol; undefined where it is taken back
 */
export function allowanceThen(amount: string | undefined, { effect, seconds }: Timing): string {
  const what =
    amount === undefined
      ? "that contract can take nothing of this token any more"
      : `that contract may take up to ${amount} out of the account, at once or bit by bit, as its code says`;
  return effect === "now"
    ? `Once everybody who is named here has signed, ${what}.`
    : scheduledThen(what, seconds);
}

/**
 * What comes of calls once they are signed.
 * @param calls how they are called in a sentence: "this call"
 */
export const callsThen = (calls: string, { effect, seconds }: Timing): string =>
  `${
    effect === "now"
      ? `Once enough keys have signed, the account makes ${calls}, in this order, all or none.`
      : scheduledThen(`the account makes ${calls}, in this order, all or none`, seconds)
  } What a call does is up to the contract it goes to: it can move everything that the account holds.`;

/**
 * The sentence for how a change takes effect; where it is not known yet who signs, all that it could be.
 * @param words what is said for each effect that the policy has for this kind
 */
function thenBy(words: Partial<Record<Effect, string>>, effect: Effect | undefined): string {
  const said = effect && words[effect];
  return said ?? Object.values(words).join(" ");
}

/**
 * Whether a change puts a script's key on the account, and no person's.
 * @param scriptVerifier the network's contract that keeps scripts' keys to their calls
 */
export const addsScriptsKey = (change: Change, scriptVerifier: Address | undefined): boolean =>
  change.kind === "addKey" &&
  change.role === "device" &&
  addressOfScript(change.key, scriptVerifier) !== undefined;

/** How such a change is called, wherever it is looked at; undefined for every other change. */
export const scriptsKeyTitle = (change: Change, scriptVerifier: Address | undefined): string | undefined =>
  addsScriptsKey(change, scriptVerifier) ? "Add a script's key" : undefined;

/**
 * What comes of a change once it is signed, and what it cannot do: every kind has its words.
 * @param effect when it takes effect, where it is settled who signs
 * @param scriptVerifier the network's contract that keeps scripts' keys to their calls
 */
export function changeConsequences(change: Change, effect?: Effect, scriptVerifier?: Address): Consequences {
  switch (change.kind) {
    case "addKey":
      if (addsScriptsKey(change, scriptVerifier)) {
        return {
          then: thenBy(
            {
              now: "Signed by a device key and another one, the script's key is on the account at once, and may do nothing yet: you allow it single calls afterwards, each with a signature of its own.",
              afterRecoveryDelay:
                "Signed by recovery keys without a device key, it is pending until the recovery delay is over, and any device key can reject it until then. After that, too, it may do nothing before you allow it calls.",
              afterOverrideDelay:
                "Signed by MFA and recovery keys together, where you let them overrule device keys, it is pending for the delay that you set for that, and no device key can reject it. After that, too, it may do nothing before you allow it calls.",
            },
            effect,
          ),
          cannot:
            "This approval moves no money. The key can never withdraw, lock, cancel, add or remove anything, whoever signs beside it.",
        };
      }
      return {
        then:
          change.role === "device"
            ? thenBy(
                {
                  now: "Signed by a device key and another one, this becomes a device key at once, with all the rights of one.",
                  afterRecoveryDelay:
                    "Signed by recovery keys without a device key, it is pending until the recovery delay is over, and becomes a device key then by itself; any device key can reject it until then.",
                  afterOverrideDelay:
                    "Signed by MFA and recovery keys together, where you let them overrule device keys, it is pending for the delay that you set for that, and no device key can reject it.",
                },
                effect,
              )
            : "Signed by a device key and an MFA or recovery key, the new key has its role at once.",
        cannot: "This approval moves no money, and it removes no other key.",
      };
    case "activateKey":
      return {
        then: "The pending device key becomes active at once, with all the rights of a device key.",
        cannot: "This approval moves no money, and it adds no key that is not on the account already.",
      };
    case "rejectKey":
      return {
        then: "The pending key is gone at once and has no say any more.",
        cannot: "This approval moves no money, and it touches no active key.",
      };
    case "removeKey":
      return {
        then: thenBy(
          {
            now: "Signed by a device key and an MFA or recovery key, the key has no say any more, at once.",
            afterRemovalDelay:
              "A device key that another one removes alone keeps its rights until the removal delay is over; then anybody can have the removal run. Any active key can cancel it until then, the removed one too, but not the one that asked.",
          },
          effect,
        ),
        cannot: "This approval moves no money, and it cannot remove the last key of a role.",
      };
    case "setThreshold":
      return {
        then: `From then on this role counts only when ${change.threshold} of its keys have signed.`,
        cannot: "This approval moves no money, and it adds and removes no key.",
      };
    case "setEmergencyAddress":
      return {
        then: change.enabled
          ? "From then on this address may withdraw everything to itself, at once and without any key, unless the account is frozen."
          : "From then on this address can withdraw nothing any more.",
        cannot: "This approval itself moves no money, and it changes no key.",
      };
    case "setAllowlisted":
      return {
        then: change.allowed
          ? "From then on a device key alone may withdraw any amount to this address."
          : "From then on a device key alone can no longer withdraw to this address beyond its limits.",
        cannot: "This approval itself moves no money, and it changes no key.",
      };
    case "setScope":
      return {
        then: change.allowed
          ? "From then on this key alone may call this function of this contract in the account's name."
          : "From then on this key alone can no longer call this function.",
        cannot: "This approval itself moves no money, and it covers no other function and no other contract.",
      };
    case "setLimit":
      return {
        then: "From then on this key alone may spend this much of this token within any 24 hours, and no more.",
        cannot: "This approval itself moves no money, and it covers no other token.",
      };
    case "setHours":
      return {
        then: "From then on this key alone cannot spend within its limits in these hours.",
        cannot: "This approval moves no money, and it does not change what keys can do together.",
      };
    case "setDelays":
      return {
        then: "From then on what is asked for waits this long. What waits already keeps its time.",
        cannot: "This approval moves no money, and it changes no key.",
      };
    case "setRules":
      return {
        then: "These rules replace those the account has now, all of them, at once.",
        cannot: "This approval moves no money, and it changes no key.",
      };
    case "setSuccessor":
      return {
        then: "From then on this address may end an archive of the account by itself. The zero address names nobody.",
        cannot: "This approval moves no money, and the successor can withdraw nothing.",
      };
    case "lock":
      return {
        then: "At once, and for 7 days, nothing can leave the account, not even to an emergency address. The key that locks it cannot lock it again for 30 days.",
        cannot: "This approval moves no money. It can be ended early with a device key and another one.",
      };
    case "archive":
      return {
        then: "At once nothing can leave the account any more, not even to an emergency address, until it is unfrozen.",
        cannot: "This approval moves no money, and it removes no key.",
      };
    case "unfreeze":
      return {
        then: thenBy(
          {
            now: "Signed by a device key and another one, the lock or archive ends at once. What was scheduled sleeps until it is armed again.",
            afterRecoveryDelay:
              "Signed by recovery keys without a device key, the lock or archive ends when the recovery delay is over and somebody has it run; any device key can cancel it until then. What was scheduled sleeps until it is armed again.",
          },
          effect,
        ),
        cannot: "This approval moves no money, and it runs nothing that was scheduled.",
      };
    case "cancel":
      return {
        then: "The scheduled operation never runs.",
        cannot: "This approval moves no money, and it cancels nothing else.",
      };
    case "rearm":
      return {
        then: "The operation that slept while the account was frozen waits its whole delay again, and can run then.",
        cannot: "This approval runs nothing now, and it changes nothing of the operation.",
      };
  }
}
