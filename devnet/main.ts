// `npm run devnet`: the whole world in one terminal, until Ctrl-C.
import type { Devnet } from "./devnet.ts";
import { startDevnet } from "./devnet.ts";
import { parseOptions, USAGE, UsageError } from "./options.ts";

const log = (part: string, line: string) => console.log(`[${part}] ${line}`);

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  // Whoever wants it to end while it is still starting gets that as soon as it has started.
  const ended = new Promise<void>((resolve) => {
    // `on`, not `once`: a second Ctrl-C must not cut short the orderly end that the first one began.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    process.once("disconnect", () => resolve());
  });
  const started = performance.now();
  const devnet = await startDevnet(options, log);
  announce(devnet, (performance.now() - started) / 1000);
  await ended;
  await devnet.stop();
}

function announce({ network, state }: Devnet, seconds: number): void {
  log("devnet", `up in ${seconds.toFixed(1)} s; what it keeps is in ${state}`);
  log("devnet", `its page, with mails, Ledger, faucet and switches: ${network.devnetPageUrl ?? ""}`);
  // For the process that started this one, if it listens.
  process.send?.({ kind: "ready", state, pageUrl: network.devnetPageUrl });
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(error instanceof Error ? error.message : String(error));
  if (isUsage) console.error(`\n${USAGE}`);
  process.exit(isUsage ? 2 : 1);
}
