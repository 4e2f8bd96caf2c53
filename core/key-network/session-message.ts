import { base64urlnopad } from "@scure/base";
import { stringToBytes } from "viem/utils";
import { z } from "zod";
import { zAddress } from "../primitives/address.ts";
import { zGateCid, type GateCid } from "./gate-cid.ts";

/** The longest session the device key opens with the key network. */
export const MAX_SESSION_SECONDS = 600;

/** The one spelling of a time in the message, so that two processes build the same bytes. */
const zInstant = z.iso.datetime({ precision: 3, error: "must be a UTC time with milliseconds" });

/**
 * What the device key grants a session key of the key-network process: to ask the key network, for a few minutes, to
 * run one gate. The gate decides what is signed; the session alone moves nothing.
 */
export const zSessionGrant = z
  .strictObject({
    /** The device key. */
    address: zAddress,
    /** The session's ed25519 public key, 64 lower-case hexadecimal digits without 0x, as the Lit client writes it. */
    sessionKey: z.string().regex(/^[0-9a-f]{64}$/, "must be 32 bytes of lower-case hexadecimal"),
    chainId: z.int().positive(),
    /** What the key network answered at the handshake (a block hash); keeps messages apart. */
    nonce: z.string().regex(/^[0-9A-Za-z]{8,80}$/, "must be 8 to 80 letters and digits"),
    issuedAt: zInstant,
    expirationTime: zInstant,
    gate: zGateCid,
  })
  .refine(({ issuedAt, expirationTime }) => {
    const seconds = (Date.parse(expirationTime) - Date.parse(issuedAt)) / 1000;
    return seconds > 0 && seconds <= MAX_SESSION_SECONDS;
  }, `a session lasts at most ${MAX_SESSION_SECONDS} seconds`);

export type SessionGrant = z.output<typeof zSessionGrant>;

/** The Lit resource that a session may use: the execution of one gate. */
export const GATE_RESOURCE_PREFIX = "lit-litaction";
export const GATE_ABILITY = "lit-action-execution";
const RECAP_ABILITY = { namespace: "Threshold", name: "Execution" } as const;

/** The URI by which the message names the session key. */
export const sessionKeyUri = (sessionKey: string): string => `lit:session:${sessionKey}`;

/** The grant as an ERC-5573 capability: `urn:recap:` and base64url of canonical JSON. */
export function sessionCapability(gate: GateCid): string {
  const ability = `${RECAP_ABILITY.namespace}/${RECAP_ABILITY.name}`;
  const capability = { att: { [`${GATE_RESOURCE_PREFIX}://${gate}`]: { [ability]: [{}] } }, prf: [] };
  return `urn:recap:${base64urlnopad.encode(stringToBytes(JSON.stringify(capability)))}`;
}

/**
 * The text that the device key signs (EIP-191) to open a session: Sign-In with Ethereum (ERC-4361) with one
 * capability (ERC-5573). The vault builds it itself from the fields and never signs a text made elsewhere.
 */
export function sessionMessage(grant: SessionGrant): string {
  const { address, sessionKey, chainId, nonce, issuedAt, expirationTime, gate } = zSessionGrant.parse(grant);
  const resource = `${GATE_RESOURCE_PREFIX}://${gate}`;
  return [
    "trivet wants you to sign in with your Ethereum account:",
    address,
    "",
    "Trivet opens a session with the key network. I further authorize the stated URI to perform the following " +
      `actions on my behalf: (1) '${RECAP_ABILITY.namespace}': '${RECAP_ABILITY.name}' for '${resource}'.`,
    "",
    `URI: ${sessionKeyUri(sessionKey)}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
    `Expiration Time: ${expirationTime}`,
    "Resources:",
    `- ${sessionCapability(gate)}`,
  ].join("\n");
}
