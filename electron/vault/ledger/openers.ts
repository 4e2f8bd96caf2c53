import { constants } from "node:fs";
import fs from "node:fs/promises";
import { z } from "zod";
import type { NetworkConfig } from "#core/config/network.ts";
import { ledgerProblem, ledgerStateError } from "#core/ledger/errors.ts";
import { loadSpeculosTransport, loadUsbTransport, type Transport } from "./packages.ts";

/** Opens a connection to a Ledger; a new one for every request. */
export type TransportOpener = () => Promise<Transport>;

/** A Ledger that may be connected to. */
export interface FoundLedger {
  /** Stays the same while it is plugged in where it is. */
  readonly id: string;
  /** "Ledger Flex", where that can be told without opening it. */
  readonly model?: string | undefined;
}

/** Where Ledgers are found. */
export interface LedgerSource {
  readonly list: () => Promise<readonly FoundLedger[]>;
  readonly open: (id: string) => Promise<Transport>;
}

/**
 * A Ledger that speaks the HTTP API of Ledger's emulator: the emulator itself, or the devnet's software Ledger.
 * @param url its base address, e.g. "http://127.0.0.1:5000"
 */
export function speculosOpener(url: string): TransportOpener {
  const { protocol, hostname, port } = new URL(url);
  return async () => {
    const SpeculosTransport = await loadSpeculosTransport();
    return SpeculosTransport.open({ baseURL: `${protocol}//${hostname}`, apiPort: port });
  };
}

/** What the USB package says of a device that it found. */
const zDescriptor = z.object({
  descriptor: z.string(),
  deviceModel: z.object({ productName: z.string() }).nullish(),
});

/** How Node fails to load a native package whose system library is missing. */
const zLibraryMissing = z.object({ code: z.literal("ERR_DLOPEN_FAILED") });

async function listUsb(): Promise<readonly FoundLedger[]> {
  const UsbTransport = await loadUsbTransport();
  const found: FoundLedger[] = [];
  try {
    // The package's list says no model; listening tells both, and is over before it returns.
    UsbTransport.listen({
      next: (event: unknown) => {
        const { descriptor, deviceModel } = zDescriptor.parse(event);
        found.push({ id: descriptor, model: deviceModel?.productName });
      },
      error: () => undefined,
      complete: () => undefined,
    });
  } catch (error) {
    if (zLibraryMissing.safeParse(error).success) throw ledgerProblem("no-usb", error);
    throw error;
  }
  return found;
}

/** Device files are for nobody but root until a udev rule says otherwise; node-hid does not tell that from "in use". */
async function requireAccess(file: string): Promise<void> {
  if (!file.startsWith("/dev/")) return;
  try {
    await fs.access(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { code } = z.object({ code: z.string() }).parse(error);
    throw ledgerStateError(code === "EACCES" || code === "EPERM" ? "no-access" : "plug-in", error);
  }
}

/** The Ledgers on USB. */
export const usbLedgers: LedgerSource = {
  list: listUsb,
  async open(id) {
    await requireAccess(id);
    const UsbTransport = await loadUsbTransport();
    return UsbTransport.open(id);
  },
};

/** Ledgers behind HTTP APIs: whether one is there, its first answer tells. */
export function speculosLedgers(urls: readonly string[]): LedgerSource {
  const openers = new Map(urls.map((url) => [url, speculosOpener(url)]));
  return {
    list: () => Promise.resolve(urls.map((id) => ({ id }))),
    open(id) {
      const open = openers.get(id);
      if (!open) throw ledgerStateError("plug-in");
      return open();
    },
  };
}

/** The Ledgers that the configuration means. */
export const ledgerSource = (config: NetworkConfig["ledger"]): LedgerSource =>
  config.transport === "usb" ? usbLedgers : speculosLedgers([config.url, ...(config.others ?? [])]);
