import { z } from "zod";
import { zJoinRequest, zSignedJoinRequest } from "#core/joining/request.ts";

const nothing = z.undefined();

/** What a device key does before the account knows it. Neither moves anything or allows anything. */
export const JOINING_METHODS = {
  /** The joining request of this computer's device key, signed by it. */
  signJoinRequest: {
    input: zJoinRequest.pick({ account: true, name: true, until: true }),
    output: zSignedJoinRequest,
  },
  /**
   * Signs in with the device key, so that the session names it: the gate lets nobody else begin a recovery with this
   * session.
   */
  nameDevice: { input: nothing, output: nothing },
  /**
   * This computer gives up joining an account: its device key is out of use, and another can be made. Its file stays
   * beside, under another name: no key is ever deleted.
   */
  putDeviceKeyAway: { input: nothing, output: nothing },
} as const;
