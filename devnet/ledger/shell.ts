import { type Apdu, reply, StatusError, StatusWord, withLength } from "./apdu.ts";

/** The name that the operating system gives itself while no app is open. */
export const DASHBOARD = "BOLOS";

const CLA_SYSTEM = 0xb0;
const CLA_DASHBOARD = 0xe0;
const INS = { appInfo: 0x01, quitApp: 0xa7, openApp: 0xd8 } as const;
const FORMAT = 1;

/** What the shell asks of the device. */
export interface ShellServices {
  /** The open app, or undefined on the dashboard. */
  readonly app: { readonly name: string; readonly version: string } | undefined;
  readonly os: string;
  readonly installed: readonly string[];
  /** Asks the person whether the app may be opened. */
  readonly confirmOpening: (name: string) => Promise<boolean>;
  readonly open: (name: string) => void;
  readonly quit: () => void;
}

/**
 * What the operating system answers itself: which app is open (B0 01), close it (B0 A7), open one (E0 D8, on the
 * dashboard only).
 * @returns undefined when the command is for the open app
 */
export async function handleBySystem(apdu: Apdu, device: ShellServices): Promise<Uint8Array | undefined> {
  if (apdu.cla === CLA_SYSTEM) return handleSystem(apdu, device);
  if (device.app) return undefined;
  if (apdu.cla === CLA_DASHBOARD && apdu.ins === INS.openApp) {
    const name = Buffer.from(apdu.data).toString("utf8");
    if (!device.installed.includes(name)) {
      throw new StatusError(StatusWord.appNotInstalled, `"${name}" is not installed`);
    }
    if (!(await device.confirmOpening(name))) {
      throw new StatusError(StatusWord.refusedOpeningApp, "the person did not open the app");
    }
    device.open(name);
    return reply([]);
  }
  throw new StatusError(StatusWord.appNotOpen, "no app is open");
}

function handleSystem({ ins, p1, p2 }: Apdu, { app, os, quit }: ShellServices): Uint8Array {
  if (p1 !== 0 || p2 !== 0) throw new StatusError(StatusWord.unknownClass, "P1 and P2 are 00");
  switch (ins) {
    case INS.appInfo: {
      const { name, version } = app ?? { name: DASHBOARD, version: os };
      const flags = app ? [withLength(Uint8Array.of(0))] : [];
      return reply([
        Uint8Array.of(FORMAT),
        withLength(Buffer.from(name)),
        withLength(Buffer.from(version)),
        ...flags,
      ]);
    }
    case INS.quitApp:
      quit();
      return reply([]);
    default:
      throw new StatusError(StatusWord.unknownClass, "no such system command");
  }
}
