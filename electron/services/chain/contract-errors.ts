import { decodeErrorResult } from "viem/utils";
import { accountAbi, accountFactoryAbi, factorRegistryAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Hex } from "#core/primitives/hex.ts";

const CALLED_ABIS = [...accountAbi, ...accountFactoryAbi, ...factorRegistryAbi] as const;

/** Every error with which a contract that the wallet calls can refuse. */
export type ContractErrorName = Extract<(typeof CALLED_ABIS)[number], { type: "error" }>["name"];

const START_AGAIN = "Drop this operation and start it again.";
const REPORT = "Drop this operation and report it with the log file: the wallet should not have sent it.";

/** What happened, and what to do: one line per error; TypeScript names the error that has none. */
export const CONTRACT_ERROR_TEXT: Record<ContractErrorName, readonly [message: string, whatToDo: string]> = {
  // Who signed.
  AccountFrozen: [
    "The account is locked or archived: nothing leaves it meanwhile.",
    "Unfreeze it first, with a device key and the MFA or recovery key.",
  ],
  KeyMissing: ["The account misses the signature of one of its keys.", START_AGAIN],
  NotAllowedAlone: [
    "One key alone may not do this: it is neither within its limit nor allowed to it.",
    "Start again and sign with the device key and the MFA key.",
  ],
  RecoveryKeyMissing: ["The account misses the signature of the recovery key.", START_AGAIN],
  DeviceKeyMissing: ["The account misses the signature of an active device key.", START_AGAIN],
  MfaKeyMissing: ["The account misses the signature of the MFA key.", START_AGAIN],
  MfaOrRecoveryKeyMissing: [
    "The account misses a signature of the MFA key or the recovery key.",
    START_AGAIN,
  ],
  KeyUnknown: [
    "The account does not know one of the keys that signed: it was replaced meanwhile.",
    START_AGAIN,
  ],
  KeyPending: [
    "A key that signed is not active yet.",
    "Wait until it is active, or sign with another device.",
  ],
  KeyExpired: ["A key that signed has expired.", "Replace that key, then start again."],
  SignatureRejected: ["One of the signatures does not fit this operation.", START_AGAIN],
  SignatureHeaderUnknown: ["The account cannot read a signature.", REPORT],
  SignatureMalformed: ["The account cannot read a signature.", REPORT],
  SignaturesNotAscending: ["The same key signed twice, or the signatures are out of order.", REPORT],
  SignaturesTruncated: ["The account cannot read the signatures: they are cut off.", REPORT],
  SignerNotAnAddress: ["The readable form cannot name this kind of key.", REPORT],
  RevealMissing: ["The readable form was signed, but the signers were not named.", REPORT],
  RevealMismatch: ["The signers that were named are not the keys of this operation.", REPORT],
  // Order.
  NonceNotNext: ["Another operation of the account ran first.", START_AGAIN],
  // Keys.
  RoleNotReplaceable: ["Only the MFA key and the recovery key can be replaced this way.", REPORT],
  KeyIdMissing: ["The new key is missing.", REPORT],
  KeyAlreadyPresent: [
    "This key is on the account already.",
    "Choose another Ledger or another address of it.",
  ],
  KeyNotOfRole: ["The key to be replaced no longer has this role: it was replaced meanwhile.", START_AGAIN],
  AlreadyInitialized: ["This account exists already.", REPORT],
  // Money.
  BalanceTooLow: [
    "The account no longer holds enough for this withdrawal.",
    "Top the account up, or drop this withdrawal and start a smaller one.",
  ],
  RecipientMissing: ["The withdrawal names no recipient.", REPORT],
  EtherRefused: ["The recipient does not accept the chain's coin.", "Drop this and check the recipient."],
  TokenTransferFailed: [
    "The token refused the transfer.",
    "Drop this and check the token and the recipient.",
  ],
  // Factory.
  ImplementationMissing: ["The account's program is not on this chain.", "Check the network configuration."],
  FailedDeployment: ["The account could not be put on the chain.", "Continue to try again."],
  InsufficientBalance: ["The factory could not pay for putting the account on the chain.", REPORT],
  // Factor registry.
  NotSignedByKey: ["The change of the factors was not signed by the key they guard.", REPORT],
  ECDSAInvalidSignature: ["The key's signature cannot be read.", REPORT],
  ECDSAInvalidSignatureLength: ["The key's signature cannot be read.", REPORT],
  ECDSAInvalidSignatureS: ["The key's signature is not in its only accepted form.", REPORT],
  FactorsMissing: ["A record without factors is refused: nobody could use the key.", REPORT],
  FactorsNotAscending: ["The factors of the record are out of order.", REPORT],
  TooManyFactors: ["A key can have no more factors.", "Remove a factor first."],
  GateMissing: ["The record names no gate.", REPORT],
  GateNotPublished: [
    "The record names a gate that is not published, so nobody could use the key again.",
    "Check the gate in the network configuration.",
  ],
  InvalidShortString: ["The factor registry is not set up correctly.", REPORT],
  StringTooLong: ["The factor registry is not set up correctly.", REPORT],
};

/** The sentence for a contract's refusal; unknown data gets an honest general one. */
export function revertError(revertData: Hex): WalletError {
  try {
    const { errorName } = decodeErrorResult({ abi: CALLED_ABIS, data: revertData });
    const [message, whatToDo] = CONTRACT_ERROR_TEXT[errorName];
    return new WalletError(`contract-${errorName}`, message, whatToDo);
  } catch {
    // Not one of our errors: fall through to the general sentence.
  }
  return new WalletError(
    "contract-refused",
    "The contract refused the operation without naming a reason that Trivet knows.",
    "Nothing was moved. Drop it and check token and recipient.",
  );
}
