/** The errors of the key network, made for people. */
import { WalletError } from "../errors/wallet-error.ts";
import type { GateDigest } from "../primitives/hex.ts";
import { GATE_REASON_CODES, GATE_REASONS, type GateReason } from "../security/gate-reasons.ts";
import { cidOfDigest } from "./gate-cid.ts";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const inWords = (count: number): string => NUMBERS[count] ?? count.toString();
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "node 2", "nodes 2 and 3", "nodes 1, 2 and 4". */
export function nameNodes(indices: readonly number[]): string {
  const sorted = [...indices].sort((a, b) => a - b).map(String);
  const last = sorted.pop() ?? "";
  return sorted.length === 0 ? `node ${last}` : `nodes ${sorted.join(", ")} and ${last}`;
}

const REFUSED = "gate-refused-";

/** The gate decided not to sign. The reason is part of the code: "gate-refused-factor-stale". */
export function gateRefused(reason: GateReason): WalletError {
  const { message, whatToDo } = GATE_REASONS[reason];
  return new WalletError(`${REFUSED}${reason}`, message, whatToDo);
}

/** Why the gate refused, when that is what an error says. */
export function refusalReason(error: { readonly code: string }): GateReason | undefined {
  return GATE_REASON_CODES.find((reason) => error.code === REFUSED + reason);
}

/**
 * Fewer nodes answer than are needed. Nothing is lost: the same request can be made again when they are back.
 * @param stopped indices of the nodes that do not answer, at least one
 */
export function tooFewNodes(stopped: readonly number[], total: number, needed: number): WalletError {
  const are = stopped.length === 1 ? "is" : "are";
  return new WalletError(
    "network-too-few-nodes",
    `${capitalised(inWords(stopped.length))} of ${inWords(total)} key nodes ${are} stopped (${nameNodes(stopped)}): ` +
      `${inWords(needed)} ${needed === 1 ? "is" : "are"} needed.`,
    "Start them again, then continue. Nothing was signed and nothing is lost.",
  );
}

/**
 * No answer, or not in time.
 * @param silent indices of the nodes that give no answer, as far as it is known
 */
export function networkUnreachable(silent: readonly number[], cause: unknown): WalletError {
  const who =
    silent.length === 0
      ? "The key network does not answer."
      : `${capitalised(`key ${nameNodes(silent)}`)} ${silent.length === 1 ? "does" : "do"} not answer.`;
  return new WalletError(
    "network-unreachable",
    who,
    "Check that the key network runs and that this computer is connected, then continue. Nothing was signed.",
    { cause },
  );
}

/** The nodes answered, but they would not or could not do it; `explanation` is theirs, a sentence. */
export function networkFailed(explanation: string, cause: unknown): WalletError {
  return new WalletError(
    "network-failed",
    `The key network could not do this. ${explanation}`,
    "Continue to try again. Nothing was signed.",
    { cause },
  );
}

/**
 * The nodes' shares make no valid signature, and it cannot be told which node is wrong, because without any one of
 * them too few are left.
 * @param asked indices of the nodes of which one is wrong
 */
export function wrongShare(asked: readonly number[], cause?: unknown): WalletError {
  return new WalletError(
    "network-wrong-share",
    `One of the key ${nameNodes(asked)} returned a wrong share of the signature. The signature was refused.`,
    "Start the nodes that are stopped, then continue: Trivet then finds the wrong one and signs without it.",
    { cause },
  );
}

/** The account at the key network's service has no money left. */
export function networkUnpaid(cause: unknown): WalletError {
  return new WalletError(
    "network-unpaid",
    "The account at Lit's service has no credit left, so that its keys sign nothing.",
    "Whoever runs that account adds credit; then continue. Nothing was signed and nothing is lost.",
    { cause },
  );
}

/** The service does not let this wallet have the gate run, or make a key. */
export function networkNotPermitted(cause: unknown): WalletError {
  return new WalletError(
    "network-not-permitted",
    "Lit's service does not permit this with the usage key of this computer.",
    "Whoever runs the account there permits the published gates in its group, and the usage key to run them and to " +
      "make keys. Nothing was signed.",
    { cause },
  );
}

/** There is no usage key on this computer, or it cannot be used as it is; `problem` is a sentence. */
export function usageKeyMissing(problem: string, cause?: unknown): WalletError {
  return new WalletError(
    "usage-key-missing",
    problem,
    "Ask whoever runs the account at Lit's service for a usage key, and put it where docs/networks.md says.",
    { cause },
  );
}

/** The service does not know the usage key. */
export function usageKeyRefused(cause: unknown): WalletError {
  return new WalletError(
    "usage-key-refused",
    "Lit's service does not accept the usage key of this computer.",
    "Put a valid one where docs/networks.md says, then restart Trivet. Nothing was signed.",
    { cause },
  );
}

/** The usage key may do more than a wallet's may; `problem` is a sentence. */
export function usageKeyTooStrong(problem: string): WalletError {
  return new WalletError(
    "usage-key-too-strong",
    `Trivet does not use this usage key of Lit's service. ${problem}`,
    "Whoever runs the account there makes one that runs programs in one group and administers nothing. Delete this one.",
  );
}

/** A key's record, or the gate registry, names a gate that did not come with this version of Trivet. */
export function gateUnknown(gate: GateDigest): WalletError {
  return new WalletError(
    "gate-unknown",
    `This version of Trivet does not know the gate ${cidOfDigest(gate)}.`,
    "Update Trivet: it runs only gates that came with it. Until then keys at this gate sign nothing; all others do.",
  );
}

/** Governance no longer stands behind the gate that a key's record names, so the key network does not run it. */
export function gateWithdrawn(cause?: unknown): WalletError {
  return new WalletError(
    "gate-withdrawn",
    "The gate of this key was withdrawn: the key network runs it no more, so the key signs nothing.",
    "See Security, Gate. Your device key and keys outside the network work as before; put another key in its place, " +
      "or wait until the gate is published again.",
    { cause },
  );
}
