import { decodeErrorResult } from "viem/utils";
import {
  accountAbi,
  accountFactoryAbi,
  aliasRegistryAbi,
  factorRegistryAbi,
  reclaimablePaymentsAbi,
} from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Hex } from "#core/primitives/hex.ts";

/** The ABIs of every contract that the wallet calls, by itself or through an account. */
export const CALLED_ABIS = [
  ...accountAbi,
  ...accountFactoryAbi,
  ...factorRegistryAbi,
  ...aliasRegistryAbi,
  ...reclaimablePaymentsAbi,
] as const;

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
  NonceOfOtherDoor: ["The operation took a way its number is not for.", REPORT],
  // Keys.
  RoleNotReplaceable: ["Only the MFA key and the recovery key can be replaced this way.", REPORT],
  KeyIdMissing: ["The new key is missing.", REPORT],
  KeyAlreadyPresent: [
    "This key is on the account already.",
    "Choose another Ledger or another address of it.",
  ],
  KeyNotOfRole: ["The key to be replaced no longer has this role: it was replaced meanwhile.", START_AGAIN],
  AlreadyInitialized: ["This account exists already.", REPORT],
  KeyAsleep: [
    "The account was frozen while a key that signed was still pending, so it has not become active.",
    "Activate it with an active device key, then start again.",
  ],
  KeyNotPending: ["This key is active already.", "Remove it instead, if it should not be."],
  KeyVetoProof: [
    "This key was added by the MFA key and the recovery key together, which you allowed to overrule device keys.",
    "It cannot be rejected. Move your money before it becomes active if you did not add it.",
  ],
  KeyMayNotDecide: [
    "A key that signed may not decide about this: it is about that key, or was proposed by it.",
    "Sign with another key.",
  ],
  RoleNeedsKeys: [
    "Too few keys of this role would remain to act for it.",
    "Add another key that never expires first, or lower the threshold.",
  ],
  RoleWithoutThreshold: ["Only the MFA and the recovery role have a threshold.", REPORT],
  RoleUnknown: ["The account knows no such role.", REPORT],
  TooManyKeys: ["This role has as many keys as it can have.", "Remove one first."],
  ExpiryInThePast: ["The key would have expired already.", "Choose a later time."],
  NotADeviceKey: ["Only device keys have a scope.", "Choose a device key."],
  NotForAScope: [
    "Calls to the account itself, or to where it pays its fees from, cannot be allowed to one key.",
    "Leave this contract out.",
  ],
  // Limits and scopes.
  LimitExceeded: [
    "This is more than the key may still spend by itself today.",
    "Wait until some of the limit is free again, or sign with the device key and the MFA key.",
  ],
  ClosedAtThisHour: [
    "The key spends nothing by itself at this hour.",
    "Wait for one of its hours, or sign with the device key and the MFA key.",
  ],
  CallNotInScope: [
    "One of the calls is not among those that the key may make by itself.",
    "Sign with the device key and the MFA key, or leave this call out.",
  ],
  // What waits.
  NotScheduled: ["This does not wait any more: it ran, was cancelled, or was never accepted.", START_AGAIN],
  StillWaiting: ["This still waits for its delay.", "Continue when its time has come."],
  ScheduleLapsed: ["This waited too long after its delay was over.", START_AGAIN],
  OperationAsleep: [
    "The account was frozen since this was accepted, so it sleeps.",
    "Arm it again, with a device key and the MFA or recovery key.",
  ],
  OperationNotAsleep: ["This does not sleep, so it need not be armed again.", "Drop this."],
  ProposerGone: ["A key that proposed this has no authority any more.", START_AGAIN],
  KeyCameLater: [
    "The key was removed meanwhile, and added again after this removal was proposed.",
    "Drop this. Remove the key anew if it should go.",
  ],
  // Freezing.
  LockedRecently: [
    "This key locked the account less than 30 days ago.",
    "Lock it with another key, or archive it with a device key and the MFA or recovery key.",
  ],
  NotFrozen: ["The account is not frozen any more.", "Drop this."],
  NotArchived: ["The successor can end an archive, not a lock.", "Wait until the lock lapses."],
  NotTheSuccessor: ["Only the successor that was named can do this.", "Use the successor's wallet."],
  NotAnEmergencyAddress: [
    "This address is none of the account's emergency addresses.",
    "Use the wallet of an emergency address.",
  ],
  // Settings.
  SettingOutOfBounds: [
    "A setting is outside of its bounds.",
    "Choose a value within them; the tripwire counts 1 to 6 removals, or is off.",
  ],
  WrongNumberOfValues: ["The account cannot read this change.", REPORT],
  ValueOutOfRange: ["A value of this change does not fit its field.", REPORT],
  AddressMissing: ["The change names no address.", REPORT],
  // Calls.
  CallFailed: [
    "One of the calls did not succeed, so none was made.",
    "Check what the called contract needs, then start again.",
  ],
  CallToSelf: ["The account does not call itself.", REPORT],
  NotTheEntryPoint: ["Only the ERC-4337 EntryPoint can ask this of the account.", REPORT],
  FeesNeedDeviceAndMfaKey: [
    "The account pays fees only for what a device key and the MFA key signed.",
    "Send this through a relay or a paymaster, or sign with both.",
  ],
  TooManySignatures: ["An operation cannot carry that many signatures.", REPORT],
  // Migration.
  SuccessorMissing: ["Everything can only move to another account.", "Name the new account."],
  StandardUnknown: ["The account does not know this kind of token.", REPORT],
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
  // Alias registry.
  AliasCycle: [
    "The successor already leads back to this account.",
    "Have the successor point nowhere first, or name another one.",
  ],
  TooManySuccessors: [
    "There are too many successors between this account and the last one.",
    "Name the last one directly.",
  ],
  // Payments that can be taken back.
  AmountMissing: ["A payment of nothing is refused.", "Enter an amount."],
  DeadlineAhead: ["The recipient still has time to take the payment.", "Wait for the deadline."],
  DeadlineOutOfRange: [
    "The deadline is less than an hour or more than a year away.",
    "Choose another deadline.",
  ],
  NotThePayer: ["Only whoever paid can take a payment back.", "Use the account that paid."],
  NotTheRecipient: ["Only the recipient itself can take a payment.", "Use the account that was paid."],
  NothingArrived: ["The token claims to have moved, but nothing arrived.", "Do not pay with this token."],
  PaymentNotOpen: ["The payment was taken or taken back already.", "Look at the history."],
  RecipientImpossible: ["This address cannot be paid.", "Check the recipient."],
  ReentrancyGuardReentrantCall: [
    "The token or the recipient tried to act a second time while it was paid.",
    "Check the token and the recipient.",
  ],
  TokenNotCollected: [
    "The token could not be collected: too little balance, or no approval.",
    "Check the balance, approve the amount, and start again.",
  ],
  TokenTookTooMuch: ["The token took more than the payment's amount.", "Do not pay with this token."],
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
