/** The factor "SMS code": six digits sent to the person's phone, which on the devnet's page lies beside the inbox. */
import { z } from "zod";
import { endpoint } from "../api/endpoint.ts";
import { orError } from "../api/fields.ts";
import { zCodeMinutes } from "./contact.ts";
import type { Factor } from "./factor.ts";
import { type Sending, sendToAdd, sendToLogIn } from "./otp.ts";
import { removalEndpoint } from "./removal.ts";

/** A phone number in the international form E.164, e.g. +41790000000. */
export const zPhoneNumber = z
  .string(orError("invalid_phone_number"))
  .regex(/^\+[1-9]\d{6,14}$/, orError("invalid_phone_number"));

const zSend = z
  .object({ phone_number: zPhoneNumber, expiration_minutes: zCodeMinutes })
  .transform(({ phone_number, expiration_minutes }): Sending => ({
    kind: "phones",
    address: phone_number,
    minutes: expiration_minutes,
  }));

export const smsCode: Factor = {
  category: "phone",
  isEnrolled: (user) => user.factors.phones.some(({ verified }) => verified),
  isProof: ({ type, deliveryMethod }) => type === "otp" && deliveryMethod === "sms",
  describe: ({ factors: { phones } }) => ({
    phone_numbers: phones.map(({ id, address, verified }) => ({
      phone_id: id,
      phone_number: address,
      verified,
    })),
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/otps/sms/login_or_create",
      accepts: { sdk: zSend, server: zSend },
      answer: async (core, call) => sendToLogIn(core, call, call.body),
    }),
    endpoint({
      method: "POST",
      path: "/otps/sms/send/primary",
      accepts: { sdk: zSend },
      answer: async (core, call) => sendToLogIn(core, call, call.body),
    }),
    endpoint({
      method: "POST",
      path: "/otps/sms/send/secondary",
      accepts: { sdk: zSend },
      answer: async (core, call) => sendToAdd(core, call, call.body),
    }),
    endpoint({
      method: "POST",
      path: "/otps/sms/send",
      accepts: { server: zSend },
      // A back end that names a user adds the number to that one.
      answer: async (core, call) =>
        call.session === undefined && call.namedUserId === undefined
          ? sendToLogIn(core, call, call.body)
          : sendToAdd(core, call, call.body),
    }),
    removalEndpoint({
      path: "/users/phone_numbers",
      idField: "phone_id",
      notFound: "phone_number_not_found",
      has: ({ factors }, id) => factors.phones.some((phone) => phone.id === id),
      remove: ({ factors }, id) => {
        factors.phones = factors.phones.filter((phone) => phone.id !== id);
      },
      isProof: ({ identity }, id) => identity.phone_number_factor?.phone_id === id,
    }),
  ],
};
