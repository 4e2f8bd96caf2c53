import type { KeyNetworkAdapter } from "#core/config/network.ts";
import type { Role } from "#core/keys/role.ts";
import type { Holder } from "#core/wallet-api/state.ts";

/** The name of a holder. */
export const HOLDER_NAME: Record<Holder, string> = {
  "this-computer": "This computer",
  "other-computer": "Another computer of yours",
  network: "Key network",
  ledger: "Your Ledger",
  passkey: "Your passkey",
  safe: "Your Safe",
  friend: "A friend",
};

/** The name of a holder inside a sentence. */
export const HOLDER_IN_SENTENCE: Record<Holder, string> = {
  "this-computer": "this computer",
  "other-computer": "another computer of yours",
  network: "the key network",
  ledger: "your Ledger",
  passkey: "your passkey",
  safe: "your Safe",
  friend: "a friend",
};

/** What a key is for, in one sentence. */
export const ROLE_PURPOSE: Record<Role, string> = {
  device: "Signs everything you do from this computer.",
  mfa: "The second signature that every withdrawal needs.",
  recovery: "Kept aside, so that another key can be replaced.",
};

/** How a key is used when the device key acts together with it. */
export const ROLE_TOGETHER: Record<Role, string> = {
  device: "With the MFA key it withdraws. With the MFA key or the recovery key it replaces a key.",
  mfa: "With the device key it withdraws, and replaces the MFA key or the recovery key.",
  recovery: "With the device key it replaces the MFA key or the recovery key.",
};

/** What a key can do when somebody has it and no other. */
export const ROLE_ALONE: Record<Role, string> = {
  device: "Alone it can do nothing: whoever has only this key cannot withdraw.",
  mfa: "Alone it can do nothing: whoever has only this key cannot withdraw.",
  recovery: "Alone it can do nothing, and it never takes part in a withdrawal.",
};

/** How a key network keeps a key, by what kind of network it is. */
const NETWORK_KEEPS: Record<KeyNetworkAdapter, string> = {
  local:
    "Held in shares by four nodes, and three must agree. They sign only after you proved who you are. No node has the whole key.",
  chipotle:
    "Held by Lit's enclave: one machine has the whole key. It signs only after you proved who you are. Whoever runs that machine or breaks into it can sign without asking you.",
};

/** How a holder keeps a key, in plain words. */
export function holderKeeps(holder: Holder, network: KeyNetworkAdapter = "local"): string {
  switch (holder) {
    case "this-computer":
      return "Encrypted on this computer and out of memory while Trivet is locked.";
    case "network":
      return NETWORK_KEEPS[network];
    case "ledger":
      return "Inside your Ledger. It signs only what you confirm on its screen.";
    case "passkey":
      return "With your passkeys: on one device, in a security key, or wherever your passkey manager copies it. It signs after checking that it is you, and shows nothing of what it signs.";
    case "safe":
      return "In a contract wallet of your own, which signs when enough of its owners do, and counts as long as it says so.";
    case "other-computer":
      return "Encrypted on another computer of yours, which signs with it there.";
    case "friend":
      return "In your friend's own wallet. You ask, and your friend decides whether to sign.";
  }
}

/** How a key comes to sign with this holder, in one sentence. */
export const HOLDER_SIGNS: Record<Holder, string> = {
  "this-computer": "You approve in Trivet's confirm window.",
  "other-computer": "You approve in Trivet on that computer.",
  network: "It signs once you proved who you are, with a code from your email.",
  ledger: "You compare and confirm on your Ledger's screen.",
  passkey: "You confirm in your browser, with a PIN, a fingerprint or your face.",
  safe: "You make a request, and its owners sign it in their wallets.",
  friend: "You send a request, and your friend sends back an answer.",
};

/** Where exactly a key is, unless that says no more than the holder's name does. */
export function holderDetail({ holder, detail }: { holder: Holder; detail: string }): string | undefined {
  return HOLDER_NAME[holder].toLowerCase().includes(detail.toLowerCase()) ? undefined : detail;
}
