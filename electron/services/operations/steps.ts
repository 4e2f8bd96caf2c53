import { encodeFunctionData } from "viem";
import { accountFactoryAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { requestTypedData } from "#core/friends/messages.ts";
import { addressOfKey, keyId } from "#core/keys/key.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { formOnLedger } from "#core/operations/ledger-form.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { SignerKind } from "#core/operations/signatures.ts";
import { type Form, typedDataDigest } from "#core/operations/typed-data.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { GuardedAction } from "#core/security/gate-rules.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { OperationStepId, OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { signersAskedBy } from "../chain/contracts-asked.ts";
import { readKeyStanding } from "../chain/key-standing.ts";
import type { Relay } from "../chain/relay.ts";
import { takenIn } from "../chain/taken.ts";
import type { KeyNetworkService } from "../key-network.ts";
import {
  findKey,
  type HeldKey,
  type HeldKeys,
  ownDeviceKey,
  type ProfileStore,
  withKey,
  withoutKey,
} from "../profile.ts";
import type { Proofs } from "../proofs/proofs.ts";
import type { VaultClient } from "../vault.ts";
import { signersShown } from "./authority.ts";
import type { JournalEntry } from "./journal.ts";
import { cosigner, deviceSigner, waitsFor } from "./plan.ts";

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

/** What the vault is asked to have approved: the operation, who signs it, and when it takes effect then. */
const askedOf = (entry: JournalEntry) => ({
  operation: entry.operation,
  signers: signersShown(entry),
  timing: { effect: entry.effect, ...(entry.seconds !== undefined && { seconds: entry.seconds }) },
});

function withSignature(
  entry: JournalEntry,
  signer: JournalEntry["signers"][number],
  form: Form,
  signature: Hex,
  kind: SignerKind = "plain",
): JournalEntry {
  const { role, held } = signer;
  const signed = { role, key: held.key, signer: kind, form, signature };
  return { ...entry, signatures: [...entry.signatures, signed] };
}

/** Which passkey is asked. */
const passkeyOf = ({ key, credential }: HeldKey) => ({
  signer: key.signer,
  ...(credential && { credential }),
});

const accept: Step = async (entry, { vault, waitFor }) => {
  const { operation, newHolder } = entry;
  if (operation.kind !== "replaceKey") return { entry };
  if (newHolder?.holder === "passkey") {
    waitFor({ kind: "passkey" });
    const { signature } = await vault.call("rehearsePasskey", passkeyOf(newHolder));
    return { entry: { ...entry, acceptance: signature } };
  }
  if (newHolder?.holder !== "ledger") return { entry };
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
        args: [device, mfa, recovery, salt],
      }),
    });
    await chain.receipt(hash);
    // A relay can name any transaction: what counts is what the chain has.
    if (!(await reader.isDeployed(account))) throw notDeployed();
  }
  return { entry: { ...entry, deployed: true } };
};

const notDeployed = () =>
  new WalletError(
    "not-deployed",
    "The account is not on the chain: what the relay sent did not put it there.",
    "Continue to send it again. Nothing was signed.",
  );

const confirm: Step = async (entry, { reader, vault, waitFor }) => {
  const { operation } = entry;
  if (await reader.isNonceUsed(operation.account, operation.nonce)) throw nonceUsed();
  waitFor({ kind: "confirm" });
  const device = deviceSigner(entry);
  if (!device) throw new Error("the device key does not sign this operation");
  const { signature } = await vault.call("signWithDevice", askedOf(entry));
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
  const { held } = cosignerOf(entry);
  const record = findKey((await profile.get()).keys, keyId(held.key))?.held.record;
  if (!record) throw recordUnknown();
  return record;
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

/**
 * A device key that the account does not count yet is named by the session itself: without that, the gate lets nobody
 * begin a recovery with it.
 */
async function nameNewcomer(account: Address, { chain, profile, vault }: StepContext): Promise<void> {
  const own = ownDeviceKey((await profile.get()).keys);
  const standing = own && (await readKeyStanding(chain, account, keyId(own.key)));
  if (standing?.state !== "active") await vault.call("nameDevice", undefined);
}

const cosign: Step = async (entry, context) => {
  const { vault, keyNetwork, wallet, waitFor } = context;
  const { operation } = entry;
  const second = cosignerOf(entry);
  const asked = askedOf(entry);
  if (wallet || !deviceSigner(entry)) {
    // Where the device key signs, the person approved before.
    waitFor({ kind: "confirm" });
    await vault.call("approve", { ...asked, ...(wallet && { wallet }) });
  }
  if (second.held.holder === "ledger") {
    waitFor({ kind: "ledger", state: "confirm-on-device" });
    const { signature } = await vault.call("signWithLedger", {
      ...asked,
      signer: second.held.key.signer,
    });
    return { entry: withSignature(entry, second, formOnLedger(operation), signature) };
  }
  if (second.held.holder === "passkey") {
    waitFor({ kind: "passkey" });
    const { signature } = await vault.call("signWithPasskey", { ...asked, passkey: passkeyOf(second.held) });
    return { entry: withSignature(entry, second, "compact", signature, "contract") };
  }
  if (!second.held.publicKey) {
    throw new Error("the second signer is neither a Ledger, a passkey nor a network key");
  }
  const opened = await openedRecord(entry, context);
  if (!deviceSigner(entry)) await nameNewcomer(operation.account, context);
  if (wallet) waitFor({ kind: "ledger", state: "confirm-on-device" });
  const { authorization, walletSignature } = await vault.call("authorizeOperation", {
    ...asked,
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

const notShown = () =>
  new WalletError(
    "operation-not-shown",
    "The account took this operation or another in its place, and the chain does not show yet which.",
    "Continue in a minute. Do not start it again before that: it may have run.",
  );

const dropped = () =>
  new WalletError("dropped", "The operation was dropped.", "Start it again if you need it.");

/**
 * The signatures that still count: a contract may change its mind, or its owners, after it signed, and one that no
 * longer counts would make the account refuse all the others with it.
 */
async function countedSignatures(
  { operation, signatures }: JournalEntry,
  chain: ChainClient,
): Promise<JournalEntry["signatures"]> {
  const { id: chainId } = chain.config.chain;
  const { implementation } = chain.config.contracts;
  const contracts = signersAskedBy(operation.account, chain);
  const counts = async ({ signer, key, signature }: JournalEntry["signatures"][number]) => {
    const contract = addressOfKey(key);
    // What was signed with a public key stays signed.
    if (signer === "plain" || !contract) return true;
    const digest = typedDataDigest(requestTypedData(operation, { chainId, implementation }));
    return (await contracts.ask(contract, digest, signature)) === "yes";
  };
  const judged = await Promise.all(signatures.map(async (one) => ({ one, counted: await counts(one) })));
  return judged.filter(({ counted }) => counted).map(({ one }) => one);
}

const MIND_CHANGED = "A contract wallet no longer counts what it signed. Ask again.";

/** Friends sign when they sign: nothing is to be done here but to see whether it still makes sense to wait. */
const ask: Step = async (entry, { reader }) => {
  const { operation } = entry;
  if (await reader.isNonceUsed(operation.account, operation.nonce)) throw nonceUsed();
  return { needs: waitsFor(entry) };
};

const submit: Step = async (entry, { chain, reader, relay, save, now, isDropped }) => {
  const { operation } = entry;
  if (await reader.isNonceUsed(operation.account, operation.nonce)) {
    const transactionHash = await reader.transactionOf(operation);
    if (transactionHash) return { entry: { ...entry, transactionHash } };
    // Sent once, it may be the very one that the chain took: only what took its place instead says that it is not.
    if (entry.submittedAt !== undefined && !(await reader.showsPlaceTaken(operation))) throw notShown();
    await save({ ...entry, submittedAt: undefined });
    throw nonceUsed();
  }
  const signatures = await countedSignatures(entry, chain);
  if (signatures.length < entry.signatures.length) {
    return { entry: { ...entry, signatures, notes: { ...entry.notes, ask: MIND_CHANGED } } };
  }
  const marked = { ...entry, submittedAt: entry.submittedAt ?? now() };
  await save(marked);
  if (isDropped()) throw dropped();
  const call = {
    to: operation.account,
    data: encodeOperation(operation, entry.signatures),
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

/** The keys that this computer knows, once an operation took effect. */
function keysAfter(keys: HeldKeys, operation: Operation, newHolder: HeldKey | undefined): HeldKeys {
  switch (operation.kind) {
    case "replaceKey": {
      const without = withoutKey(keys, keyId(operation.oldKey));
      return newHolder ? withKey(without, operation.role, newHolder) : without;
    }
    case "addKey":
      return newHolder ? withKey(keys, operation.role, newHolder) : keys;
    case "removeKey":
    case "rejectKey": {
      const own = ownDeviceKey(keys);
      // Whoever's own device key is gone is told so by what it can no longer do.
      return own && keyId(own.key) === operation.key ? keys : withoutKey(keys, operation.key);
    }
    default:
      return keys;
  }
}

const notTaken = () =>
  new WalletError(
    "transaction-reverted",
    "The chain did not accept the operation. Nothing was moved by it.",
    "Continue to send it again.",
  );

const notSeen = () =>
  new WalletError(
    "transaction-not-seen",
    "The chain does not show the transaction yet: it waits, or it was lost.",
    "Continue to look for it and send it again if need be. The account takes an operation once only.",
  );

const settle: Step = async (entry, { chain, reader, profile, save }) => {
  const { operation } = entry;
  if (!entry.transactionHash) throw new Error("nothing was submitted");
  const named = entry.transactionHash;
  const receipt = await chain.receipt(named);
  // A relay can name any transaction: it has to be one in which the account took this very operation.
  const transactionHash = takenIn(operation, receipt?.logs ?? []) ?? (await reader.transactionOf(operation));
  if (!transactionHash) {
    await save({ ...entry, transactionHash });
    throw receipt ? notTaken() : notSeen();
  }
  const { newHolder, effect } = entry;
  if (effect === "now") {
    await profile.update((old) => ({ ...old, keys: keysAfter(old.keys, operation, newHolder) }));
  }
  return { entry: { ...entry, transactionHash, settled: true } };
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
  ask,
  submit,
  settle,
  trial,
};
