import { keyId, type Key } from "#core/keys/key.ts";
import { addressOfScript } from "#core/keys/script-key.ts";
import { ROLE_TEXT, type Role, rolesInMask } from "#core/keys/role.ts";
import { type Change, changeRow } from "#core/operations/changes.ts";
import type { FieldValue } from "#core/operations/fields.ts";
import { readableAmount, type TokenTexts } from "#core/operations/readable.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import { durationText } from "#core/primitives/duration-text.ts";
import { address, amount, type ShownField, signer, text } from "./description.ts";

/** What the fields' texts need to know besides the operation. */
export interface ShownIn {
  /** What the operation's token is called. */
  readonly token: TokenTexts;
  readonly nativeSymbol: string;
  /** The network's contract that keeps scripts' keys to their calls. */
  readonly scriptVerifier?: Address | undefined;
}

type NamesOf<T> = T extends Change ? Exclude<keyof T, "kind" | "account" | "nonce"> : never;

/** How one field is shown; its value is the one the field has in the operation. */
interface Shown {
  show(value: FieldValue, shownIn: ShownIn): ShownField | readonly ShownField[];
}

const durationOr = (zero: string) => (seconds: number) => (seconds === 0 ? zero : durationText(seconds));

/** A time in UTC, to the second; as a number where it is beyond what a calendar can say. */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? `${seconds} seconds after 1970`
    : `${date.toISOString().slice(0, -5).replace("T", " ")} UTC`;
}

const hourText = (hour: number) => String(hour).padStart(2, "0");

/** Bit h: closed from h:00 to h:59. "00:00 to 05:59, 22:00 to 23:59 UTC". */
export function hoursText(closedHours: number): string {
  const isClosed = (hour: number) => (closedHours & (1 << hour)) !== 0;
  const every = Array.from({ length: 24 }, (_, hour) => hour);
  const starts = every.filter((hour) => isClosed(hour) && (hour === 0 || !isClosed(hour - 1)));
  const spans = starts.map((start) => {
    const end = every.find((hour) => hour >= start && (hour === 23 || !isClosed(hour + 1))) ?? start;
    return `${hourText(start)}:00 to ${hourText(end)}:59`;
  });
  return spans.length === 0 ? "Never closed" : `${spans.join(", ")} UTC`;
}

const rolesText = (mask: number) => {
  const roles = rolesInMask(mask);
  return roles.length === 0 ? "None" : roles.map((role) => ROLE_TEXT[role]).join(", ");
};

const yesNo = (label: string): Shown => ({ show: (flag: boolean) => text(label, flag ? "Yes" : "No") });
const bytes = (label: string): Shown => ({ show: (value: string) => text(label, value) });
const anAddress = (label: string): Shown => ({ show: (value: string) => address(label, value) });
const duration = (label: string, zero: string): Shown => ({
  show: (seconds: number) => text(label, durationOr(zero)(seconds)),
});

/** Whether a field switches something on or off, which the title says already, is said again in words. */
const FIELDS: Readonly<Record<NamesOf<Change>, Shown>> = {
  role: { show: (role: Role) => text("Role", ROLE_TEXT[role]) },
  key: {
    show: (key: Key | string, { scriptVerifier }) => {
      if (typeof key === "string") return text("Key", key);
      const script = addressOfScript(key, scriptVerifier);
      return [
        script ? address("Script's address", script) : signer("Signer", key),
        ...(script && scriptVerifier ? [address("Kept to its calls by", scriptVerifier)] : []),
        text("Key", keyId(key)),
      ];
    },
  },
  expires: {
    show: (seconds: number) => text("Expires", seconds === 0 ? "Never" : timeText(seconds)),
  },
  threshold: { show: (count: number) => text("Keys that have to sign", count.toString()) },
  recipient: anAddress("Address"),
  enabled: yesNo("May withdraw to itself"),
  allowed: yesNo("Allowed"),
  target: anAddress("Contract"),
  selector: bytes("Function"),
  token: {
    show: (token: string, { nativeSymbol }) =>
      sameAddress(token, NATIVE_TOKEN) ? text("Token", nativeSymbol) : address("Token", token),
  },
  limit: {
    show: (limit: bigint, { token }) => [
      amount("Limit in 24 hours", readableAmount(limit, token)),
      text("In the smallest unit", limit.toString()),
    ],
  },
  closedHours: { show: (hours: number) => text("Closed hours", hoursText(hours)) },
  recoveryDelay: duration("Recovery delay", "Default (7 days)"),
  removalDelay: duration("Removal delay", "Default (3 days)"),
  singleKeyDelay: duration("Delay for a single key", "Default (7 days)"),
  overrideDelay: duration("Delay until MFA and recovery keys overrule a device", "Off"),
  singleKeyRoles: { show: (mask: number) => text("Keys that may withdraw alone, later", rolesText(mask)) },
  pendingKeysMayCall: yesNo("Pending device keys may make everyday calls"),
  tripwireCount: {
    show: (count: number) =>
      text(
        "Removed keys that lock the account",
        count === 0 ? "Default (3)" : count === 255 ? "Off" : count.toString(),
      ),
  },
  tripwireWindow: duration("Removed within", "Default (1 day)"),
  successor: anAddress("Successor"),
  operation: bytes("Operation"),
};

/** Every field of a change with its label and its value, in the order in which they are hashed. */
export function changeFields(change: Change, shownIn: ShownIn): ShownField[] {
  const values: Readonly<Record<string, FieldValue>> = change;
  const shown: Readonly<Record<string, Shown>> = FIELDS;
  return Object.keys(changeRow(change.kind).fields).flatMap((name) => {
    const value = values[name];
    const field = shown[name];
    if (value === undefined || !field) throw new Error(`the confirm window cannot show "${name}"`);
    return field.show(value, shownIn);
  });
}
