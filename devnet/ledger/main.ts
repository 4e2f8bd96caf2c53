/** Starts the software Ledger alone, on loopback. */
import process from "node:process";
import { parseArguments, USAGE, UsageError } from "./arguments.ts";
import { SoftwareLedger } from "./device.ts";
import { serveLedger } from "./http/server.ts";
import { DEFAULT_APP_SETTINGS, loadDevice, saveDevice, type StoredDevice } from "./settings.ts";

async function start(): Promise<void> {
  const options = parseArguments(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return;
  }
  const stored = options.state === undefined ? undefined : await loadDevice(options.state);
  const settings = stored?.settings ?? DEFAULT_APP_SETTINGS;
  const device = new SoftwareLedger({
    seed: options.seed,
    model: options.model ?? stored?.model,
    appVersion: stored?.appVersion,
    approval: options.approve,
    settings: {
      rawMessages: options["raw-messages"] ?? settings.rawMessages,
      blindSigning: options["blind-signing"] ?? settings.blindSigning,
    },
  });
  const server = await serveLedger(device, options.port);
  if (options.state !== undefined) keepStored(device, options.state);

  const { modelName, app } = device.state;
  console.log(
    `Software Ledger (${modelName}, Ethereum app ${app?.version ?? "closed"}) on ${server.url}, for trying out only: ` +
      "its keys are not protected by any hardware and must never hold real funds.",
  );
  // Nothing else keeps the process: it ends by itself once the server is closed and the state is written. The
  // listener stays, because the writer of the state ends the process on a signal that nobody listens to.
  let closing: Promise<void> | undefined;
  const close = (): void => {
    closing ??= server.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, close);
}

/** Writes model and settings to the folder whenever they change, one write at a time. */
function keepStored(device: SoftwareLedger, folder: string): void {
  let written = "";
  let writing: Promise<void> = Promise.resolve();
  const write = async (stored: StoredDevice): Promise<void> => {
    try {
      await saveDevice(folder, stored);
    } catch (error) {
      console.error("The software Ledger cannot keep its settings:", error);
    }
  };
  const keep = (): void => {
    const { stored } = device;
    const text = JSON.stringify(stored);
    if (text === written) return;
    written = text;
    writing = writing.then(() => write(stored));
  };
  keep();
  device.on("change", keep);
}

try {
  await start();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else
    console.error(
      `The software Ledger cannot start: ${error instanceof Error ? error.message : String(error)}`,
    );
}
