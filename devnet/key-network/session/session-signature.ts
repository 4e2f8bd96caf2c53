/**
 * Session signatures as the Lit client makes them: a session key (ed25519) signs, for one node, what it wants to
 * do, and carries the message by which the device key gave it that right.
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import { recoverMessageAddress } from "viem/utils";
import { z } from "zod";
import type { GateCid } from "#core/key-network/gate-cid.ts";
import { GATE_ABILITY, GATE_RESOURCE_PREFIX, sessionKeyUri } from "#core/key-network/session-message.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { NodeError } from "../errors.ts";
import { parseSessionMessage, type SessionMessage } from "./siwe.ts";

const zDeviceSignature = z.object({
  sig: zHex,
  derivedVia: z.literal("web3.eth.personal.sign"),
  signedMessage: z.string().max(8_192),
  address: z.string(),
});
type DeviceSignature = z.output<typeof zDeviceSignature>;

const zPublicKey = z.string().regex(/^[0-9a-f]{64}$/);

/** The `authSig` of a request to a node. */
export const zSessionSignature = z.object({
  sig: z.string().regex(/^[0-9a-f]{128}$/),
  derivedVia: z.literal("litSessionSignViaNacl"),
  signedMessage: z.string().max(32_768),
  address: zPublicKey,
  algo: z.literal("ed25519"),
});
export type SessionSignature = z.output<typeof zSessionSignature>;

const zSignedMessage = z.object({
  sessionKey: zPublicKey,
  resourceAbilityRequests: z
    .array(
      z.object({
        resource: z.object({ resource: z.string(), resourcePrefix: z.string() }),
        ability: z.string(),
      }),
    )
    .max(16),
  capabilities: z.tuple([zDeviceSignature]),
  issuedAt: z.iso.datetime(),
  expiration: z.iso.datetime(),
  nodeAddress: z.url(),
});

/** Who asks, until when, and which gates the session may run. */
export interface Session {
  /** The device key's address. */
  readonly device: Address;
  /** Milliseconds since 1970. */
  readonly expires: number;
  readonly mayRun: (gate: GateCid) => boolean;
  /** Whether the session may run any gate at all, which is what creating a key takes. */
  readonly mayRunSome: boolean;
}

/** Clocks may differ by this much. */
const CLOCK_SKEW_MS = 60_000;
/** Sessions of the wallet last minutes; the Lit client's own default is a day. */
const LONGEST_SESSION_MS = 7 * 86_400_000;
const EXECUTION = "Threshold/Execution";
const REMEMBERED_MESSAGES = 64;

/** Checks session signatures for one node. */
export class SessionVerifier {
  readonly #now: () => number;
  /** Device-key messages whose signature was found good; a session sends the same one with every request. */
  readonly #verified = new Map<string, SessionMessage>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * @param nodeUrl the node for which the session key must have signed
   * @throws NodeError session-malformed, session-forged, session-expired or session-elsewhere
   */
  async verify(signature: SessionSignature, nodeUrl: string): Promise<Session> {
    const signed = readSigned(signature);
    if (signed.nodeAddress !== nodeUrl) {
      throw new NodeError("session-elsewhere", "The session signature was made for another node.", {
        status: 401,
      });
    }
    const [capability] = signed.capabilities;
    const message = await this.#verifyDeviceSignature(capability);
    if (message.uri !== sessionKeyUri(signed.sessionKey))
      throw forged("The device key named another session key.");
    const expires = this.#checkTimes(signed, message);
    const allowed = (gate: GateCid | "*") => permits(message, gate);
    const wanted = new Set(
      signed.resourceAbilityRequests
        .filter(({ resource, ability }) => {
          return resource.resourcePrefix === GATE_RESOURCE_PREFIX && ability === GATE_ABILITY;
        })
        .map(({ resource }) => resource.resource),
    );
    return {
      device: message.address,
      expires,
      mayRun: (gate) => (wanted.has(gate) || wanted.has("*")) && (allowed(gate) || allowed("*")),
      mayRunSome: wanted.size > 0 && resourcesOf(message).length > 0,
    };
  }

  async #verifyDeviceSignature(signature: DeviceSignature): Promise<SessionMessage> {
    const { sig, signedMessage, address } = signature;
    const id = createHash("sha256")
      .update(JSON.stringify([sig, signedMessage, address]))
      .digest("hex");
    const known = this.#verified.get(id);
    if (known !== undefined) return known;
    const message = parseSessionMessage(signedMessage);
    const signer = await recoverMessageAddress({ message: signedMessage, signature: sig }).catch(
      () => undefined,
    );
    if (signer === undefined || !sameAddress(signer, message.address) || !sameAddress(signer, address)) {
      throw forged("The device key did not sign it.");
    }
    this.#verified.set(id, message);
    const [oldest] = this.#verified.keys();
    if (oldest !== undefined && this.#verified.size > REMEMBERED_MESSAGES) this.#verified.delete(oldest);
    return message;
  }

  #checkTimes(signed: z.output<typeof zSignedMessage>, message: SessionMessage): number {
    const now = this.#now();
    const expires = Math.min(Date.parse(signed.expiration), message.expirationTime.getTime());
    const begins = Math.max(Date.parse(signed.issuedAt), message.notBefore?.getTime() ?? 0);
    if (expires <= now) {
      throw new NodeError("session-expired", "The session is over. Open a new one.", { status: 401 });
    }
    if (begins > now + CLOCK_SKEW_MS || expires > now + LONGEST_SESSION_MS) {
      throw new NodeError("session-expired", "The session is not of today. Check this computer's clock.", {
        status: 401,
      });
    }
    return expires;
  }
}

function readSigned(signature: SessionSignature): z.output<typeof zSignedMessage> {
  if (!isSignedBySessionKey(signature)) throw forged("The session key did not sign it.");
  let json: unknown;
  try {
    json = JSON.parse(signature.signedMessage);
  } catch {
    json = undefined;
  }
  const parsed = zSignedMessage.safeParse(json);
  if (!parsed.success) {
    throw new NodeError("session-malformed", "The session signature is not of the known form.", {
      status: 401,
      cause: parsed.error,
    });
  }
  if (parsed.data.sessionKey !== signature.address) throw forged("It names another session key.");
  return parsed.data;
}

function isSignedBySessionKey({ address, sig, signedMessage }: SessionSignature): boolean {
  const x = Buffer.from(address, "hex").toString("base64url");
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, Buffer.from(signedMessage, "utf8"), key, Buffer.from(sig, "hex"));
  } catch {
    return false;
  }
}

function resourcesOf({ capability }: SessionMessage): string[] {
  const prefix = `${GATE_RESOURCE_PREFIX}://`;
  return Object.keys(capability).filter((resource) => {
    return resource.startsWith(prefix) && permits({ capability }, resource.slice(prefix.length));
  });
}

function permits({ capability }: Pick<SessionMessage, "capability">, gate: string): boolean {
  const abilities = Object.hasOwn(capability, `${GATE_RESOURCE_PREFIX}://${gate}`)
    ? capability[`${GATE_RESOURCE_PREFIX}://${gate}`]
    : undefined;
  return abilities !== undefined && (Object.hasOwn(abilities, EXECUTION) || Object.hasOwn(abilities, "*/*"));
}

function forged(why: string): NodeError {
  return new NodeError("session-forged", `The session signature is not valid. ${why}`, { status: 401 });
}
