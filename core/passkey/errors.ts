import { WalletError } from "../errors/wallet-error.ts";

/** What can be wrong with what a passkey answers. */
export const PASSKEY_PROBLEMS = {
  "answer-wrong": {
    message: "What came back from the browser is no passkey's answer to what was asked. It was thrown away.",
    whatToDo: "Start again. If it happens again, use another browser.",
  },
  "not-verified": {
    message: "The passkey signed without checking that it is you, which the account does not accept.",
    whatToDo: "Give it a PIN, a fingerprint or a screen lock where you keep it, then start again.",
  },
  "other-passkey": {
    message: "This is another passkey than the one that holds the key.",
    whatToDo: "Start again and choose the passkey whose name is shown in Trivet.",
  },
  "signature-wrong": {
    message: "The passkey's signature does not belong to this request. It was thrown away.",
    whatToDo: "Start again. If it happens again, give the key to another holder.",
  },
  unsupported: {
    message: "This passkey does not sign in the way that the account checks (ES256).",
    whatToDo: "Make the passkey with another device or passkey manager.",
  },
} as const;

export type PasskeyProblem = keyof typeof PASSKEY_PROBLEMS;

/** A problem with a passkey's answer; its code is "passkey-" and the problem. */
export function passkeyProblem(problem: PasskeyProblem, cause?: unknown): WalletError {
  const { message, whatToDo } = PASSKEY_PROBLEMS[problem];
  return new WalletError(`passkey-${problem}`, message, whatToDo, { cause });
}
