import { incorrectData, reply, type StatusError } from "../apdu.ts";
import type { DerivedKey, Keys, Signature } from "../keys.ts";
import type { Model } from "../models.ts";
import type { Field, Step } from "../screens/page.ts";
import type { Review } from "../screens/review.ts";
import type { AppSettings } from "../settings.ts";

/** What the app uses of the device. */
export interface DeviceServices {
  readonly keys: Keys;
  readonly model: Model;
  readonly settings: AppSettings;
  readonly version: string;
  /** Shows a review and waits for the person. */
  readonly review: (review: Review) => Promise<boolean>;
  /** Shows something that needs no answer. */
  readonly notify: (notice: Step) => void;
}

/** The screen that says why something was refused, and the refusal. */
export function blindSigningOff({ model, notify }: DeviceServices): StatusError {
  notify(
    model.touch
      ? {
          title: "This transaction cannot be clear-signed",
          lines: ["Enable blind signing in the settings to sign this transaction."],
        }
      : { title: "Blind signing must be enabled in settings" },
  );
  return incorrectData("blind signing is off");
}

/** The hashes of a typed message in the device's notation. */
export const upperHex = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes).toString("hex").toUpperCase()}`;

export const hashFields = (domain: Uint8Array, message: Uint8Array): Field[] => [
  { label: "Domain hash", value: upperHex(domain) },
  { label: "Message hash", value: upperHex(message) },
];

/** v, r and s; v is cut to a byte, as the device does. */
export function signatureReply({ r, s }: Signature, v: number): Uint8Array {
  return reply([Uint8Array.of(v & 0xff), r, s]);
}

/** Signs a message digest the way messages are: v is 27 or 28. */
export function signMessageDigest(key: DerivedKey, digest: Uint8Array): Uint8Array {
  const signature = key.sign(digest);
  return signatureReply(signature, 27 + signature.yParity);
}
