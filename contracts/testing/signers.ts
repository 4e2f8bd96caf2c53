import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { concat, encodeAbiParameters, hexToBytes, numberToHex, parseAbiParameters, toHex } from "viem";
import { z } from "zod";
import { type Key } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";

/** A key that is no plain address, and what signs a digest for it in the format its verifier reads. */
export interface ForeignSigner {
  readonly key: Key;
  readonly sign: (digest: Hex) => Promise<Hex> | Hex;
}

const P256_ORDER = p256.Point.Fn.ORDER;

const zEcJwk = z.object({ x: z.string(), y: z.string() });
const zRsaJwk = z.object({ n: z.string(), e: z.string() });
const fromBase64Url = (text: string): Hex => toHex(Buffer.from(text, "base64url"));

/** The 64 bytes (x, y) of a P-256 key. */
function publicPoint(privateKey: KeyObject): Hex {
  const { x, y } = zEcJwk.parse(createPublicKey(privateKey).export({ format: "jwk" }));
  return concat([fromBase64Url(x), fromBase64Url(y)]);
}

/** The two values of a P-256 signature in ASN.1, as authenticators and OpenSSL give it; s as it comes. */
function pointsOfDer(der: Uint8Array): { r: bigint; s: bigint } {
  const { r, s } = p256.Signature.fromBytes(der, "der");
  return { r, s };
}

/** The one of the two values of s that verifiers accept. */
export const lowS = (s: bigint): bigint => (s > P256_ORDER / 2n ? P256_ORDER - s : s);

/** The other one. */
export const otherS = (s: bigint): bigint => P256_ORDER - s;

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

/** A P-256 key that signs the digest itself, without hashing it once more: as a smart card does. */
export function newP256Signer(verifier: Address, privateKey = p256.utils.randomSecretKey()): ForeignSigner {
  const publicKey = p256.getPublicKey(privateKey, false).slice(1);
  return {
    key: { signer: concat([verifier, toHex(publicKey)]), salt: NO_SALT },
    sign: (digest) =>
      toHex(p256.sign(hexToBytes(digest), privateKey, { prehash: false, lowS: true, format: "compact" })),
  };
}

/** What a browser's navigator.credentials.get answers with. */
export interface Assertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: string;
  /** ASN.1, as WebAuthn has it. */
  readonly signature: Uint8Array;
}

/** What an authenticator says about itself and the person (WebAuthn level 2, section 6.1). */
export const AUTHENTICATOR_FLAGS = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10 };

/** A passkey in software: it answers a challenge as a browser and its authenticator do together. */
export class Passkey {
  readonly #privateKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  #counter = 0;
  readonly rpId: string;

  constructor(rpId = "trivet.test") {
    this.rpId = rpId;
  }

  /** x and y. */
  get publicKey(): Hex {
    return publicPoint(this.#privateKey);
  }

  /** The private key as PKCS#8, for another authenticator to keep. */
  get pkcs8(): Uint8Array {
    return this.#privateKey.export({ type: "pkcs8", format: "der" });
  }

  /** Answers a challenge; flags and type can be those of something that must not count. */
  answer(
    challenge: Hex,
    flags = AUTHENTICATOR_FLAGS.present | AUTHENTICATOR_FLAGS.verified,
    type = "webauthn.get",
  ): Assertion {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++this.#counter);
    const rpIdHash = createHash("sha256").update(this.rpId).digest();
    const authenticatorData = Buffer.concat([rpIdHash, Uint8Array.of(flags), counter]);
    // In the order in which the specification has browsers write it.
    const clientDataJSON = JSON.stringify({
      type,
      challenge: Buffer.from(hexToBytes(challenge)).toString("base64url"),
      origin: `https://${this.rpId}`,
      crossOrigin: false,
    });
    const signed = Buffer.concat([authenticatorData, createHash("sha256").update(clientDataJSON).digest()]);
    return { authenticatorData, clientDataJSON, signature: sign("sha256", signed, this.#privateKey) };
  }
}

/** An assertion as the WebAuthn verifier reads it: ABI-encoded WebAuthn.WebAuthnAuth. */
export function encodeAssertion(
  { authenticatorData, clientDataJSON, signature }: Assertion,
  pickS = lowS,
): Hex {
  const { r, s } = pointsOfDer(signature);
  const encoded = encodeAbiParameters(
    [
      { type: "bytes32" },
      { type: "bytes32" },
      { type: "uint256" },
      { type: "uint256" },
      { type: "bytes" },
      { type: "string" },
    ],
    [
      word(r),
      word(pickS(s)),
      BigInt(clientDataJSON.indexOf('"challenge"')),
      BigInt(clientDataJSON.indexOf('"type"')),
      toHex(authenticatorData),
      clientDataJSON,
    ],
  );
  return encoded;
}

/** A passkey as a key of an account: the challenge is the digest. */
export function newPasskeySigner(
  verifier: Address,
  passkey = new Passkey(),
): ForeignSigner & { passkey: Passkey } {
  return {
    passkey,
    key: { signer: concat([verifier, passkey.publicKey]), salt: NO_SALT },
    sign: (digest) => encodeAssertion(passkey.answer(digest)),
  };
}

/** An RSA key: PKCS#1 v1.5 with SHA-256 over the digest's 32 bytes. */
export function newRsaSigner(verifier: Address, bits = 2048): ForeignSigner {
  const { privateKey: pem } = generateKeyPairSync("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const privateKey = createPrivateKey(pem);
  const { n, e } = zRsaJwk.parse(createPublicKey(privateKey).export({ format: "jwk" }));
  const publicKey = encodeAbiParameters(
    [{ type: "bytes" }, { type: "bytes" }],
    [fromBase64Url(e), fromBase64Url(n)],
  );
  return {
    key: { signer: concat([verifier, publicKey]), salt: NO_SALT },
    sign: (digest) => toHex(sign("sha256", hexToBytes(digest), privateKey)),
  };
}

const SCRIPT_SIGNATURE = parseAbiParameters([
  "Call[] calls, uint256 nonce, bytes signature",
  "struct Call { address target; uint256 value; bytes data; }",
]);

/** What a script's verifier reads: the execution, and the signature of the script's address. Others show no calls. */
export function encodeScriptSignature(operation: Operation, signature: Hex): Hex {
  const calls = operation.kind === "execute" ? operation.calls : [];
  return encodeAbiParameters(SCRIPT_SIGNATURE, [calls, operation.nonce, signature]);
}
