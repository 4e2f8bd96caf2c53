/**
 * What is sent to the gate (the `jsParams` of a run) and what it answers. The key-network process builds requests
 * with these schemas and the gate parses them with the same ones.
 */
import { z } from "zod";
import { zKey } from "../keys/key.ts";
import { zPublicKey } from "../keys/public-key.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { zOperationJson } from "../operations/operation.ts";
import { isBytes, NO_SALT, zBytes32, zDigest, zFactorId, zGateDigest, zHex } from "../primitives/hex.ts";
import { zAddress } from "../primitives/address.ts";
import { zUint256String } from "../primitives/amount.ts";
import { GATE_REASON_CODES } from "../security/gate-reasons.ts";
import { zOpenedRecord } from "../security/opened-record.ts";
import { zGateCid } from "./gate-cid.ts";

/** A request larger than this is refused unread. In characters of JSON. */
export const MAX_GATE_REQUEST_LENGTH = 32_768;

/** The longest session JWT the gate reads, in characters. */
export const MAX_TOKEN_LENGTH = 16_384;

const zSignature = zHex.refine((value) => isBytes(value, 65), "a signature has 65 bytes");

const common = {
  /** New for every run; nodes use it to find each other's part of one run. */
  requestId: zBytes32,
  /** The gate that is asked, for a network that does not tell a program its CID; the gate proves that it is it. */
  gate: zGateCid.optional(),
  /** The role in which the network-held key signs. */
  role: zReplaceableRole,
  /** The network-held key. */
  publicKey: zPublicKey,
  /** The salt under which the account knows the network-held key. */
  salt: zBytes32.default(NO_SALT),
  /** The session JWT of the authenticator. */
  jwt: z.string().min(1).max(MAX_TOKEN_LENGTH),
  /** The device key that asks; a plain address. */
  deviceKey: zKey.refine(({ signer }) => isBytes(signer, 20), "the device key must be an address"),
  /** The device key's signature over GateRequest(digest, keccak256(jwt)). */
  deviceSignature: zSignature,
  /**
   * A wallet's signature over the same message, as EIP-712 or as a personal message (EIP-191) of its digest: proves
   * the wallet factor whose address it is by.
   */
  walletSignature: zSignature.optional(),
  /** Nodes that shall not take part in signing (the gate does not look at it). */
  exclude: z.array(z.int().positive()).max(16).optional(),
};

export const zGateRequest = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("sign-operation"),
    ...common,
    /** The key's record as it is registered. */
    opened: zOpenedRecord,
    operation: zOperationJson,
    /** Network-held keys sign the compact form only. */
    form: z.literal("compact"),
  }),
  z.object({
    action: z.literal("set-record"),
    ...common,
    /** The key's record as it is registered; left out for its first one. */
    opened: zOpenedRecord.optional(),
    /** The record it shall have, and the gate that it shall name. */
    record: zOpenedRecord.extend({ gate: zGateDigest }),
  }),
]);

/** A request as it is sent: JSON. */
export type GateRequestJson = z.input<typeof zGateRequest>;
/** A request as the gate works on it. */
export type GateRequest = z.output<typeof zGateRequest>;
export type SignOperationRequest = Extract<GateRequest, { action: "sign-operation" }>;
export type SetRecordRequest = Extract<GateRequest, { action: "set-record" }>;

/** What the gate can be asked to do with a network-held key. */
export const GATE_ACTIONS = ["sign-operation", "set-record"] as const satisfies GateRequest["action"][];

/** Under which name the gate's signature is found, by action. */
export const SIGNATURE_NAME = { "sign-operation": "operation", "set-record": "record" } as const;

/** A record in the gate's answer: the arguments of the factor registry's setRecord, but the signature. */
export const zGateRecord = z.object({
  key: zAddress,
  gate: zGateDigest,
  factors: z.array(zFactorId),
  version: zUint256String,
});

/** What the gate answers. A gate that answers `ok: false` has signed nothing. */
export const zGateResponse = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    digest: zDigest,
    record: zGateRecord.optional(),
    /** Where the network hands the gate the key, instead of combining a signature itself: r, s, v. */
    signature: zSignature.optional(),
  }),
  z.object({ ok: z.literal(false), reason: z.enum(GATE_REASON_CODES), message: z.string() }),
]);
export type GateResponse = z.output<typeof zGateResponse>;
export type GateResponseJson = z.input<typeof zGateResponse>;

/**
 * Asks for a key's public part, where the network tells addresses only. Nothing about it is secret, so anybody who may
 * run the gate may ask; the address proves the answer.
 */
export const zPublicKeyQuestion = z.strictObject({ action: z.literal("public-key"), key: zAddress });
export type PublicKeyQuestionJson = z.input<typeof zPublicKeyQuestion>;

export const zPublicKeyAnswer = z.strictObject({ ok: z.literal(true), publicKey: zPublicKey });
export type PublicKeyAnswerJson = z.input<typeof zPublicKeyAnswer>;
