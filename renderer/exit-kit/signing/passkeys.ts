import { base64urlnopad } from "@scure/base";
import { bytesToHex, size, slice } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ExitKit } from "#core/exit-kit/exit-kit.ts";
import { passkeyCandidates, passkeySignature, requestOptions } from "#core/passkey/assertion.ts";
import { keyOfPasskey, pointOfPasskey } from "#core/passkey/key.ts";
import { base64url, type CredentialId, PASSKEY_DOMAIN } from "#core/passkey/parts.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";
import type { Held, Way } from "./holdings.ts";

type PasskeyWay = Extract<Way, { kind: "passkey" }>;

/** Whether this page may ask passkeys: those with keys answer pages under this computer's own name, and no file. */
export const canAskPasskeys = (): boolean =>
  location.hostname === PASSKEY_DOMAIN && "PublicKeyCredential" in window;

/** The port under which the page says how to serve it. */
export const SERVED_PORT = 8000;

/** Where this page can ask passkeys once its folder is served. */
export function addressForPasskeys({ protocol, port, pathname }: Location = location): string {
  const isFile = protocol === "file:";
  const path = isFile ? pathname.slice(pathname.lastIndexOf("/")) : pathname;
  return `http://${PASSKEY_DOMAIN}:${isFile ? SERVED_PORT : port}${path}`;
}

const notUsed = (cause?: unknown) =>
  new WalletError(
    "passkey-not-used",
    "No passkey answered.",
    "Try again and confirm it when the browser asks. If the browser finds none, add the key by its name in this kit, or use the browser and the devices where the passkey is.",
    { cause },
  );

const decoded = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(base64urlnopad.decode(text));

/** Asks a passkey, and writes its answer as browsers of 2025 and later do by themselves (`toJSON`). */
async function ask(challenge: Hex, credentials: readonly CredentialId[]): Promise<string> {
  const { allowCredentials, ...options } = requestOptions(challenge, credentials);
  const publicKey = {
    ...options,
    challenge: decoded(options.challenge),
    allowCredentials: allowCredentials.map(({ type, id }) => ({ type, id: decoded(id) })),
  };
  const credential = await navigator.credentials.get({ publicKey }).catch((cause: unknown) => {
    throw notUsed(cause);
  });
  if (!(credential instanceof PublicKeyCredential)) throw notUsed();
  const { id, type, response } = credential;
  if (!(response instanceof AuthenticatorAssertionResponse)) throw notUsed();
  const encoded = (bytes: ArrayBuffer) => base64url(new Uint8Array(bytes));
  return JSON.stringify({
    id,
    type,
    response: {
      clientDataJSON: encoded(response.clientDataJSON),
      authenticatorData: encoded(response.authenticatorData),
      signature: encoded(response.signature),
    },
  });
}

/**
 * Has a passkey sign a digest.
 * @returns the signature as the account's contract reads it
 * @throws WalletError when none answered, or another one
 */
export async function signWithPasskey(digest: Digest, { point, credential }: PasskeyWay): Promise<Hex> {
  const answer = await ask(digest, credential === undefined ? [] : [credential]);
  return passkeySignature(answer, { challenge: digest, point, credential });
}

/**
 * Lets the person choose a passkey, which signs something random.
 * @param verifier the contract that checks passkeys' signatures
 * @returns what it can be: several keys fit one signature, and the account knows one of them at most
 * @throws WalletError when none answered
 */
export async function choosePasskey(verifier: Address): Promise<Held[]> {
  const challenge = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const { credential, points } = passkeyCandidates(await ask(challenge, []), challenge);
  return points.map((point) => ({
    ...keyOfPasskey(verifier, point),
    way: { kind: "passkey", point, credential },
  }));
}

const BYTES_OF_ADDRESS = 20;

/** The passkey that a signer is; undefined where it is none. A page without data takes any verifier for passkeys'. */
export function passkeyOf(signer: Hex, data: ExitKit | undefined): PasskeyWay | undefined {
  if (size(signer) <= BYTES_OF_ADDRESS) return undefined;
  const verifier = data?.webAuthnVerifier ?? toAddress(slice(signer, 0, BYTES_OF_ADDRESS));
  const point = pointOfPasskey({ signer }, verifier);
  if (point === undefined) return undefined;
  const known = data?.keys.find(({ key }) => sameAddress(key.signer, signer));
  return { kind: "passkey", point, credential: known?.credential };
}
