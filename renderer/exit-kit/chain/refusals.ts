import { BaseError, parseAbi } from "viem";
import { decodeErrorResult } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Hex, isBytes } from "#core/primitives/hex.ts";

/** Errors with which an account refuses what the kit asks of it; a test compares them with the compiled contracts. */
export const refusalsAbi = parseAbi([
  "error AccountFrozen()",
  "error BalanceTooLow(address token, uint256 balance, uint256 amount)",
  "error CallFailed(uint256 position, bytes reason)",
  "error DeviceKeyMissing()",
  "error EtherRefused(address to)",
  "error KeyAlreadyPresent(bytes32 keyId)",
  "error KeyAsleep(bytes32 keyId)",
  "error KeyExpired(bytes32 keyId, uint48 expires)",
  "error KeyMayNotDecide(bytes32 keyId)",
  "error KeyMissing()",
  "error KeyNotOfRole(bytes32 keyId, uint8 role)",
  "error KeyNotPending(bytes32 keyId)",
  "error KeyPending(bytes32 keyId, uint48 activeFrom)",
  "error KeyUnknown(bytes32 keyId)",
  "error KeyVetoProof(bytes32 keyId)",
  "error MfaKeyMissing()",
  "error MfaOrRecoveryKeyMissing()",
  "error NonceNotNext(uint256 nonce, uint256 expected)",
  "error NotAllowedAlone()",
  "error NotAnEmergencyAddress(address caller)",
  "error NotArchived()",
  "error NotFrozen()",
  "error NotScheduled(bytes32 operation)",
  "error NotTheSuccessor(address caller)",
  "error OperationAsleep(bytes32 operation)",
  "error ProposerGone(bytes32 operation)",
  "error RecoveryKeyMissing()",
  "error RoleNeedsKeys(uint8 role, uint256 count, uint256 needed)",
  "error ScheduleLapsed(bytes32 operation, uint256 executableUntil)",
  "error SignatureMalformed(uint256 position)",
  "error SignatureRejected(bytes32 keyId)",
  "error SignaturesNotAscending(bytes32 keyId)",
  "error StillWaiting(bytes32 operation, uint256 executableAt)",
  "error TokenTransferFailed(address token)",
  "error TooManyKeys(uint8 role, uint256 most)",
]);

type RefusalName = (typeof refusalsAbi)[number]["name"];

const READ_AGAIN = "Read the account again, then start over.";
const OTHER_KEYS = "Add another key you hold.";

/** What happened, and what to do. */
const WORDS: Readonly<Record<RefusalName, readonly [message: string, whatToDo: string]>> = {
  AccountFrozen: [
    "The account is locked or archived: nothing leaves it meanwhile.",
    "End that first: see “Unfreeze”.",
  ],
  BalanceTooLow: ["The account holds less than that.", READ_AGAIN],
  CallFailed: [
    "One of the transfers failed, so none was made.",
    "Leave out the last asset you added, and move it by itself.",
  ],
  DeviceKeyMissing: ["The signature of an active device key is missing.", OTHER_KEYS],
  EtherRefused: ["The recipient takes none of the chain's coin.", "Name another recipient."],
  KeyAlreadyPresent: ["The account has this key already.", "Choose another key."],
  KeyAsleep: [
    "The account was frozen while this key was pending, so it never became active.",
    "Have an active device key activate it, or add another key.",
  ],
  KeyExpired: ["A key that signed has expired.", OTHER_KEYS],
  KeyMayNotDecide: ["The key that signed may not decide about this: it is about that key.", OTHER_KEYS],
  KeyMissing: ["A signature is missing.", OTHER_KEYS],
  KeyNotOfRole: ["The key to be replaced was replaced already.", READ_AGAIN],
  KeyNotPending: ["This key is active already, so it cannot be rejected.", READ_AGAIN],
  KeyPending: ["A key that signed is not active yet.", "Wait until it is, then read the account again."],
  KeyUnknown: [
    "A signature is of none of the account's keys, or it covers something else.",
    "Check the key and its salt, read the account again, and sign once more.",
  ],
  KeyVetoProof: [
    "This key was added by MFA and recovery keys together, which the owner allowed to overrule device keys.",
    "Withdraw before it becomes active, if you did not add it.",
  ],
  MfaKeyMissing: ["The signature of an MFA key is missing.", OTHER_KEYS],
  MfaOrRecoveryKeyMissing: ["The signature of an MFA or a recovery key is missing.", OTHER_KEYS],
  NonceNotNext: ["The account did something else meanwhile.", READ_AGAIN],
  NotAllowedAlone: ["One key alone may not do this.", OTHER_KEYS],
  NotAnEmergencyAddress: [
    "The sender is none of the account's emergency addresses.",
    "Use such an address's wallet.",
  ],
  NotArchived: ["The account is not archived; a successor ends archives only.", READ_AGAIN],
  NotFrozen: ["The account is not frozen.", READ_AGAIN],
  NotScheduled: ["This does not wait any more: it ran or was cancelled.", READ_AGAIN],
  NotTheSuccessor: ["The sender is not the account's successor.", "Use the successor's wallet."],
  OperationAsleep: ["This sleeps, because the account was frozen after it was accepted.", "Start it anew."],
  ProposerGone: ["A key that asked for this has no say any more.", "Start it anew with other keys."],
  RecoveryKeyMissing: ["The signature of a recovery key is missing.", OTHER_KEYS],
  RoleNeedsKeys: ["Too few keys of this role would remain.", "Add another key of the role first."],
  ScheduleLapsed: ["This waited too long after its delay was over.", "Start it anew."],
  SignatureMalformed: ["A signature cannot be read.", "Sign once more."],
  SignatureRejected: ["A signature does not fit.", "Check what was signed, and sign once more."],
  SignaturesNotAscending: ["The same key signed twice.", "Remove one of the two from what you hold."],
  StillWaiting: ["The delay is not over yet.", "Come back when it is."],
  TokenTransferFailed: ["The token refused the transfer.", "Leave this token out."],
  TooManyKeys: ["The role has as many keys as it can have.", READ_AGAIN],
};

/** The bytes a contract refused with, wherever in viem's chain of causes they are. */
function revertDataOf(error: unknown): Hex | undefined {
  let data: Hex | undefined;
  const visit = (cause: unknown): void => {
    if (data !== undefined || typeof cause !== "object" || cause === null) return;
    if ("data" in cause) {
      if (isBytes(cause.data)) data = cause.data;
      else visit(cause.data);
    }
    if ("cause" in cause) visit(cause.cause);
  };
  visit(error);
  return data;
}

/** What becomes of a failed question or transaction: a refusal in words, or what the chain's server said. */
export function chainError(error: unknown): WalletError {
  if (error instanceof WalletError) return error;
  const data = revertDataOf(error);
  if (data !== undefined && data !== "0x") return refusal(data, error);
  const said =
    error instanceof BaseError ? error.shortMessage : error instanceof Error ? error.message : String(error);
  return new WalletError(
    "chain-failed",
    `The chain did not do this: ${said}`,
    "Check the RPC address and your connection, then try again.",
    { cause: error },
  );
}

function refusal(data: Hex, cause: unknown): WalletError {
  try {
    const { errorName } = decodeErrorResult({ abi: refusalsAbi, data });
    const [message, whatToDo] = WORDS[errorName];
    return new WalletError(`refused-${errorName}`, message, whatToDo, { cause });
  } catch {
    // None of the errors above: the bytes themselves are all there is to say.
    return new WalletError("refused", `The account refused this (${data.slice(0, 74)}).`, READ_AGAIN, {
      cause,
    });
  }
}
