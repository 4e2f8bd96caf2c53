import { z } from "zod";
import { unexpectedError, WalletError } from "#core/errors/wallet-error.ts";
import { ledgerProblem, ledgerStateError } from "#core/ledger/errors.ts";
import type { LedgerState } from "#core/ledger/states.ts";

/** Status words that the device answers with, as a person understands them. */
const STATE_OF_STATUS: ReadonlyMap<number, LedgerState> = new Map([
  ...[0x5515, 0x6b0c, 0x6804, 0x6982].map((status) => [status, "unlock"] as const),
  ...[0x6511, 0x6e00, 0x6e01, 0x6d00, 0x6d02, 0x650f, 0x6807].map((status) => [status, "open-app"] as const),
  ...[0x6985, 0x5501].map((status) => [status, "rejected"] as const),
]);

const PATH_NOT_ALLOWED = 0x6a15;
const INCORRECT_DATA = 0x6a80;
const NOT_NOW = 0x6980;
/** Nested too deeply, or a message of another program was left unfinished. */
const NO_REASON = 0x6a00;
const OUT_OF_MEMORY = 0x6a84;

/** Names of errors that mean that the device is not there (any more). */
const GONE: ReadonlySet<string> = new Set([
  "DisconnectedDevice",
  "DisconnectedDeviceDuringOperation",
  "DisconnectedError",
  "NoDevice",
]);

/** The emulator's transport: the device is gone when its server is. */
const CONNECTION_BROKEN: ReadonlySet<string> = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Names of errors that mean that the device is there, but not for us. */
const HELD_BY_OTHERS: ReadonlySet<string> = new Set([
  "CantOpenDevice",
  "TransportRaceCondition",
  "TransportLocked",
]);

/**
 * What can be said of an error of Ledger's packages: several copies of their error classes are installed, so only
 * names and numbers count, never the class.
 */
const zDeviceError = z.object({
  name: z.string().catch(""),
  message: z.string().catch(""),
  statusCode: z.number().optional().catch(undefined),
  /** Of a TransportError: its kind. */
  id: z.string().optional().catch(undefined),
  /** Of a connection's error: the system's name of it. */
  code: z.string().optional().catch(undefined),
});
type DeviceError = z.output<typeof zDeviceError>;

const read = (error: unknown): DeviceError => zDeviceError.catch({ name: "", message: "" }).parse(error);

/** Whether a command failed only because an earlier one had not been finished; it works the second time. */
export function worksSecondTime(error: unknown): boolean {
  const { statusCode } = read(error);
  return statusCode === NOT_NOW || statusCode === NO_REASON;
}

function stateOf({ name, message, id, code }: DeviceError): LedgerState | undefined {
  if (GONE.has(name) || (id !== undefined && GONE.has(id))) return "plug-in";
  if (code !== undefined && CONNECTION_BROKEN.has(code)) return "plug-in";
  if (HELD_BY_OTHERS.has(name) || (id !== undefined && HELD_BY_OTHERS.has(id))) return "unreachable";
  // node-hid's only word for a device that another program holds or that the system does not give to us.
  if (/cannot open device/i.test(message)) return "unreachable";
  return undefined;
}

/**
 * The error of a request in words for people.
 * @param streaming the error came while a typed message was sent, before the person was asked
 */
export function ledgerFailure(error: unknown, { streaming = false } = {}): WalletError {
  if (error instanceof WalletError) return error;
  const device = read(error);
  const { statusCode } = device;
  const state = statusCode === undefined ? stateOf(device) : STATE_OF_STATUS.get(statusCode);
  if (state) return ledgerStateError(state, error);
  switch (statusCode) {
    case PATH_NOT_ALLOWED:
      return ledgerProblem("path", error);
    case OUT_OF_MEMORY:
    case NO_REASON:
      return ledgerProblem("too-large", error);
    case INCORRECT_DATA:
      // Our messages are well formed, so the setting is what is missing.
      return streaming ? ledgerStateError("enable-raw-messages", error) : unexpectedError(error);
    default:
      return unexpectedError(error);
  }
}
