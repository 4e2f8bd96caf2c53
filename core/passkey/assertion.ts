import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, encodeAbiParameters, hexToBytes, numberToHex, slice } from "viem/utils";
import { z } from "zod";
import type { Hex } from "../primitives/hex.ts";
import { passkeyProblem } from "./errors.ts";
import { isPasskeyPoint, type PasskeyPoint } from "./key.ts";
import {
  base64url,
  checkClientData,
  type CredentialId,
  parseAnswer,
  PASSKEY_DOMAIN,
  readAuthenticatorData,
  zAuthenticatorDataBytes,
  zClientDataBytes,
  zCredentialId,
  zSignatureBytes,
} from "./parts.ts";

/**
 * What `navigator.credentials.get` is asked, in WebAuthn's JSON.
 * @param challenge the 32 bytes that are signed: a digest
 * @param credentials the passkeys that may answer; none: whichever the person chooses
 */
export const requestOptions = (challenge: Hex, credentials: readonly CredentialId[]) => ({
  challenge: base64url(challenge),
  rpId: PASSKEY_DOMAIN,
  allowCredentials: credentials.map((id) => ({ type: "public-key" as const, id })),
  userVerification: "required" as const,
});

const zAnswer = z.looseObject({
  id: zCredentialId,
  type: z.literal("public-key"),
  response: z.looseObject({
    clientDataJSON: zClientDataBytes,
    authenticatorData: zAuthenticatorDataBytes,
    signature: zSignatureBytes,
  }),
});

/** An answer to a challenge of which everything was checked but whose signature it is. */
interface ReadAssertion {
  readonly credential: CredentialId;
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: InstanceType<typeof p256.Signature>;
  /** SHA-256 of what the passkey signed. */
  readonly hash: Uint8Array;
}

function readAssertion(answer: string, challenge: Hex): ReadAssertion {
  const { id, response } = parseAnswer(zAnswer, answer);
  const { clientDataJSON: clientData, authenticatorData } = response;
  checkClientData(clientData, "webauthn.get", challenge);
  readAuthenticatorData(authenticatorData);
  return {
    credential: id,
    clientData,
    authenticatorData,
    signature: signatureOf(response.signature),
    hash: sha256(concatBytes([authenticatorData, sha256(clientData)])),
  };
}

/** r and s as authenticators write them: ASN.1. */
function signatureOf(bytes: Uint8Array): ReadAssertion["signature"] {
  try {
    return p256.Signature.fromBytes(bytes, "der");
  } catch (cause) {
    throw passkeyProblem("answer-wrong", cause);
  }
}

const publicKeyOf = (point: PasskeyPoint): Uint8Array => concatBytes([Uint8Array.of(4), hexToBytes(point)]);

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

/** OpenZeppelin's WebAuthn.WebAuthnAuth, whose text is passed as the bytes that it is. */
const WEB_AUTHN_AUTH = [
  { name: "r", type: "bytes32" },
  { name: "s", type: "bytes32" },
  { name: "challengeIndex", type: "uint256" },
  { name: "typeIndex", type: "uint256" },
  { name: "authenticatorData", type: "bytes" },
  { name: "clientDataJSON", type: "bytes" },
] as const;

function encode({ clientData, authenticatorData, signature }: ReadAssertion, challenge: Hex): Hex {
  // One character a byte: the contract counts bytes.
  const text = Array.from(clientData, (byte) => String.fromCharCode(byte)).join("");
  const typeIndex = text.indexOf('"type":"webauthn.get"');
  const challengeIndex = text.indexOf(`"challenge":"${base64url(challenge)}"`);
  // Written with spaces or escapes the same JSON would be, and the contract would not find it.
  if (typeIndex < 0 || challengeIndex < 0) throw passkeyProblem("answer-wrong");
  const { r, s } = signature;
  const { ORDER } = p256.Point.Fn;
  return encodeAbiParameters(WEB_AUTHN_AUTH, [
    word(r),
    // Of the two values that s can have, the account takes the lower one only.
    word(s > ORDER / 2n ? ORDER - s : s),
    BigInt(challengeIndex),
    BigInt(typeIndex),
    bytesToHex(authenticatorData),
    bytesToHex(clientData),
  ]);
}

/** What a passkey is asked to sign, and which one. */
export interface PasskeyQuestion {
  /** The digest, which is the challenge. */
  readonly challenge: Hex;
  readonly point: PasskeyPoint;
  /** The passkey's name at its authenticator; left out where whichever the person chose was asked. */
  readonly credential?: CredentialId | undefined;
}

/**
 * The signature in a browser's answer to `requestOptions`, as the account's contract reads it. Everything that the
 * contract checks is checked here before, and what it leaves to others: the page's domain.
 * @param answer the credential's JSON (PublicKeyCredential.toJSON)
 * @throws WalletError "passkey-answer-wrong", "passkey-not-verified", "passkey-other-passkey", "passkey-signature-wrong"
 */
export function passkeySignature(answer: string, { challenge, point, credential }: PasskeyQuestion): Hex {
  const assertion = readAssertion(answer, challenge);
  if (credential !== undefined && assertion.credential !== credential) throw passkeyProblem("other-passkey");
  const { signature, hash } = assertion;
  const publicKey = publicKeyOf(point);
  if (!p256.verify(signature.toBytes("compact"), hash, publicKey, { prehash: false, lowS: false })) {
    throw passkeyProblem(credential === undefined ? "other-passkey" : "signature-wrong");
  }
  return encode(assertion, challenge);
}

/** Who may have answered a question to whichever passkey the person chooses. */
export interface PasskeyCandidates {
  readonly credential: CredentialId;
  /** A signature fits a few public keys; which of them is the passkey's, only another source tells. */
  readonly points: readonly PasskeyPoint[];
}

/** The bits that tell apart the public keys that a signature fits (SEC 1, section 4.1.6). */
const RECOVERY_BITS = [0, 1, 2, 3] as const;

/**
 * The public keys that an answer may be of: an account's contract tells which of them is one of its keys.
 * @throws WalletError "passkey-answer-wrong", "passkey-not-verified"
 */
export function passkeyCandidates(answer: string, challenge: Hex): PasskeyCandidates {
  const { credential, signature, hash } = readAssertion(answer, challenge);
  const points = RECOVERY_BITS.flatMap((bit) => {
    try {
      const key = signature.addRecoveryBit(bit).recoverPublicKey(hash).toBytes(false);
      const point = slice(bytesToHex(key), 1);
      return isPasskeyPoint(point) ? [point] : [];
    } catch {
      return []; // No point of the curve has this r.
    }
  });
  return { credential, points: [...new Set(points)] };
}
