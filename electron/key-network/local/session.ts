import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { GateCid } from "#core/key-network/gate-cid.ts";
import {
  GATE_ABILITY,
  GATE_RESOURCE_PREFIX,
  MAX_SESSION_SECONDS,
  type SessionGrant,
  sessionMessage,
} from "#core/key-network/session-message.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";

/** The device key's part of a session, as the Lit client passes it on. */
interface DeviceSignature {
  readonly sig: Hex;
  readonly derivedVia: "web3.eth.personal.sign";
  readonly signedMessage: string;
  readonly address: Address;
}

/** A session key's signature for one node, as the Lit client passes it on. */
export interface SessionSignature {
  readonly sig: string;
  readonly derivedVia: "litSessionSignViaNacl";
  readonly signedMessage: string;
  readonly address: string;
  readonly algo: "ed25519";
}

export interface SessionOptions {
  readonly chainId: number;
  readonly gate: GateCid;
  /** Has the vault sign the session message, which it builds itself from the grant. */
  readonly signSession: (grant: SessionGrant) => Promise<Hex>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface OpenSession {
  readonly secretKey: Uint8Array;
  readonly grant: SessionGrant;
  readonly deviceSignature: DeviceSignature;
}

/** A session is renewed when less than this is left of it, so that it does not run out on its way. */
const MARGIN_MS = 60_000;

/**
 * The session with the key network: a key pair of this process that the device key allows, for a few minutes, to ask
 * the nodes to run the gate. It lives in memory only.
 */
export class Session {
  readonly #options: SessionOptions;
  #open: Promise<OpenSession> | undefined;
  #device: Address | undefined;
  #expires = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Forgets the session key. A device key's signature that is still on its way opens nothing any more. */
  forget(): void {
    this.#open = undefined;
    this.#device = undefined;
  }

  /**
   * Signs for each node what the session asks for; opens a session first when there is none.
   * @param nonce a recent block hash, as the nodes gave it
   */
  async signFor(
    nodeUrls: readonly string[],
    device: Address,
    nonce: string,
  ): Promise<Record<string, SessionSignature>> {
    const session = await this.#ensure(device, nonce);
    return Object.fromEntries(nodeUrls.map((url) => [url, this.#sign(session, url)]));
  }

  async #ensure(device: Address, nonce: string): Promise<OpenSession> {
    const isUsable =
      this.#device !== undefined &&
      sameAddress(this.#device, device) &&
      this.#expires - this.#options.now() > MARGIN_MS;
    if (this.#open && isUsable) return this.#open;

    const now = this.#options.now();
    const opening = this.#openSession(device, nonce, now);
    this.#open = opening;
    this.#device = device;
    this.#expires = now + MAX_SESSION_SECONDS * 1000;
    // Who waits for it hears of the failure; the next one tries again.
    opening.catch(() => {
      if (this.#open === opening) this.forget();
    });
    return opening;
  }

  async #openSession(device: Address, nonce: string, now: number): Promise<OpenSession> {
    const { chainId, gate, signSession } = this.#options;
    const secretKey = ed25519.utils.randomSecretKey();
    const grant: SessionGrant = {
      address: device,
      sessionKey: bytesToHex(ed25519.getPublicKey(secretKey)),
      chainId,
      nonce,
      issuedAt: new Date(now).toISOString(),
      expirationTime: new Date(now + MAX_SESSION_SECONDS * 1000).toISOString(),
      gate,
    };
    const sig = await signSession(grant);
    const signedMessage = sessionMessage(grant);
    const deviceSignature = {
      sig,
      derivedVia: "web3.eth.personal.sign",
      signedMessage,
      address: device,
    } as const;
    return { secretKey, grant, deviceSignature };
  }

  #sign({ secretKey, grant, deviceSignature }: OpenSession, nodeAddress: string): SessionSignature {
    const signedMessage = JSON.stringify({
      sessionKey: grant.sessionKey,
      resourceAbilityRequests: [
        { resource: { resource: grant.gate, resourcePrefix: GATE_RESOURCE_PREFIX }, ability: GATE_ABILITY },
      ],
      capabilities: [deviceSignature],
      issuedAt: new Date(this.#options.now()).toISOString(),
      expiration: grant.expirationTime,
      nodeAddress,
    });
    return {
      sig: bytesToHex(ed25519.sign(utf8ToBytes(signedMessage), secretKey)),
      derivedVia: "litSessionSignViaNacl",
      signedMessage,
      address: grant.sessionKey,
      algo: "ed25519",
    };
  }
}
