import { bytesToHex, concat, keccak256, stringToBytes } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import { answering, type Asking } from "#core/friends/answering.ts";
import { checkedSignature } from "#core/friends/checks.ts";
import {
  type Acceptance,
  type Letter,
  PLAIN_SIGNATURE_BYTES,
  zLetterSignature,
} from "#core/friends/letters.ts";
import { typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { type Hex, isBytes, NO_SALT } from "#core/primitives/hex.ts";
import type { BrowserWallet } from "../exit-kit/signing/browser-wallets.ts";
import { typedDataJson } from "../exit-kit/signing/signatures.ts";
import { chainName } from "../words/chains.ts";
import { CannotAsk, signersAskedThrough, standingOf } from "./wallet-chain.ts";

/** The key that answers a letter. */
interface AnsweringKey {
  readonly signer: Address;
  readonly salt: Hex;
}

const otherWallet = (signers: readonly string[]) =>
  new WalletError(
    "wallet-other",
    `This letter asks for another address than the wallet shows: ${signers.join(", ")}.`,
    "Choose that address in your wallet, and connect it again.",
  );

/**
 * The salt that hides a new key. The owners of a contract wallet may take days to sign the same message, and this page
 * keeps nothing: theirs follows from the invitation, so that the message is the same whenever the page is opened again.
 */
function newSalt(challenge: Hex, signer: Address, isContract: boolean): Hex {
  if (!isContract) return bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  return keccak256(concat([keccak256(stringToBytes("Trivet friend's salt")), challenge, signer]));
}

/**
 * The key with which a wallet's address answers a letter. The salt of a hidden key is chosen with the invitation's
 * answer; later it comes from the letter, or, where whoever asks lost everything, from the answer that was kept.
 * @param kept the answer to the invitation, where the friend opened it
 * @throws WalletError "wallet-other" when the letter asks for another address
 */
function keyToAnswer(
  letter: Asking,
  signer: Address,
  kept: Acceptance | undefined,
  isContract: boolean,
): AnsweringKey {
  switch (letter.kind) {
    case "invitation":
      return { signer, salt: letter.hidden ? newSalt(letter.challenge, signer, isContract) : NO_SALT };
    case "check": {
      if (!sameAddress(letter.key.signer, signer)) throw otherWallet([letter.key.signer]);
      return letter.key;
    }
    case "request": {
      const own = [...letter.keys, ...(kept ? [kept.key] : [])];
      const found = own.find((key) => sameAddress(key.signer, signer));
      if (found) return found;
      if (own.length > 0) throw otherWallet(own.map((key) => key.signer));
      return { signer, salt: NO_SALT };
    }
  }
}

const didNotSign = (name: string, chainId: number, cause?: unknown) =>
  new WalletError(
    "wallet-did-not-sign",
    `${name} did not sign.`,
    `Confirm it in the wallet. Some wallets sign only for the network they are set to: ${chainName(chainId)}.`,
    { cause },
  );

const otherKey = (cause: unknown) =>
  new WalletError(
    "wallet-other-key",
    "This signature is not one of the key that the wallet shows.",
    "Choose the address again in your wallet. If it is a contract wallet, use a wallet that also answers questions about the chain.",
    { cause },
  );

/** What is wrong with a contract's signature, for the friend whose wallet it is. */
function forItsOwner(error: unknown, chainId: number): unknown {
  if (!(error instanceof WalletError)) return error;
  const chain = chainName(chainId);
  const { cause } = error;
  switch (error.code) {
    case "contract-refuses":
      return new WalletError(
        error.code,
        "Your contract wallet does not count this as signed yet.",
        "If other owners have to confirm, or a transaction has to go through, wait for that and press the button again: the message stays the same.",
        { cause },
      );
    case "contract-missing":
      return new WalletError(
        error.code,
        `Your wallet's address is a contract that does not exist on ${chain}.`,
        `Create it there first (most wallets do so with the first transaction on ${chain}), or connect another wallet.`,
        { cause },
      );
    case "contract-delegated":
      return new WalletError(
        error.code,
        "Your address is a plain key that borrows a contract's code (EIP-7702); only the key's own signature counts.",
        "Switch the smart account off in the wallet, or connect another address.",
        { cause },
      );
    default:
      return error;
  }
}

/** An answer, and whether everything in it could be checked here. */
export interface SignedLetter {
  readonly answer: Letter;
  readonly checked: boolean;
}

/**
 * Has a wallet sign a letter, and checks what it signed; a contract wallet's signature through that wallet's own way
 * to the chain.
 * @param kept the answer to the invitation, where the friend opened it
 * @throws WalletError when it did not sign, or something else
 */
export async function signLetter(
  letter: Asking,
  { wallet, address }: { readonly wallet: BrowserWallet; readonly address: Address },
  kept: Acceptance | undefined,
): Promise<SignedLetter> {
  const { chainId } = letter.domain;
  const { contract } = await standingOf(wallet, address, chainId);
  const key = keyToAnswer(letter, address, kept, contract !== undefined);
  const { typedData, answer } = answering(letter, key);
  const contracts = signersAskedThrough(wallet, letter.account, chainId);
  if (contract) {
    // Its owners may have signed on the chain already: then nobody has to sign again.
    const said = await contracts.ask(address, typedDataDigest(typedData), "0x").catch(() => "no");
    if (said === "yes") return { answer: answer("0x", "contract"), checked: true };
  }
  const signed: unknown = await wallet.provider
    .request({ method: "eth_signTypedData_v4", params: [address, typedDataJson(typedData)] })
    .catch((cause: unknown) => {
      throw didNotSign(wallet.name, chainId, cause);
    });
  const { data: signature } = zLetterSignature.safeParse(signed);
  if (signature === undefined) throw didNotSign(wallet.name, chainId);
  try {
    const { by, signature: taken } = await checkedSignature(typedData, key, signature, contracts);
    return { answer: answer(taken, by), checked: true };
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw forItsOwner(error, chainId);
    // Most likely another key's: contracts with signatures of this length are rare, and wallets that do not say, too.
    if (isBytes(signature, PLAIN_SIGNATURE_BYTES)) throw otherKey(error);
    return { answer: answer(signature, "contract"), checked: false };
  }
}
