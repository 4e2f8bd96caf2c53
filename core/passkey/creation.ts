import { bytesToHex } from "viem/utils";
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
} from "./parts.ts";

/** COSE's number for ECDSA over P-256 with SHA-256. */
const ES256 = -7;

export interface CreationWish {
  /** 32 bytes chosen at random for this one ceremony. */
  readonly challenge: Hex;
  /** Chosen at random: two passkeys with the same user would be one, and the newer one replaces the older. */
  readonly user: Hex;
  /** How the person finds it again where they keep their passkeys. */
  readonly name: string;
  /** Passkeys that hold a key already: where one of them is, no other one is made, because two keys must not be one. */
  readonly others: readonly CredentialId[];
}

/** What `navigator.credentials.create` is asked, in WebAuthn's JSON. */
export const creationOptions = ({ challenge, user, name, others }: CreationWish) => ({
  challenge: base64url(challenge),
  rp: { id: PASSKEY_DOMAIN, name: "Trivet" },
  user: { id: base64url(user), name, displayName: name },
  pubKeyCredParams: [{ type: "public-key" as const, alg: ES256 }],
  authenticatorSelection: { residentKey: "preferred" as const, userVerification: "required" as const },
  attestation: "none" as const,
  excludeCredentials: others.map((id) => ({ type: "public-key" as const, id })),
});

/** A passkey that was just made. */
export interface MadePasskey {
  readonly credential: CredentialId;
  readonly point: PasskeyPoint;
  /** Whether other devices of the person may have it, too; otherwise it is lost with the one that made it. */
  readonly synced: boolean;
}

const zCreated = z.looseObject({
  id: zCredentialId,
  type: z.literal("public-key"),
  response: z.looseObject({ clientDataJSON: zClientDataBytes, authenticatorData: zAuthenticatorDataBytes }),
});

/** Before a credential's id: 16 bytes of the authenticator's model, two of the id's length. */
const MODEL_BYTES = 16;

/**
 * An ES256 key in COSE (RFC 9053), in the one way in which CTAP2's canonical CBOR writes it: a map of kty EC2, alg
 * ES256, crv P-256, x and y of 32 bytes each. So its bytes are compared, and no CBOR has to be read.
 */
const COSE = { head: "a5010203262001215820", middle: "225820" } as const;

function pointOfCose(bytes: Uint8Array): PasskeyPoint | undefined {
  const [, x, y] =
    new RegExp(`^0x${COSE.head}([0-9a-f]{64})${COSE.middle}([0-9a-f]{64})`).exec(bytesToHex(bytes)) ?? [];
  const point = x && y && `0x${x}${y}`;
  return isPasskeyPoint(point) ? point : undefined;
}

/**
 * The passkey in a browser's answer to `creationOptions`. Its first signature proves that it is the holder's; this
 * only reads it.
 * @param answer the credential's JSON (PublicKeyCredential.toJSON)
 * @throws WalletError "passkey-answer-wrong", "passkey-not-verified", "passkey-unsupported"
 */
export function readMadePasskey(answer: string, challenge: Hex): MadePasskey {
  const { id, response } = parseAnswer(zCreated, answer);
  checkClientData(response.clientDataJSON, "webauthn.create", challenge);
  const { rest, hasCredential, synced } = readAuthenticatorData(response.authenticatorData);
  const [high, low] = rest.subarray(MODEL_BYTES);
  if (!hasCredential || high === undefined || low === undefined) throw passkeyProblem("answer-wrong");
  const keyAt = MODEL_BYTES + 2 + high * 256 + low;
  if (base64url(rest.subarray(MODEL_BYTES + 2, keyAt)) !== id) throw passkeyProblem("answer-wrong");
  const point = pointOfCose(rest.subarray(keyAt));
  if (!point) throw passkeyProblem("unsupported");
  return { credential: id, point, synced };
}
