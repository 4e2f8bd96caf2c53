import { z } from "zod";
import { zNetworkConfig } from "#core/config/network.ts";
import { zKey } from "#core/keys/key.ts";
import { zSessionGrant } from "#core/key-network/session-message.ts";
import { zReplaceableRole, zRole } from "#core/keys/role.ts";
import { MOST_ACCOUNTS, zLedgerAccount, zLedgerDevice, zLedgerId } from "#core/ledger/device.ts";
import { zLedgerPath } from "#core/ledger/paths.ts";
import { zLedgerState } from "#core/ledger/states.ts";
import { zOperation } from "#core/operations/operation.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zUint256 } from "#core/primitives/amount.ts";
import { zDigest, zFactorId, zGateDigest, zHex } from "#core/primitives/hex.ts";
import { zFactorType } from "#core/security/factors.ts";
import { zRecordState } from "#core/security/record-change.ts";
import { zConfirmView, zEffect } from "#core/wallet-api/operation-view.ts";
import { zHolder, zPendingCode } from "#core/wallet-api/state.ts";
import { ENROLMENT_METHODS } from "./enrolment/protocol.ts";
import { FRIEND_METHODS } from "./friends/methods.ts";
import { JOINING_METHODS } from "./joining/methods.ts";
import { PASSKEY_METHODS, PASSKEY_NEEDS, zAskedPasskey } from "./passkeys/methods.ts";
import { PROOF_METHODS } from "./session/proofs/methods.ts";

const nothing = z.undefined();
/** An operation that is to be signed: by whom, and when it takes effect then. */
const zAsked = z.object({
  operation: zOperation,
  signers: z.array(z.object({ role: zRole, holder: zHolder })),
  timing: z.object({ effect: zEffect, seconds: z.int().nonnegative().optional() }),
});

export const zProvenFactor = z.object({
  type: zFactorType,
  id: z.string(),
  factorId: zFactorId,
  lastAuthenticatedAt: z.number(),
});

const zAuthorization = z.object({ jwt: z.string(), deviceKey: zKey, deviceSignature: zHex });
export type Authorization = z.output<typeof zAuthorization>;

const authorized = {
  authorization: zAuthorization,
  /** Of the wallet that was asked to sign along. */
  walletSignature: zHex.optional(),
};

const recordAuthorization = {
  ...authorized,
  /** What the factor registry will hold. */
  entries: z.array(zFactorId),
};

const zOneRecordChange = z.object({
  key: zAddress,
  role: zReplaceableRole,
  /** The version of the record after the change. */
  version: zUint256,
  from: zRecordState,
  to: zRecordState,
});

/** What main can ask of the vault. No method takes a digest to sign, and none returns a key that has a say. */
export const VAULT_METHODS = {
  ...ENROLMENT_METHODS,
  ...PROOF_METHODS,
  ...FRIEND_METHODS,
  ...JOINING_METHODS,
  ...PASSKEY_METHODS,

  start: {
    input: z.object({ config: zNetworkConfig, directory: z.string() }),
    /** The device key on this computer, if there is one; it is locked. */
    output: z.object({ device: zAddress.optional() }),
  },

  /** Sends an email code, to sign in or to prove again who one is. */
  sendCode: { input: z.object({ email: z.string() }), output: zPendingCode },
  /** Verifies the code; opens the device key if there is one. */
  verifyCode: {
    input: z.object({ code: z.string() }),
    output: z.object({ userId: z.string(), email: z.string(), device: zAddress.optional() }),
  },
  /** Whether an unlock code was made for this computer. */
  hasUnlockCode: { input: nothing, output: z.boolean() },
  /** Opens the device key by the unlock code, without the authenticator. */
  unlockByCode: { input: z.object({ code: z.string() }), output: nothing },
  /** Makes an unlock code, which goes out once, to be written on paper; the one before it opens nothing any more. */
  createUnlockCode: { input: nothing, output: z.object({ code: z.string() }) },
  removeUnlockCode: { input: nothing, output: nothing },
  /** Makes the device key and keeps it, sealed; the session must be open. The same one if it exists already. */
  createDeviceKey: { input: nothing, output: z.object({ device: zAddress }) },
  /**
   * Makes a key for a script and hands it out, sealed under a password or plain, to be saved: the one private key that
   * leaves the vault. It has no say until the account's keys add it; nothing of it stays.
   */
  createApiKey: {
    input: z.object({ password: z.string().min(1).optional() }),
    output: z.object({ address: zAddress, text: z.string() }),
  },
  /** Wipes the device key, the session and all approvals from memory. */
  lock: { input: nothing, output: nothing },
  /** The factors proven in this session. */
  factors: { input: nothing, output: z.array(zProvenFactor) },

  /** The person dropped this operation: their approval of it counts no more. */
  forgetApproval: { input: z.object({ operation: zOperation }), output: nothing },
  /** Approved by the person in the confirm window, then signed (compact form) with the device key. */
  signWithDevice: {
    input: zAsked,
    output: z.object({ signature: zHex }),
  },
  /** Approved by the person in the confirm window, then signed (compact form) by a passkey in their browser. */
  signWithPasskey: {
    input: zAsked.extend({ passkey: zAskedPasskey }),
    output: z.object({ signature: zHex }),
  },
  /** Approved by the person in the confirm window, then signed on the Ledger (formOnLedger). */
  signWithLedger: {
    input: zAsked.extend({ signer: zAddress }),
    output: z.object({ signature: zHex }),
  },
  /** Makes sure that the person approved this in the confirm window, and that a wallet signs along where one does. */
  approve: {
    input: zAsked.extend({ wallet: zAddress.optional() }),
    output: nothing,
  },
  /**
   * A fresh session token bound by the device key to an approved operation, for the gate; and by a wallet on the
   * Ledger, where one proves itself.
   */
  authorizeOperation: {
    input: zAsked.extend({ wallet: zAddress.optional() }),
    output: z.object(authorized),
  },
  /** The same for the first record of a new network key: the factors that this session proved, and a gate. */
  authorizeFirstRecord: {
    input: z.object({ key: zAddress, account: zAddress, gate: zGateDigest }),
    output: z.object({ ...recordAuthorization, next: zRecordState }),
  },
  /** Approved by the person in the confirm window: the same for a change of a network key's record. */
  authorizeRecordChange: {
    input: zOneRecordChange.extend({
      /** The same change of the other network key's record: shown in the same window, approved by one decision. */
      alongside: zOneRecordChange.optional(),
      /** Signs along on the Ledger, to prove who the person is. */
      wallet: zAddress.optional(),
    }),
    output: z.object(recordAuthorization),
  },
  /** Signs the key network's session message, whose text the vault composes itself from these fields. */
  signNetworkSession: { input: zSessionGrant, output: z.object({ signature: zHex }) },

  ledgerCheck: {
    input: z.object({ path: zLedgerPath.optional() }),
    output: z.object({ devices: z.array(zLedgerDevice) }),
  },
  ledgerAccounts: {
    input: z.object({ device: zLedgerId, paths: z.array(zLedgerPath).min(1).max(MOST_ACCOUNTS) }),
    output: z.array(zLedgerAccount),
  },
  /** Confirmed there, the address is looked for at this path from then on. */
  ledgerVerifyAddress: {
    input: z.object({ address: zAddress, path: zLedgerPath.optional() }),
    output: nothing,
  },
  /** The Ledger signs the readable acceptance of a role: it can sign, and it is the one whose address was shown. */
  ledgerAcceptRole: {
    input: z.object({ role: zReplaceableRole, signer: zAddress, account: zAddress }),
    output: z.object({ signature: zHex }),
  },
  ledgerCancel: { input: nothing, output: nothing },
  /** The digest a Ledger shows for an operation. */
  ledgerDigest: { input: z.object({ operation: zOperation }), output: zDigest },
} as const;

/** What the vault asks of main. */
export const VAULT_NEEDS = {
  ...PASSKEY_NEEDS,

  /** Encrypts 32 bytes with the operating system's key store; base64 in, base64 out. */
  protect: { input: z.object({ secret: z.base64() }), output: z.object({ protected: z.base64() }) },
  unprotect: { input: z.object({ protected: z.base64() }), output: z.object({ secret: z.base64() }) },
  /** Shows the confirm window. */
  confirm: { input: z.object({ view: zConfirmView }), output: z.object({ approved: z.boolean() }) },
  /** What the confirm window asks under this id is asked no more: it closes. Any other question stays. */
  takeBack: { input: zConfirmView.pick({ id: true }), output: nothing },
  /** The Ledger's state changed while the vault waits for it. */
  ledgerState: { input: z.object({ state: zLedgerState }), output: nothing },
} as const;
