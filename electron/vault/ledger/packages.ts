/**
 * Ledger's packages, loaded only when they are used. They are CommonJS (their ES modules do not load in plain
 * Node), so their class is found one level deeper under Node than in a bundle.
 */
import type * as DeviceManagementKit from "@ledgerhq/device-management-kit";
import type * as SignerKit from "@ledgerhq/device-signer-kit-ethereum";
import type * as Purify from "purify-ts";
import type * as Rxjs from "rxjs";

type Constructor = abstract new (...args: never[]) => unknown;

/** The class that a CommonJS module exports as default, however deep the loader wrapped it. */
function defaultClass<T extends Constructor>(module: { default: T }): T {
  let found: unknown = module;
  while (typeof found === "object" && found !== null && "default" in found) found = found.default;
  if (typeof found !== "function") throw new TypeError("a Ledger package does not export what it should");
  // The package's own types say what the class is; the loop has only unwrapped it.
  return found as T;
}

export const loadEth = async () => defaultClass(await import("@ledgerhq/hw-app-eth/lib/Eth"));

/** What Trivet uses of Ledger's Device Management Kit; kit.cjs takes it from the packages. */
export type Kit = Pick<
  typeof DeviceManagementKit,
  | "ApduResponse"
  | "DeviceActionStatus"
  | "DeviceManagementKitBuilder"
  | "DeviceModel"
  | "DeviceModelId"
  | "OpeningConnectionError"
  | "TransportConnectedDevice"
> &
  Pick<typeof SignerKit, "SignerEthBuilder"> &
  Pick<typeof Purify, "Left" | "Right"> &
  Pick<typeof Rxjs, "EMPTY" | "lastValueFrom">;

/** Ledger's Device Management Kit. */
export async function loadKit(): Promise<Kit> {
  const { default: kit } = await import("./kit.cjs");
  // What kit.cjs exports, packages.test.ts loads and looks at.
  return kit as Kit;
}

export const loadSpeculosTransport = async () =>
  defaultClass(await import("@ledgerhq/hw-transport-node-speculos-http/lib/SpeculosHttpTransport"));

export const loadUsbTransport = async () =>
  defaultClass(await import("@ledgerhq/hw-transport-node-hid-noevents/lib/TransportNodeHid"));

/** Ledger's client of the Ethereum app. */
export type Eth = InstanceType<Awaited<ReturnType<typeof loadEth>>>;
/** A connection to a device, as that client takes it. */
export type Transport = Eth["transport"];
