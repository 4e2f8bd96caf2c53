import type { PublicClient } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { size } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ExitKit } from "#core/exit-kit/exit-kit.ts";
import { kindOfCode } from "#core/friends/contract-calls.ts";
import type { PasskeyPoint } from "#core/passkey/key.ts";
import type { CredentialId } from "#core/passkey/parts.ts";
import { type Address, parseAddress, sameAddress, toAddress } from "#core/primitives/address.ts";
import { type Hex, isBytes, NO_SALT } from "#core/primitives/hex.ts";
import type { SignerKind } from "#core/operations/signatures.ts";
import { type AccountState, isEmergencyAddress, type KnownKey, keysOfSigner } from "../chain/account.ts";
import type { BrowserWallet } from "./browser-wallets.ts";

/** How a signer that a person holds signs. */
export type Way =
  | { readonly kind: "private-key"; readonly account: PrivateKeyAccount }
  | { readonly kind: "browser-wallet"; readonly wallet: BrowserWallet }
  | {
      readonly kind: "passkey";
      readonly point: PasskeyPoint;
      /** Its name at its authenticator, where it is known: some keep passkeys that are found by their name only. */
      readonly credential?: CredentialId | undefined;
    }
  | { readonly kind: "elsewhere" };

/** A signer that a person holds. */
export interface Held {
  readonly signer: Hex;
  /** What hides it on the chain; zero when nothing does. */
  readonly salt: Hex;
  readonly way: Way;
}

/** A signer that a person holds, and what it is to the account. */
export interface Holding extends Held {
  readonly signerKind: SignerKind;
  readonly keys: readonly KnownKey[];
  readonly isEmergencyAddress: boolean;
  readonly isSuccessor: boolean;
}

/** The address of a signer that is one. */
export const addressOf = ({ signer }: Pick<Holding, "signer">): Address | undefined =>
  size(signer) === 20 ? toAddress(signer) : undefined;

/** Whether the same signer is meant; the ways may differ. */
export const sameSigner = (one: Holding, other: Holding): boolean =>
  sameAddress(one.signer, other.signer) && one.salt === other.salt;

/** Whether a signer signs by itself, also where it borrows a contract's code, or is a contract that is asked. */
async function signerKindOf(client: PublicClient, signer: Hex): Promise<SignerKind> {
  if (size(signer) !== 20) return "contract";
  const code = (await client.getCode({ address: toAddress(signer) })) ?? "0x";
  return kindOfCode(code) === "contract" ? "contract" : "plain";
}

/** Finds out what a signer is to an account. */
export async function lookUp(
  client: PublicClient,
  account: AccountState,
  { signer, salt, way }: Held,
  kit?: ExitKit,
): Promise<Holding> {
  const address = addressOf({ signer });
  const [keys, emergency, signerKind] = await Promise.all([
    keysOfSigner(client, account, signer, salt, kit),
    address ? isEmergencyAddress(client, account, address) : false,
    signerKindOf(client, signer),
  ]);
  const isSuccessor =
    address !== undefined && account.successor !== undefined && sameAddress(account.successor, address);
  return { signer, salt, way, signerKind, keys, isEmergencyAddress: emergency, isSuccessor };
}

/**
 * The signer that a person typed: an address, or a verifier's address followed by a public key (ERC-7913).
 * @throws WalletError when it is neither
 */
export function parseSigner(typed: string): Hex {
  const text = typed.trim();
  const parsed = parseAddress(text);
  if ("address" in parsed) return parsed.address;
  if (parsed.problem === "not-an-address" && isBytes(text) && size(text) > 20 && size(text) <= 1024)
    return text;
  throw new WalletError(
    "signer",
    parsed.problem === "wrong-checksum"
      ? "There is a typing error in this address."
      : "This is not a signer.",
    "Enter an address (0x and 40 digits), or a verifier's address and the public key, as the kit shows it.",
  );
}

/**
 * The salt that a person typed; nothing means none.
 * @throws WalletError when it is none
 */
export function parseSalt(typed: string): Hex {
  const text = typed.trim();
  if (text === "") return NO_SALT;
  if (isBytes(text, 32)) return text;
  throw new WalletError(
    "salt",
    "This is not a salt.",
    "A salt has 0x and 64 hexadecimal digits. Most keys have none.",
  );
}
