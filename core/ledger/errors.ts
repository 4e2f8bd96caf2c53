import { WalletError } from "../errors/wallet-error.ts";
import { LEDGER_STATES, LEDGER_TEXT, type LedgerState } from "./states.ts";

const CODE_PREFIX = "ledger-";

/** What is so in each state that stops a request; LEDGER_TEXT says what to do about it. */
const WHAT_IS_SO: Record<LedgerState, string> = {
  "plug-in": "There is no Ledger, or it was unplugged. Nothing was signed.",
  "no-access": "This computer does not let Trivet use the Ledger.",
  unlock: "Your Ledger is locked.",
  "open-app": "The Ethereum app is not open on your Ledger.",
  "update-app": "The Ethereum app on your Ledger is too old.",
  "enable-raw-messages": "Your Ledger refused, because it may not show messages in full yet.",
  "disable-blind-signing": "Your Ledger may sign without showing what.",
  "unsupported-model": "This Ledger is too old.",
  "confirm-on-device": "Your Ledger waits for you.",
  rejected: "You rejected this on your Ledger. Nothing was signed.",
  unreachable: "The Ledger does not answer. Nothing was signed.",
  ready: "Your Ledger is ready.",
};

/** The state of a Ledger as the error that stops a request; its code is "ledger-" and the state. */
export function ledgerStateError(state: LedgerState, cause?: unknown): WalletError {
  const whatToDo = state === "rejected" ? "Start again when you want to go on." : LEDGER_TEXT[state];
  return new WalletError(`${CODE_PREFIX}${state}`, WHAT_IS_SO[state], whatToDo, { cause });
}

/** The state that an error of `ledgerStateError` stands for; undefined for any other error. */
export function ledgerStateOf(error: unknown): LedgerState | undefined {
  if (!(error instanceof WalletError)) return undefined;
  return LEDGER_STATES.find((state) => error.code === `${CODE_PREFIX}${state}`);
}

/** What stops a request besides the states. */
export const LEDGER_PROBLEMS = {
  "other-keys": {
    message: "This Ledger holds other keys than the one that is asked for.",
    whatToDo:
      "Plug in the Ledger whose address is shown here. If it is this one, check its passphrase, and choose the account's path again where you set it up.",
  },
  path: {
    message: "The Ledger does not give out a key at this path.",
    whatToDo: "Use a path below 44'/60', such as 44'/60'/0'/0/0.",
  },
  "too-large": {
    message: "This is more than the Ledger can show. Nothing was signed.",
    whatToDo: "Report it: Trivet's own messages are made to fit.",
  },
  "no-usb": {
    message: "This computer lacks a system library that USB needs.",
    whatToDo:
      "On Linux, install libusb-1.0-0 and libudev1 from your system's packages, then start Trivet again.",
  },
  busy: {
    message: "Your Ledger still shows a request that was cancelled here.",
    whatToDo: "Reject it on the Ledger, then try again. An approval of it there is thrown away.",
  },
  cancelled: {
    message: "You cancelled this. Nothing was signed.",
    whatToDo: "If the Ledger still shows it, reject it there.",
  },
  closed: {
    message: "The connection to the Ledger was closed.",
    whatToDo: "Try again.",
  },
  "wrong-signature": {
    message: "The Ledger answered with a signature that does not belong to this request. It was thrown away.",
    whatToDo: "Update the Ledger and its Ethereum app in Ledger's own software, then try again.",
  },
} as const;
export type LedgerProblem = keyof typeof LEDGER_PROBLEMS;

/** A problem with a Ledger that is no state of it; its code is "ledger-" and the problem. */
export function ledgerProblem(problem: LedgerProblem, cause?: unknown): WalletError {
  const { message, whatToDo } = LEDGER_PROBLEMS[problem];
  return new WalletError(`${CODE_PREFIX}${problem}`, message, whatToDo, { cause });
}
