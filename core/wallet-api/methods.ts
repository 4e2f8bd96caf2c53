import { z } from "zod";
import { zReplaceableRole, zRole } from "../keys/role.ts";
import { zLedgerState } from "../ledger/states.ts";
import { zLink } from "../links/link.ts";
import { zAddress } from "../primitives/address.ts";
import { ACCOUNT_SETTINGS_METHODS } from "./account-settings.ts";
import { ACTIVITY_METHODS, zActivityItem } from "./activity.ts";
import { ALLOWANCE_METHODS } from "./allowances.ts";
import { API_KEY_METHODS } from "./api-keys.ts";
import { zOperationView } from "./operation-view.ts";
import { CHANGE_METHODS, zChangeWay } from "./changes.ts";
import { CONTACT_METHODS } from "./contacts.ts";
import { DEVICE_METHODS } from "./devices.ts";
import { EXIT_KIT_METHODS } from "./exit-kit.ts";
import { FACTOR_METHODS, zFactorChangeView } from "./factors.ts";
import { EMERGENCY_METHODS } from "./emergency.ts";
import { FREEZE_METHODS } from "./freeze.ts";
import { FRIEND_METHODS } from "./friends.ts";
import { GATE_METHODS } from "./gates.ts";
import { JOINING_METHODS, zJoiningView } from "./joining.ts";
import { KEY_METHODS } from "./keys.ts";
import { LEDGER_METHODS } from "./ledger.ts";
import { LINK_METHODS } from "./links.ts";
import { zCodeWish, zGivenProof, zGuardedAction, zProofNeed } from "./proofs.ts";
import { SCHEDULE_METHODS } from "./schedule.ts";
import { zSecurityReport, zSecurityStanding } from "./security.ts";
import { WATCH_METHODS, zWatchView } from "./watch.ts";
import { zAppInfo, zPendingCode, zSettings, zToken, zTokenAmount, zWalletState } from "./state.ts";

const nothing = z.undefined();
const id = z.object({ id: z.uuid() });
const code = z.string().regex(/^\d{6}$/, "a code has six digits");

/**
 * The wallet API: everything the app's window can ask of the main process, one channel per method, parsed on both
 * ends. To add a method: a line here, a handler of the same name in electron/main/wallet/, a call in the renderer.
 */
export const WALLET_METHODS = {
  "app.info": { input: nothing, output: zAppInfo },
  "app.openDevnetPage": { input: nothing, output: nothing },
  /** Copies text (an address, a letter's link) to the clipboard. */
  "app.copy": { input: z.object({ text: z.string().max(20_000) }), output: nothing },

  "settings.get": { input: nothing, output: zSettings },
  "settings.set": { input: zSettings, output: zSettings },

  "wallet.state": { input: nothing, output: zWalletState },
  /** Sends an email code to sign in (welcome) or to unlock (locked; email is then the account's and is ignored). */
  "wallet.sendCode": { input: z.object({ email: z.string().max(254) }), output: zPendingCode },
  /** Signs in: creation starts by itself in the welcome phase, the device key is unlocked in the locked phase. */
  "wallet.verifyCode": { input: z.object({ code }), output: zWalletState },
  /** Goes on with a creation that stopped. */
  "wallet.continueCreation": { input: nothing, output: nothing },
  /** Whether the person has an unlock code for this computer on paper. */
  "wallet.hasUnlockCode": { input: nothing, output: z.boolean() },
  /** Unlocks by the code on paper, without the authenticator: what the network signs needs a sign-in all the same. */
  "wallet.unlockByCode": { input: z.object({ code: z.string().max(200) }), output: zWalletState },
  /** Makes an unlock code, to be shown once; the one before it opens nothing any more. */
  "wallet.createUnlockCode": { input: nothing, output: z.object({ code: z.string() }) },
  "wallet.removeUnlockCode": { input: nothing, output: nothing },
  "wallet.lock": { input: nothing, output: nothing },

  "account.balances": { input: nothing, output: z.array(zTokenAmount) },
  /** The newest items; "activity.list" has all of them. */
  "account.activity": { input: nothing, output: z.array(zActivityItem) },
  "account.tokens": { input: nothing, output: z.array(zToken) },

  /** Checks what was typed (address checksum, amount, balance); fails with a sentence for the first problem. */
  "withdraw.review": {
    input: z.object({ token: zAddress, to: z.string().max(200), amount: z.string().max(100) }),
    output: z.object({
      token: zToken,
      to: zAddress,
      amount: z.bigint(),
      balanceAfter: z.bigint(),
      /** The recipient has code on the chain: a contract. */
      toIsContract: z.boolean(),
      /** Withdrawn to before from this account. */
      toIsKnown: z.boolean(),
      /** The account's contract is put on the chain first (once). */
      deploysFirst: z.boolean(),
      /** Who can sign, and when it takes effect then; the best first. One key alone only where the owner allowed it. */
      ways: z.array(zChangeWay).min(1),
    }),
  },
  /** Starts the withdrawal and works on it until it needs the person; follow it by the "operation" event. */
  "withdraw.start": {
    input: z.object({
      token: zAddress,
      to: zAddress,
      amount: z.bigint().positive(),
      signedBy: z.array(zRole).min(1),
    }),
    output: zOperationView,
  },
  ...KEY_METHODS,

  /** All operations in flight and those that ended since the app started, newest first. */
  "operations.list": { input: nothing, output: z.array(zOperationView) },
  "operations.continue": { input: id, output: zOperationView },
  "operations.drop": { input: id, output: zOperationView },
  /** A wallet of the key's record signs along on the Ledger, to prove who the person is; goes on with the operation. */
  "operations.useWallet": { input: id.extend({ wallet: zAddress }), output: zOperationView },
  /** Brings the confirm window to the front again. */
  "operations.showConfirm": { input: id, output: nothing },

  /** What is still to be proven before the network signs with the key of a role; nothing when all is. */
  "proofs.missing": {
    input: z.object({ action: zGuardedAction, role: zReplaceableRole }),
    output: zProofNeed.optional(),
  },
  /** Sends a code to one of the person's addresses; an earlier one no longer counts. */
  "proofs.sendCode": { input: zCodeWish, output: zPendingCode },
  /** Proves one factor; where it opens the browser, this resolves when the person is done there. */
  "proofs.give": { input: zGivenProof, output: nothing },
  /** Stops waiting for the browser. */
  "proofs.cancel": { input: nothing, output: nothing },

  /** The account's level and what it is worth. */
  "security.standing": { input: nothing, output: zSecurityStanding },
  /** Who could take the account's money, what would lock its owner out, and what would help most. */
  "security.report": { input: nothing, output: zSecurityReport },

  ...ACCOUNT_SETTINGS_METHODS,

  ...ACTIVITY_METHODS,

  ...ALLOWANCE_METHODS,

  ...API_KEY_METHODS,

  ...CHANGE_METHODS,

  ...CONTACT_METHODS,

  ...DEVICE_METHODS,

  ...EXIT_KIT_METHODS,

  ...EMERGENCY_METHODS,

  ...FREEZE_METHODS,

  ...FRIEND_METHODS,

  ...SCHEDULE_METHODS,

  ...FACTOR_METHODS,

  ...GATE_METHODS,

  ...JOINING_METHODS,

  ...WATCH_METHODS,

  ...LEDGER_METHODS,

  ...LINK_METHODS,
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type WalletMethod = keyof typeof WALLET_METHODS;
export type WalletInput<M extends WalletMethod> = z.input<(typeof WALLET_METHODS)[M]["input"]>;
export type WalletOutput<M extends WalletMethod> = z.output<(typeof WALLET_METHODS)[M]["output"]>;

/** What main tells the app's window without being asked. */
export const WALLET_EVENTS = {
  state: zWalletState,
  operation: zOperationView,
  factorChange: zFactorChangeView,
  settings: zSettings,
  joining: zJoiningView,
  watch: zWatchView,
  /** The Ledger's state while something waits for it. */
  ledger: zLedgerState,
  /** A link was opened outside Trivet; "links.waiting" has it until somebody looks at it. */
  link: zLink,
} as const satisfies Record<string, z.ZodType>;

export type WalletEvent = keyof typeof WALLET_EVENTS;
export type WalletEventData<E extends WalletEvent> = z.output<(typeof WALLET_EVENTS)[E]>;
