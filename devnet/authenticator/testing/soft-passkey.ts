/**
 * A passkey in software: answers what a browser would, byte for byte as WebAuthn Level 2 has it, with a P-256 key and
 * no attestation. A real browser with Chromium's virtual authenticator does the same in the contract tests.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { z } from "zod";

const zCreation = z.object({ challenge: z.string(), rp: z.object({ id: z.string() }) });
const zRequest = z.object({ challenge: z.string(), rpId: z.string() });

/** What a test may have the passkey get wrong. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly counter?: number;
  readonly userPresent?: boolean;
  /** Whether it verified the person, and not only noticed them. */
  readonly userVerified?: boolean;
  /** Flags besides these: 0x08 it may be copied, 0x10 it was. */
  readonly flags?: number;
  /** What stands before everything else in the client data. */
  readonly before?: string;
  /** The client data is written with spaces. */
  readonly spaced?: boolean;
}

export class SoftPasskey {
  readonly id = randomBytes(16);
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #origin: string;
  #counter = 0;

  constructor(origin = "https://wallet.example") {
    this.#origin = origin;
  }

  /** Answers `navigator.credentials.create`. @param options the JSON that the authenticator sent */
  create(options: unknown, lies: Lies = {}): string {
    const { challenge, rp } = zCreation.parse(JSON.parse(String(options)));
    const { x, y } = this.#keys.publicKey.export({ format: "jwk" });
    // CBOR by hand: COSE key {1: 2, 3: -7, -1: 1, -2: x, -3: y}; attestation object of format "none".
    const coseKey = Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(String(x), "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(String(y), "base64url"),
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, coseKey]);
    const authData = Buffer.concat([this.#authData(rp.id, 0x40, lies), credential]);
    const attestationObject = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a0686175746844617461", "hex"),
      Buffer.from([0x58, authData.length]),
      authData,
    ]);
    return this.#answer({
      clientDataJSON: this.#clientData("webauthn.create", challenge, lies).toString("base64url"),
      attestationObject: attestationObject.toString("base64url"),
      authenticatorData: authData.toString("base64url"),
      transports: ["internal"],
    });
  }

  /** Answers `navigator.credentials.get`. @param options the JSON that the authenticator sent */
  get(options: unknown, lies: Lies = {}): string {
    const { challenge, rpId } = zRequest.parse(JSON.parse(String(options)));
    this.#counter += 1;
    const clientData = this.#clientData("webauthn.get", challenge, lies);
    const authData = this.#authData(rpId, 0, lies);
    const hash = createHash("sha256").update(clientData).digest();
    const signature = sign("sha256", Buffer.concat([authData, hash]), this.#keys.privateKey);
    return this.#answer({
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authData.toString("base64url"),
      signature: signature.toString("base64url"),
    });
  }

  #answer(response: object): string {
    const id = this.id.toString("base64url");
    return JSON.stringify({ id, rawId: id, type: "public-key", response, clientExtensionResults: {} });
  }

  #clientData(type: string, challenge: string, lies: Lies): Buffer {
    const data = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? this.#origin,
      crossOrigin: false,
    };
    const text = JSON.stringify(data, null, lies.spaced ? 1 : undefined);
    return Buffer.from(`{${lies.before ?? ""}${text.slice(1)}`);
  }

  #authData(rpId: string, flags: number, lies: Lies): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lies.counter ?? this.#counter);
    const rpIdHash = createHash("sha256")
      .update(lies.rpId ?? rpId)
      .digest();
    const seen = lies.userPresent === false ? 0 : lies.userVerified === false ? 0x01 : 0x05;
    return Buffer.concat([rpIdHash, Buffer.from([flags | seen | (lies.flags ?? 0)]), counter]);
  }
}
