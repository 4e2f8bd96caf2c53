import { z } from "zod";
import { zNetworkConfig } from "#core/config/network.ts";
import { zSessionGrant } from "#core/key-network/session-message.ts";
import { zKey } from "#core/keys/key.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import { zReplaceableRole } from "#core/keys/role.ts";
import { zOperation } from "#core/operations/operation.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zUint256 } from "#core/primitives/amount.ts";
import { zDigest, zFactorId, zGateDigest, zHex } from "#core/primitives/hex.ts";
import { zOpenedRecord } from "#core/security/opened-record.ts";
import { zRecordState } from "#core/security/record-change.ts";

const nothing = z.undefined();

/** What the vault gives along with a request: the session JWT, bound by the device key to this one request. */
const zAuthorization = z.object({ jwt: z.string(), deviceKey: zKey, deviceSignature: zHex });

/** What every request to the gate names. */
const gateCall = {
  role: zReplaceableRole,
  publicKey: zPublicKey,
  authorization: zAuthorization,
  salt: zHex.optional(),
  walletSignature: zHex.optional(),
};

/** A signature that was checked against the key, and the nodes that had to be left out because they were wrong. */
const signed = { digest: zDigest, signature: zHex, faultyNodes: z.array(z.int().positive()) };

/** What the factor registry's setRecord is to be called with. */
const zRecord = z.object({
  key: zAddress,
  gate: zGateDigest,
  factors: z.array(zFactorId),
  version: zUint256,
});

/** What main can ask of the key-network process. It holds no key; what it passes on decides nothing by itself. */
export const KEY_NETWORK_METHODS = {
  start: {
    input: z.object({
      config: zNetworkConfig,
      /** The scripts of the gates that came with Trivet; one that it was not released with is refused. */
      gates: z.array(z.string()).min(1),
      /** The credential of a network that wants one; it is kept in this process and written nowhere. */
      usageKey: z.string().min(1).optional(),
    }),
    output: nothing,
  },
  /** Makes a new key in the network, shared over all its nodes. */
  createKey: {
    /** The device key that is remembered as the new key's creator. */
    input: z.object({ device: zAddress }),
    output: z.object({ publicKey: zPublicKey, address: zAddress }),
  },
  /** Has a network-held key sign an operation in its compact form, if the gate agrees. */
  signOperation: {
    input: z.object({ ...gateCall, opened: zOpenedRecord, operation: zOperation }),
    output: z.object(signed),
  },
  /** Has a network-held key sign its next record in the factor registry, if the gate agrees. */
  signRecord: {
    input: z.object({ ...gateCall, opened: zOpenedRecord.optional(), next: zRecordState }),
    output: z.object({ ...signed, record: zRecord }),
  },
  /** Which nodes answer now, and how many are needed to sign. */
  status: {
    input: nothing,
    output: z.object({
      nodes: z.array(z.object({ index: z.int().positive(), isRunning: z.boolean() })),
      needed: z.int().positive(),
    }),
  },
  /** Forgets the session key and everything the device key granted it: the wallet was locked. */
  forgetSession: { input: nothing, output: nothing },
} as const;

/** What the key-network process asks of main. */
export const KEY_NETWORK_NEEDS = {
  /** Has the vault sign the session message that it builds itself from these fields. */
  signSession: { input: zSessionGrant, output: z.object({ signature: zHex }) },
} as const;
