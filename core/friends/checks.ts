import { recoverAddress } from "viem/utils";
import { WalletError } from "../errors/wallet-error.ts";
import { type Key, keyId } from "../keys/key.ts";
import type { Operation } from "../operations/operation.ts";
import type { KeySignature, SignerKind } from "../operations/signatures.ts";
import {
  operationId,
  type SigningDomain,
  type TypedData,
  typedDataDigest,
} from "../operations/typed-data.ts";
import { usualSignature } from "../operations/usual-signature.ts";
import { type Address, sameAddress, toAddress } from "../primitives/address.ts";
import type { Hex, KeyId } from "../primitives/hex.ts";
import type { ContractSigners } from "./contract-signers.ts";
import type { Acceptance, Check, Invitation, Letter, Presence, Question, SignedAnswer } from "./letters.ts";
import {
  acceptanceTypedData,
  checkHash,
  friendForm,
  invitationHash,
  presenceTypedData,
  requestTypedData,
} from "./messages.ts";

/** The account, and the chain on which it is: what a letter has to be about. */
export interface Place {
  readonly domain: SigningDomain;
  readonly account: Address;
}

const problem = (code: string, message: string, whatToDo: string) => new WalletError(code, message, whatToDo);

/** @throws WalletError "letter-other-chain" */
export function checkDomain({ domain }: Pick<Letter, "domain">, here: SigningDomain): void {
  const isSame = domain.chainId === here.chainId && sameAddress(domain.implementation, here.implementation);
  if (isSame) return;
  throw problem(
    "letter-other-chain",
    `This letter is for chain ${domain.chainId} or for other contracts than this Trivet's, which is on chain ${here.chainId}.`,
    "Open it in the Trivet of that network, or ask for another one. Nothing was signed.",
  );
}

/** @throws WalletError "letter-other-chain", "letter-other-account" */
export function checkPlace(letter: Pick<Letter, "domain" | "account">, here: Place): void {
  checkDomain(letter, here.domain);
  if (sameAddress(letter.account, here.account)) return;
  throw problem(
    "letter-other-account",
    `This letter is about another account: ${letter.account}.`,
    "Look whether it is the right letter.",
  );
}

/**
 * Whether a letter that asks still counts.
 * @param now seconds since 1970
 * @throws WalletError "letter-expired", "letter-from-the-future"
 */
export function checkTime(
  { createdAt, expiresAt }: Pick<Question, "createdAt" | "expiresAt">,
  now: number,
): void {
  if (now > expiresAt) {
    throw problem(
      "letter-expired",
      `This letter counted until ${dayOf(expiresAt)}.`,
      "Ask whoever sent it for a new one. Nothing was signed.",
    );
  }
  if (createdAt > now + CLOCK_SLACK) {
    throw problem(
      "letter-from-the-future",
      `This letter says that it was written on ${dayOf(createdAt)}.`,
      "Set the clocks of both computers, and ask for a new one.",
    );
  }
}

/** By how much the clocks of two computers may differ, in seconds. */
const CLOCK_SLACK = 86_400;

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

const notAnswered = () =>
  problem(
    "answer-unknown",
    "This answers another letter than the one that was sent, or it was answered already.",
    "Ask your friend for the answer to the latest letter.",
  );

const forged = () =>
  problem(
    "answer-forged",
    "The signature in this answer is not one of the key that it names.",
    "Nothing was kept. Ask your friend for the answer again, another way, and compare the code by voice.",
  );

/** A signature as the account takes it, and as whose. */
export interface CheckedSignature {
  readonly by: SignerKind;
  readonly signature: Hex;
}

/**
 * The signature as the account takes it, once it was found to be one of that key over that message. In the account's
 * order: what is recovered from 65 bytes counts first; only then a contract at the signer's address is asked.
 * @throws WalletError "answer-forged", "contract-…"
 */
export async function checkedSignature(
  typedData: TypedData,
  { signer }: Key,
  signature: Hex,
  contracts: ContractSigners,
): Promise<CheckedSignature> {
  const hash = typedDataDigest(typedData);
  const usual = usualSignature(signature);
  const recovered = usual && (await recoverAddress({ hash, signature: usual }).catch(() => undefined));
  if (usual && recovered && sameAddress(recovered, signer)) return { by: "plain", signature: usual };
  const contract = toAddress(signer);
  switch (await contracts.ask(contract, hash, signature)) {
    case "yes":
      return { by: "contract", signature };
    case "no":
      throw notCounted(contract);
    case "delegated":
      throw usual ? forged() : delegated(contract);
    case "no-contract":
      throw usual ? forged() : noContract(contract, contracts.chainName);
  }
}

const notCounted = (contract: Address) =>
  problem(
    "contract-refuses",
    `The contract wallet ${contract} does not count this signature: too few of its owners signed, it signed something else, or it changed its mind.`,
    "Nothing was kept. Ask your friend to have enough owners sign, and to send the answer again.",
  );

const delegated = (address: Address) =>
  problem(
    "contract-delegated",
    `${address} is a plain key that borrows a contract's code (EIP-7702), and the account takes only the key's own signature.`,
    "Ask your friend to switch the smart account off in the wallet, or to answer with another address.",
  );

const noContract = (address: Address, chainName: string) =>
  problem(
    "contract-missing",
    `${address} is a contract wallet that does not exist on ${chainName}.`,
    `Ask your friend to create it on ${chainName}, or to answer with another wallet. Nothing was kept.`,
  );

/**
 * The key of a friend who accepted.
 * @param invitation the one that was sent, from what is kept here
 * @param now seconds since 1970
 * @throws WalletError "letter-…", "answer-unknown", "answer-forged", "contract-…"
 */
export async function checkAcceptance(
  acceptance: Acceptance,
  invitation: Invitation,
  now: number,
  contracts: ContractSigners,
): Promise<Key> {
  checkPlace(acceptance, invitation);
  if (acceptance.invitation !== invitationHash(invitation) || acceptance.role !== invitation.role) {
    throw notAnswered();
  }
  checkTime(invitation, now);
  await checkedSignature(acceptanceTypedData(acceptance), acceptance.key, acceptance.signature, contracts);
  return acceptance.key;
}

/**
 * The signature of a friend under an operation that waits here, ready for the account.
 * @param operation the one that waits: what was signed is computed from it, and not from the answer
 * @param asked the ids of the keys that can sign it
 * @throws WalletError "letter-…", "answer-unknown", "answer-stranger", "answer-forged", "contract-…"
 */
export async function checkSignedAnswer(
  answer: SignedAnswer,
  operation: Operation,
  domain: SigningDomain,
  asked: readonly KeyId[],
  contracts: ContractSigners,
): Promise<KeySignature> {
  checkPlace(answer, { domain, account: operation.account });
  if (answer.operation !== operationId(operation).toLowerCase()) throw notAnswered();
  if (!asked.includes(keyId(answer.key))) {
    throw problem(
      "answer-stranger",
      `The key ${answer.key.signer} in this answer is none of the keys that were asked.`,
      "Ask your friend to sign with the key that is on your account.",
    );
  }
  const typedData = requestTypedData(operation, domain);
  const { by, signature } = await checkedSignature(typedData, answer.key, answer.signature, contracts);
  return { key: answer.key, signer: by, form: friendForm(operation), signature };
}

/**
 * Makes sure that a friend is still there.
 * @param check the one that was sent, from what is kept here
 * @param now seconds since 1970
 * @throws WalletError "letter-…", "answer-unknown", "answer-forged", "contract-…"
 */
export async function checkPresence(
  presence: Presence,
  check: Check,
  now: number,
  contracts: ContractSigners,
): Promise<void> {
  checkPlace(presence, check);
  if (presence.check !== checkHash(check) || keyId(presence.key) !== keyId(check.key)) throw notAnswered();
  checkTime(check, now);
  const typedData = presenceTypedData(presence, check.role);
  await checkedSignature(typedData, check.key, presence.signature, contracts);
}
