import { z } from "zod";
import { KEY_NETWORK_ADAPTERS } from "../config/network.ts";
import { zRole } from "../keys/role.ts";
import { zSigner } from "../keys/signer.ts";
import { zAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";
import { zWalletErrorData } from "../errors/wallet-error.ts";

/** Who holds a key. Every holder keeps one shape on every screen. */
export const HOLDERS = [
  "this-computer",
  "other-computer",
  "network",
  "ledger",
  "passkey",
  "safe",
  "friend",
] as const;
export const zHolder = z.enum(HOLDERS);
export type Holder = z.output<typeof zHolder>;

/** One of the account's keys as the screens show it. */
export const zAccountKey = z.object({
  role: zRole,
  holder: zHolder,
  id: zKeyId,
  /** The signer in full: an address, or a passkey's verifier and public key. */
  signer: zSigner,
  /** Where exactly: "4 nodes on this computer (devnet)", "Nano S Plus". */
  detail: z.string(),
});
export type AccountKey = z.output<typeof zAccountKey>;

export const zAccount = z.object({
  address: zAddress,
  /** Whether the contract is on the chain already; before, the address can receive all the same. */
  deployed: z.boolean(),
  keys: z.array(zAccountKey),
});
export type Account = z.output<typeof zAccount>;

/** A step of something long, as the screens list it. */
export const zStepStatus = z.enum(["waiting", "running", "needs-you", "done", "failed"]);
export type StepStatus = z.output<typeof zStepStatus>;

/**
 * The steps of account creation, in their order. The last writes into the factor registry what the person has to prove
 * before the network's keys sign, and for which account they do.
 */
export const CREATION_STEPS = ["device-key", "mfa-key", "recovery-key", "address", "records"] as const;
export const zCreationStep = z.object({
  id: z.enum(CREATION_STEPS),
  status: zStepStatus,
  holder: zHolder.optional(),
  signer: zAddress.optional(),
  error: zWalletErrorData.optional(),
});
export type CreationStep = z.output<typeof zCreationStep>;

/** An email code that is on its way. */
export const zPendingCode = z.object({
  sentTo: z.string(),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
});
export type PendingCode = z.output<typeof zPendingCode>;

/** Where the wallet stands; the app's router follows it. */
export const zWalletState = z.discriminatedUnion("phase", [
  /** No account on this computer. */
  z.object({
    phase: z.literal("welcome"),
    code: zPendingCode.optional(),
    /** This computer is to join an account that is there already. */
    joining: z.object({ account: zAddress }).optional(),
  }),
  /** Signed in; the keys are being made. Interrupted creations come back here. */
  z.object({
    phase: z.literal("creating"),
    email: z.string(),
    steps: z.array(zCreationStep),
    /** True while it runs; false when it stopped at a failed step and can be continued. */
    running: z.boolean(),
  }),
  /** An account (or an unfinished creation) is here, the device key is not in memory. */
  z.object({
    phase: z.literal("locked"),
    email: z.string(),
    address: zAddress.optional(),
    code: zPendingCode.optional(),
    reason: z.enum(["start", "idle", "sleep", "request", "session-ended"]),
  }),
  /** Signed in on a computer whose device key is not an active one of the account yet (joining.ts). */
  z.object({ phase: z.literal("joining"), email: z.string(), address: zAddress }),
  z.object({ phase: z.literal("unlocked"), email: z.string(), account: zAccount }),
]);
export type WalletState = z.output<typeof zWalletState>;

/** What the app is and what it talks to; shown in settings and wherever something is not what it would be live. */
export const zAppInfo = z.object({
  version: z.string(),
  /** The stand-in host is Node and Chromium instead of Electron: for trying out and tests. */
  host: z.enum(["electron", "stand-in"]),
  /** Whether the operating system's key store protects the device key. */
  keyStore: z.enum(["os", "file"]),
  network: z.object({
    name: z.string(),
    kind: z.enum(["devnet", "live"]),
    chainId: z.number(),
    chainName: z.string(),
    nativeSymbol: z.string(),
    /** Who holds the keys of the key network: nodes that share them, or one enclave that others run. */
    keyNetwork: z.enum(KEY_NETWORK_ADAPTERS),
  }),
  ledgerTransport: z.enum(["usb", "speculos"]),
  devnetPageUrl: z.string().optional(),
});
export type AppInfo = z.output<typeof zAppInfo>;

export const zSettings = z.object({
  theme: z.enum(["system", "light", "dark"]),
  /** Minutes without input until the wallet locks itself. */
  lockAfterMinutes: z.int().min(1).max(120),
  /** The highest level of security whose suggestion the person put away; a demand cannot be put away. */
  dismissedLevel: z.int().min(1).max(4).optional(),
});
export type Settings = z.output<typeof zSettings>;
export const DEFAULT_SETTINGS: Settings = { theme: "system", lockAfterMinutes: 10 };

export const zToken = z.object({
  /** The zero address is the chain's own coin. */
  address: zAddress,
  symbol: z.string(),
  name: z.string(),
  decimals: z.int(),
});
export type Token = z.output<typeof zToken>;

export const zBalance = z.object({ token: zToken, amount: z.bigint() });
export type Balance = z.output<typeof zBalance>;

/** What a contract says of a token; no amount where the token's contract gives no answer that can be one. */
export const zTokenAmount = zBalance.partial({ amount: true });
export type TokenAmount = z.output<typeof zTokenAmount>;
