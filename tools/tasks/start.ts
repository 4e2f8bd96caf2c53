// `npm start [-- devnet options]`: the devnet (or the one that is already running) and the wallet, until the
// wallet is closed or Ctrl-C is pressed. What was started here is stopped here, also when one of the two dies.
import { join } from "node:path";
import { parseOptions, USAGE, UsageError } from "#devnet/options.ts";
import { startApp } from "../electron-or-host.ts";
import { openLog } from "./log-file.ts";
import type { RunningDevnet } from "./running-devnet.ts";
import { ensureDevnet } from "./running-devnet.ts";

const say = (line: string) => console.log(line);

const interruption = new AbortController();
const interrupted = new Promise<undefined>((resolve) => {
  interruption.signal.addEventListener("abort", () => resolve(undefined));
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interruption.abort());
}

/** @returns why it ended, when nobody asked for it */
async function start(args: string[]): Promise<string | undefined> {
  const options = parseOptions(args);
  if (options === undefined) {
    say(USAGE.replace("npm run devnet", "npm start"));
    return undefined;
  }
  const devnet = await ensureDevnet(options.state, args, say);
  try {
    if (interruption.signal.aborted) return undefined;
    say(`Devnet page, with mails, Ledger, faucet and switches: ${devnet.pageUrl}`);
    return await runWallet(devnet);
  } finally {
    say("Stopping …");
    await devnet.stop();
  }
}

/** Runs the wallet until it is closed, or its world ends. */
async function runWallet(devnet: RunningDevnet): Promise<string | undefined> {
  const log = openLog("wallet");
  const app = await startApp(
    {
      networkFile: devnet.networkFile,
      // Beside what the devnet keeps: an account is worth nothing without its devnet, and goes with it.
      userData: join(devnet.state, "wallet"),
      env: process.env,
      onLine: (line) => log.line(line),
    },
    say,
  );
  try {
    await showOnPage(devnet, app.devToolsUrl);
    say(`The wallet is open. DevTools of its windows: ${app.devToolsUrl}`);
    say("Ctrl-C ends both.");
    return await Promise.race([
      interrupted,
      devnet.died,
      app.exited.then((code) =>
        code === 0 ? undefined : `The wallet ended unexpectedly (log: ${log.path})`,
      ),
    ]);
  } finally {
    await app.stop();
    await showOnPage(devnet, null);
  }
}

/** Lets the devnet's page say where the wallet's windows are. A devnet that is gone shows nothing anyway. */
async function showOnPage({ pageUrl }: RunningDevnet, devToolsUrl: string | null): Promise<void> {
  await fetch(`${pageUrl}/api/wallet`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ devToolsUrl }),
  }).catch(() => undefined);
}

try {
  const failure = await start(process.argv.slice(2));
  if (failure !== undefined) console.error(failure);
  process.exit(failure === undefined ? 0 : 1);
} catch (error) {
  // Ctrl-C reaches the wallet too: that it did not start is no failure then.
  if (interruption.signal.aborted) process.exit(0);
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) console.error(`\n${USAGE}`);
  process.exit(1);
}
