/** What a person has to know before a passkey holds a key. */
export const PASSKEY_TRUTHS: readonly { readonly title: string; readonly detail: string }[] = [
  {
    title: "It shows nothing",
    detail:
      "A passkey asks whether it is you, and does not say what you sign. Trivet's confirm window is the only place that does. A Ledger shows it on a screen of its own.",
  },
  {
    title: "It belongs to this computer's own pages, and to no website",
    detail:
      "No company can take it away from you. But any program on a computer where the passkey is at hand can open such a page and ask you to confirm: confirm only what you just approved in Trivet.",
  },
  {
    title: "It is as safe as the place where you keep it",
    detail:
      "A security key never gives it out. A passkey manager copies it to your other devices, and whoever gets into that account has it, too. One that is not copied is gone with its device.",
  },
  {
    title: "Another computer needs the same passkey",
    detail:
      "Plug the security key in there, or have your passkey manager there. Which key it is, the account tells: nothing else has to be kept.",
  },
];

/** Where a passkey that was just made can be. */
export const keptWhere = (synced: boolean): string =>
  synced
    ? "It can be copied: your passkey manager may have it on your other devices, too."
    : "It is on this one device only, and cannot be copied. If the device is lost, so is the key.";
