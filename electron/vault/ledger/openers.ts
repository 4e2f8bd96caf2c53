import { z } from "zod";
import { ledgerStateError } from "#core/ledger/errors.ts";
import { loadSpeculosTransport, loadUsbTransport, type Transport } from "./packages.ts";

const zDevicePaths = z.array(z.string());

/** Opens a connection to whatever Ledger is there; a new one for every request. */
export type TransportOpener = () => Promise<Transport>;

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

/** The first Ledger on USB. */
export function usbOpener(): TransportOpener {
  return async () => {
    const UsbTransport = await loadUsbTransport();
    const [path] = zDevicePaths.parse(await UsbTransport.list());
    // Asked for a device while there is none, the package fails in a way that says nothing.
    if (path === undefined) throw ledgerStateError("plug-in");
    return UsbTransport.open(path);
  };
}
