/** The computers whose device keys the account has. Adding, activating, rejecting and removing one are changes. */
import { z } from "zod";
import { MAX_REQUEST_LENGTH } from "../joining/request.ts";
import { zAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";

export const zDevice = z.object({
  id: zKeyId,
  /** This very computer's. */
  own: z.boolean(),
  /** What it called itself when it asked to be let in; absent where another computer let it in. */
  name: z.string().optional(),
  /** Its address, where this computer knows it. */
  signer: zAddress.optional(),
  state: z.enum(["active", "pending", "asleep", "expired"]),
  /** Of a pending one: when it becomes active, by this computer's clock (milliseconds since 1970). */
  until: z.number().optional(),
  /** Of one that expires: when, by this computer's clock. */
  expires: z.number().optional(),
  /** Of a pending one: device keys cannot reject it. */
  vetoProof: z.boolean(),
  /** The comparison code that its own screen shows. */
  code: z.string(),
});
export type Device = z.output<typeof zDevice>;

/** A joining request that was found to be whole, signed, of this account and not too old. */
export const zOpenedRequest = z.object({
  name: z.string(),
  signer: zAddress,
  id: zKeyId,
  /** Milliseconds since 1970. */
  until: z.number(),
});
export type OpenedRequest = z.output<typeof zOpenedRequest>;

/** The part of the wallet API for the account's computers. */
export const DEVICE_METHODS = {
  "devices.list": {
    input: z.undefined(),
    output: z.object({
      devices: z.array(zDevice),
      /** What a new computer is given to say which account: for a QR code. */
      accountLink: z.string(),
    }),
  },
  /** Opens a joining request. The code that the new computer shows is not told: it is to be read there and typed here. */
  "devices.openRequest": {
    input: z.object({ text: z.string().max(2 * MAX_REQUEST_LENGTH) }),
    output: zOpenedRequest,
  },
  /** Compares the code that was typed with the opened request's, and remembers the computer's name for its key. */
  "devices.compare": { input: z.object({ id: zKeyId, code: z.string().max(60) }), output: zOpenedRequest },
} as const;
