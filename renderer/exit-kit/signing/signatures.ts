import type { PublicClient } from "viem";
import { recoverAddress, size } from "viem/utils";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { addressOfKey } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { TokenTexts } from "#core/operations/readable.ts";
import { encodeSignatures, type KeySignature } from "#core/operations/signatures.ts";
import {
  type Form,
  operationTypedData,
  type TypedData,
  typedDataDigest,
} from "#core/operations/typed-data.ts";
import { usualSignature } from "#core/operations/usual-signature.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { type Digest, isBytes } from "#core/primitives/hex.ts";
import { accountAbi } from "../chain/abi.ts";
import type { AccountState, KnownKey } from "../chain/account.ts";
import { addressOf, type Holding, type Way } from "./holdings.ts";
import { signWithPasskey } from "./passkeys.ts";

/** One signature that an operation needs. */
export interface Signing {
  readonly holding: Holding;
  readonly key: KnownKey;
  readonly form: Form;
  readonly typedData: TypedData;
  readonly digest: Digest;
}

/** Whether the readable form can say an operation: it names the signers of a replacement by their addresses. */
const isReadable = (operation: Operation): boolean =>
  operation.kind !== "replaceKey" ||
  [operation.oldKey, operation.newKey].every((key) => addressOfKey(key) !== undefined);

/** Ways whose screens show nothing of a message. */
const SHOWS_NOTHING: ReadonlySet<Way["kind"]> = new Set(["private-key", "passkey"]);

/** What has to be signed with a key: what stands on a wallet's screen is readable where that is possible. */
export function signingOf(
  operation: Operation,
  { domain }: AccountState,
  holding: Holding,
  key: KnownKey,
  texts: TokenTexts = {},
): Signing {
  const form: Form = SHOWS_NOTHING.has(holding.way.kind) || !isReadable(operation) ? "compact" : "readable";
  const typedData = operationTypedData(operation, form, domain, texts);
  return { holding, key, form, typedData, digest: typedDataDigest(typedData) };
}

/** A message as eth_signTypedData_v4 takes it. */
export function typedDataJson(typedData: TypedData, indent?: number): string {
  return JSON.stringify(
    typedData,
    (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
    indent,
  );
}

const unfit = (cause?: unknown) =>
  new WalletError(
    "signature-unfit",
    "This signature is not one of that key over this message.",
    "Sign exactly the message shown here, with that very key, and paste the whole signature.",
    { cause },
  );

/**
 * Checks a signature before anything is done with it. A plain one is recovered here; the others, and all of a deployed
 * account once more, are judged by the account itself.
 * @throws WalletError when it does not fit
 */
export async function checkSignature(
  client: PublicClient,
  account: AccountState,
  { holding, key, form, digest }: Signing,
  typed: string,
): Promise<KeySignature> {
  const text = typed.trim();
  const plain = holding.signerKind === "plain";
  // A contract may need none: a Safe can keep on the chain what it signed.
  if (!isBytes(text) || (plain && size(text) === 0)) {
    throw new WalletError(
      "signature-unreadable",
      "This is not a signature.",
      "A signature begins with 0x, and only hexadecimal digits follow.",
    );
  }
  const signature = plain ? usualSignature(text) : text;
  if (!signature) throw unfit();
  if (plain) {
    const signer = await recoverAddress({ hash: digest, signature }).catch(() => "");
    const expected = addressOf(holding);
    if (expected === undefined || !sameAddress(signer, expected)) throw unfit();
  }
  const checked: KeySignature = { key: key.key, signer: holding.signerKind, form, signature };
  if (account.deployed) {
    // Whatever the form, the account judges one digest here, which it calls the compact one.
    await client
      .readContract({
        address: account.address,
        abi: accountAbi,
        functionName: "signersOf",
        args: [digest, encodeSignatures([{ ...checked, form: "compact" }])],
      })
      .catch((cause: unknown) => {
        throw unfit(cause);
      });
  }
  return checked;
}

const zSigned = z.string();

/**
 * Has a key sign that signs from here: its private key at once, a wallet in the browser or a
 * passkey after it asked the person.
 * @throws WalletError when it did not sign, or something else
 */
export async function sign(
  client: PublicClient,
  account: AccountState,
  signing: Signing,
): Promise<KeySignature> {
  const { holding, typedData, digest } = signing;
  switch (holding.way.kind) {
    case "private-key":
      return checkSignature(client, account, signing, await holding.way.account.sign({ hash: digest }));
    case "browser-wallet": {
      const { name, provider } = holding.way.wallet;
      const answer = await provider
        .request({ method: "eth_signTypedData_v4", params: [addressOf(holding), typedDataJson(typedData)] })
        .catch((cause: unknown) => {
          throw new WalletError(
            "wallet-did-not-sign",
            `${name} did not sign.`,
            `Confirm it in the wallet. Some wallets sign only for the network they are set to: chain ${account.domain.chainId}.`,
            { cause },
          );
        });
      return checkSignature(client, account, signing, zSigned.parse(answer));
    }
    case "passkey":
      return checkSignature(client, account, signing, await signWithPasskey(digest, holding.way));
    case "elsewhere":
      throw new TypeError("what signs elsewhere is pasted");
  }
}
