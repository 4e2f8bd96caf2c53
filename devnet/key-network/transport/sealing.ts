/**
 * Messages between nodes, sealed so that only the receiver reads them and knows who sent them: X25519 between
 * the two identities, HKDF-SHA-256 to one key per direction, AES-256-GCM. Sender, receiver, ceremony, round and
 * time are authenticated with the message.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { NodeError } from "../errors.ts";
import type { Party } from "../threshold/polynomial.ts";
import type { Identity } from "./identity.ts";
import type { Network } from "./network.ts";

export const zCeremony = z.string().regex(/^[0-9a-f]{64}$/);

const zHeader = {
  from: z.int().positive(),
  to: z.int().positive(),
  /** What the message belongs to. */
  ceremony: zCeremony,
  /** Which step of it; a node sends at most one message a step to each other node. */
  round: z.string().min(1).max(40),
  /** Milliseconds since 1970. */
  sentAt: z.int(),
};

export const zSealedMessage = z.strictObject({
  ...zHeader,
  nonce: z.base64().length(16),
  /** Ciphertext and its 16-byte tag. */
  body: z.base64().max(65_536),
});
export type SealedMessage = z.output<typeof zSealedMessage>;

/** A message as its receiver reads it. */
export interface OpenedMessage {
  readonly from: Party;
  readonly ceremony: string;
  readonly round: string;
  readonly payload: unknown;
}

const CIPHER = "aes-256-gcm";
const TAG_BYTES = 16;
/** Older messages are refused, and sealed ones are remembered at least as long. */
export const MAX_AGE_MS = 60_000;

/** Seals and opens this node's messages. */
export class Sealing {
  readonly #self: Party;
  readonly #keys: ReadonlyMap<Party, { readonly sending: Buffer; readonly receiving: Buffer }>;
  readonly #now: () => number;

  constructor(self: Party, identity: Identity, network: Network, now: () => number = Date.now) {
    const others = network.nodes.filter(({ index }) => index !== self);
    this.#self = self;
    this.#now = now;
    this.#keys = new Map(
      others.map(({ index, publicKey }) => {
        const secret = identity.agree(publicKey);
        return [
          index,
          { sending: directionKey(secret, self, index), receiving: directionKey(secret, index, self) },
        ];
      }),
    );
  }

  seal(to: Party, ceremony: string, round: string, payload: unknown): SealedMessage {
    const header = { from: this.#self, to, ceremony, round, sentAt: this.#now() };
    const nonce = randomBytes(12);
    const cipher = createCipheriv(CIPHER, this.#keysOf(to).sending, nonce).setAAD(authenticated(header));
    const body = Buffer.concat([cipher.update(JSON.stringify(payload)), cipher.final(), cipher.getAuthTag()]);
    return { ...header, nonce: nonce.toString("base64"), body: body.toString("base64") };
  }

  /** @throws NodeError when the message is not for this node, not from whom it says, or too old */
  open(message: SealedMessage): OpenedMessage {
    const { from, to, ceremony, round, sentAt } = message;
    if (to !== this.#self) throw refused("It is for another node.");
    if (Math.abs(this.#now() - sentAt) > MAX_AGE_MS) throw refused("It is too old.");
    return { from, ceremony, round, payload: this.#decrypt(message) };
  }

  #decrypt({ nonce, body, ...header }: SealedMessage): unknown {
    const key = this.#keysOf(header.from).receiving;
    const sealed = Buffer.from(body, "base64");
    try {
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, "base64"), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(authenticated(header)).setAuthTag(sealed.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString("utf8"));
    } catch (cause) {
      throw refused("It was not sealed by the node it names.", cause);
    }
  }

  #keysOf(party: Party) {
    const keys = this.#keys.get(party);
    if (keys === undefined) throw refused("It names a node that is not in this network.");
    return keys;
  }
}

type Header = Omit<SealedMessage, "nonce" | "body">;

function authenticated({ from, to, ceremony, round, sentAt }: Header): Buffer {
  return Buffer.from(JSON.stringify(["trivet key network 1", from, to, ceremony, round, sentAt]));
}

function directionKey(secret: Buffer, from: Party, to: Party): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "trivet key network 1", `${from}>${to}`, 32));
}

function refused(why: string, cause?: unknown): NodeError {
  return new NodeError("message-refused", `A message between nodes was refused. ${why}`, {
    status: 403,
    cause,
  });
}
