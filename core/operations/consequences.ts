import type { Change } from "./changes.ts";

/** What a signature leads to, and what it cannot be used for: sentences for whoever signs. */
export interface Consequences {
  readonly then: string;
  readonly cannot: string;
}

/** What comes of a change once it is signed, and what it cannot do: every kind has its words. */
export function changeConsequences(change: Change): Consequences {
  switch (change.kind) {
    case "addKey":
      return {
        then:
          change.role === "device"
            ? "Signed by a device key and another one, this becomes a device key at once. Signed by recovery keys without a device key, it is pending until the delay is over, and any device key can reject it until then; not so where you let MFA and recovery keys together overrule device keys."
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
        then: "The key has no say any more: at once when a device key and an MFA or recovery key sign. A device key that another one removes alone keeps its rights until the removal delay is over.",
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
        then: "From then on this key alone may withdraw this much of this token within any 24 hours, and no more.",
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
        then: "The lock or archive ends: at once when a device key and another one sign, after the recovery delay when recovery keys sign without one. What was scheduled sleeps until it is armed again.",
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
