import { AuthenticatorError } from "../errors.ts";
import { SentCodes } from "./sent-code.ts";

/** Codes by SMS. */
export class SmsCodes extends SentCodes {
  protected readonly channel = "sms";
  protected readonly field = "phone_number";
  protected readonly removalPath = "/users/phone_numbers";

  protected normalise(number: string): string {
    return phoneNumber(number);
  }
}

/**
 * A phone number as people type it, in the form E.164: "+41 (0)79 000 00 00" is +41790000000.
 *
 * @throws AuthenticatorError `phone-invalid`: without the country code nobody knows which phone is meant
 */
export function phoneNumber(typed: string): string {
  const digits = typed
    .trim()
    .replace(/^00/, "+")
    .replace(/\(0\)/g, "")
    .replace(/[\s().\-/]/g, "");
  if (!/^\+[1-9]\d{6,14}$/.test(digits)) throw new AuthenticatorError("phone-invalid");
  return digits;
}
