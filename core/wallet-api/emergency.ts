/** Emergency addresses: who may withdraw to itself, and whether that would work. Adding and removing are changes. */
import { z } from "zod";
import { zAddress } from "../primitives/address.ts";
import { zHex } from "../primitives/hex.ts";

export const zEmergencyAddress = z.object({
  address: zAddress,
  /** It has code on the chain: a Safe, or another contract. */
  isContract: z.boolean(),
  /**
   * When the wallet there last showed that it works, in seconds since 1970: by a signature that was checked here, or by
   * a transaction of its own that the chain has.
   */
  rehearsed: z.object({ at: z.number(), by: z.enum(["signature", "transaction"]) }).optional(),
});
export type EmergencyAddress = z.output<typeof zEmergencyAddress>;

const address = z.object({ address: zAddress });

/** The part of the wallet API for emergency addresses. */
export const EMERGENCY_METHODS = {
  "emergency.list": { input: z.undefined(), output: z.array(zEmergencyAddress) },
  /** The text that the wallet at an emergency address signs for a rehearsal; another one every time. */
  "emergency.rehearse": { input: address, output: z.object({ message: z.string() }) },
  /** Checks the signature of the text that was asked for last, and remembers that the wallet works. */
  "emergency.prove": { input: address.extend({ signature: zHex }), output: zEmergencyAddress },
} as const;
