import { encodeFunctionData } from "viem";
import { accountFactoryAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { encodeOperation } from "#core/operations/call.ts";
import type { SignerKind } from "#core/operations/signatures.ts";
import type { Form } from "#core/operations/typed-data.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { GuardedAction } from "#core/security/gate-rules.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { OperationStepId, OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { Holder } from "#core/wallet-api/state.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Relay } from "../chain/relay.ts";
import type { KeyNetworkService } from "../key-network.ts";
import type { ProfileStore } from "../profile.ts";
import type { Proofs } from "../proofs/proofs.ts";
import type { VaultClient } from "../vault.ts";
import type { JournalEntry } from "./journal.ts";
import { cosigner, deviceSigner } from "./plan.ts";

/** What the steps of an operation work with. */
export interface StepContext {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly relay: Relay;
  readonly vault: VaultClient;
  readonly keyNetwork: KeyNetworkService;
  readonly profile: ProfileStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Keeps the entry before anything that cannot be undone, and after anything that must not be lost. */
  readonly save: (entry: JournalEntry) => Promise<void>;
  /** Says what the person still has to prove. */
  readonly proofs: Pick<Proofs, "missing">;
  /** A wallet of the person's that signs along, to prove who they are. */
  readonly wallet: Address | undefined;
  /** Whether the person dropped the operation while this step was at work. */
  readonly isDropped: () => boolean;
  /** Tells the screens what the step waits for; undefined when it goes on by itself. */
  readonly waitFor: (needs: OperationView["needs"]) => void;
}

/** How a step ended: with a changed entry, or because it needs the person first. */
export type StepResult = { entry: JournalEntry } | { needs: NonNullable<OperationView["needs"]> };

type Step = (entry: JournalEntry, context: StepContext) => Promise<StepResult>;

const signersOf = (entry: JournalEntry) =>
  entry.signers.map(({ role, held }) => ({ role, holder: held.holder }));

function withSignature(
  entry: JournalEntry,
  signer: JournalEntry["signers"][number],
  form: Form,
  signature: Hex,
): JournalEntry {
  const { role, held } = signer;
  return { ...entry, signatures: [...entry.signatures, { role, key: held.key, form, signature }] };
}

const accept: Step = async (entry, { vault, waitFor }) => {
  const { operation, newHolder } = entry;
  if (operation.kind !== "replaceKey" || newHolder?.holder !== "ledger") return { entry };
  waitFor({ kind: "ledger", state: "confirm-on-device" });
  const { signature } = await vault.call("ledgerAcceptRole", {
    role: operation.role,
    signer: newHolder.key.signer,
    account: operation.account,
  });
  return { entry: { ...entry, acceptance: signature } };
};

const deploy: Step = async (entry, { chain, reader, relay, profile }) => {
  const { account } = entry.operation;
  if (!(await reader.isDeployed(account))) {
    const { account: created } = await profile.get();
    if (created?.address !== account) throw new Error("the profile is of another account");
    const { device, mfa, recovery, salt } = created.firstKeys;
    const hash = await relay({
      to: chain.config.contracts.factory,
      data: encodeFunctionData({
        abi: accountFactoryAbi,
        functionName: "createAccount",
        args: [keyId(device), keyId(mfa), keyId(recovery), salt],
      }),
    });
    await chain.read((client) => client.waitForTransactionReceipt({ hash }));
  }
  return { entry: { ...entry, deployed: true } };
};

const confirm: Step = async (entry, { reader, vault, waitFor }) => {
  const { operation } = entry;
  if (await reader.isNonceUsed(operation.account, operation.nonce)) throw nonceUsed();
  waitFor({ kind: "confirm" });
  const device = deviceSigner(entry);
  if (!device) throw new Error("the device key does not sign this operation");
  const { signature } = await vault.call("signWithDevice", { operation, signers: signersOf(entry) });
  return { entry: withSignature(entry, device, "compact", signature) };
};

const recordUnknown = () =>
  new WalletError(
    "record-unknown",
    "Trivet does not know which factors are registered for this key.",
    "Drop this operation and start it again.",
  );

/** The signer whose key is not on this computer. */
function cosignerOf(entry: JournalEntry): JournalEntry["signers"][number] & { role: ReplaceableRole } {
  const { role, held } = cosigner(entry) ?? {};
  if (!held || !role || role === "device") throw new Error("nobody signs this beside the device key");
  return { role, held };
}

/** What the second signer's record holds now: it may have changed since the operation was begun. */
async function openedRecord(entry: JournalEntry, { profile }: StepContext): Promise<OpenedRecord> {
  const { role, held } = cosignerOf(entry);
  const { keys } = await profile.get();
  const now = keys[role];
  const isSame = now !== undefined && keyId(now.key) === keyId(held.key);
  if (!isSame || !now.record) throw recordUnknown();
  return now.record;
}

/** What the person has to prove before the second signer signs, where the network holds its key. */
export async function missingProofs(
  entry: JournalEntry,
  { proofs, wallet }: Pick<StepContext, "proofs" | "wallet">,
): Promise<ProofNeed | undefined> {
  const { role } = cosignerOf(entry);
  return proofs.missing(SIGNING_ACTION[role], role, wallet);
}

const SIGNING_ACTION = {
  mfa: "sign-with-mfa-key",
  recovery: "sign-with-recovery-key",
} as const satisfies Record<ReplaceableRole, GuardedAction>;

const prove: Step = async (entry, context) => {
  // Of the very key that signs: the role may have another one by now.
  await openedRecord(entry, context);
  const need = await missingProofs(entry, context);
  return need ? { needs: { kind: "proofs", need } } : { entry };
};

const cosign: Step = async (entry, context) => {
  const { vault, keyNetwork, wallet, waitFor } = context;
  const { operation } = entry;
  const second = cosignerOf(entry);
  const signers = signersOf(entry);
  if (wallet || !deviceSigner(entry)) {
    // Where the device key signs, the person approved before.
    waitFor({ kind: "confirm" });
    await vault.call("approve", { operation, signers, ...(wallet && { wallet }) });
  }
  if (second.held.holder === "ledger") {
    waitFor({ kind: "ledger", state: "confirm-on-device" });
    const { signature } = await vault.call("signWithLedger", {
      operation,
      signers,
      signer: second.held.key.signer,
    });
    return { entry: withSignature(entry, second, "readable", signature) };
  }
  if (!second.held.publicKey) {
    throw new Error("the second signer is neither a Ledger nor a network key");
  }
  const opened = await openedRecord(entry, context);
  if (wallet) waitFor({ kind: "ledger", state: "confirm-on-device" });
  const { authorization, walletSignature } = await vault.call("authorizeOperation", {
    operation,
    signers,
    ...(wallet && { wallet }),
  });
  const { signature, faultyNodes } = await keyNetwork.signOperation({
    operation,
    role: second.role,
    publicKey: second.held.publicKey,
    authorization,
    opened,
    ...(walletSignature && { walletSignature }),
  });
  const note = faultyNodes.length
    ? `Key node ${faultyNodes.join(" and ")} returned a wrong share. It was refused; the others signed.`
    : undefined;
  const signed = withSignature(entry, second, "compact", signature);
  return { entry: note ? { ...signed, notes: { ...signed.notes, cosign: note } } : signed };
};

const nonceUsed = () =>
  new WalletError(
    "nonce-used",
    "Another operation took this one's place in the account's order, so it can no longer run.",
    "Drop it and start it again. Nothing was moved by it.",
  );

const dropped = () =>
  new WalletError("dropped", "The operation was dropped.", "Start it again if you need it.");

/** How each holder's key signs. A holder that is a contract, such as a Safe, would be named here as one. */
const SIGNER_KIND = {
  "this-computer": "plain",
  network: "plain",
  ledger: "plain",
} as const satisfies Record<Holder, SignerKind>;

const signaturesOf = ({ signers, signatures }: JournalEntry) =>
  signatures.map((signature) => {
    const signer = signers.find(({ role }) => role === signature.role);
    if (!signer) throw new Error("a journal entry holds a signature of nobody who signs");
    return { ...signature, signer: SIGNER_KIND[signer.held.holder] };
  });

const submit: Step = async (entry, { reader, relay, save, now, isDropped }) => {
  const { operation } = entry;
  if (await reader.isNonceUsed(operation.account, operation.nonce)) {
    const transactionHash = await reader.transactionOf(operation);
    if (!transactionHash) throw nonceUsed();
    return { entry: { ...entry, transactionHash } };
  }
  const marked = { ...entry, submittedAt: entry.submittedAt ?? now() };
  await save(marked);
  if (isDropped()) throw dropped();
  const call = {
    to: operation.account,
    data: encodeOperation(operation, signaturesOf(entry)),
  };
  try {
    return { entry: { ...marked, transactionHash: await relay(call) } };
  } catch (error) {
    // The relay answered that it did not send it: the operation may be dropped again.
    if (error instanceof WalletError && error.code !== "relay-unreachable") {
      await save({ ...marked, submittedAt: undefined });
    }
    throw error;
  }
};

const settle: Step = async (entry, { chain, reader, profile, save }) => {
  const { transactionHash, operation } = entry;
  if (!transactionHash) throw new Error("nothing was submitted");
  const receipt = await chain.read((client) =>
    client.waitForTransactionReceipt({ hash: transactionHash, timeout: 120_000 }),
  );
  if (receipt.status === "reverted" && !(await reader.transactionOf(operation))) {
    await save({ ...entry, transactionHash: undefined });
    throw new WalletError(
      "transaction-reverted",
      "The chain did not accept the operation. Nothing was moved by it.",
      "Continue to send it again.",
    );
  }
  const { newHolder } = entry;
  if (operation.kind === "replaceKey" && newHolder) {
    const { role } = operation;
    await profile.update((old) => ({ ...old, keys: { ...old.keys, [role]: newHolder } }));
  }
  return { entry: { ...entry, settled: true } };
};

const trial: Step = async (entry, { reader, vault, waitFor }) => {
  const { operation, newHolder } = entry;
  if (operation.kind !== "replaceKey" || newHolder?.holder !== "ledger") return { entry };
  const role = await reader.roleOfKey(operation.account, keyId(newHolder.key));
  if (role !== operation.role) throw new Error("the chain does not know the new key");
  waitFor({ kind: "ledger", state: "confirm-on-device" });
  await vault.call("ledgerAcceptRole", {
    role: operation.role,
    signer: newHolder.key.signer,
    account: operation.account,
  });
  return { entry: { ...entry, tried: true } };
};

/** One function per step; each can be run again after a crash at any point of it. */
export const STEPS: Record<OperationStepId, Step> = {
  accept,
  deploy,
  confirm,
  prove,
  cosign,
  submit,
  settle,
  trial,
};
