import { z } from "zod";
import { MAX_GATE_BYTES } from "#core/key-network/gate-cid.ts";
import { MAX_GATE_REQUEST_LENGTH } from "#core/key-network/gate-request.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import { zBytes32 } from "#core/primitives/hex.ts";
import { zSessionSignature } from "../session/session-signature.ts";

/** No request to a node is longer, in bytes. */
export const MAX_BODY_BYTES = Math.ceil(MAX_GATE_BYTES / 3) * 4 + 4 * MAX_GATE_REQUEST_LENGTH;

/** The node's own part of a gate's parameters; the gate checks the rest of them. */
const zParameters = z
  .looseObject({
    requestId: zBytes32,
    action: z.enum(["sign-operation", "set-record"]),
    /** The network-held key that shall sign. */
    publicKey: zPublicKey,
    /** Nodes that shall not sign, by index. */
    exclude: z.array(z.int().positive()).max(16).default([]),
  })
  .refine(
    (params) => JSON.stringify(params).length <= MAX_GATE_REQUEST_LENGTH,
    "the parameters are too long",
  );

/** POST /web/execute/v1, as the Lit client sends it. */
export const zExecuteRequest = z.object({
  /** The gate, base64. */
  code: z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/),
  jsParams: zParameters,
  authSig: zSessionSignature,
});
export type ExecuteRequest = z.output<typeof zExecuteRequest>;

/** POST /trivet/keys. */
export const zCreateKeyRequest = z.strictObject({ sessionSig: zSessionSignature, requestId: zBytes32 });
export type CreateKeyRequest = z.output<typeof zCreateKeyRequest>;
