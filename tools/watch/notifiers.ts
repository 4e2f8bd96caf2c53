import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Message } from "#electron/services/watcher/messages.ts";
import type { Notifier } from "#electron/services/watcher/outbox.ts";
import type { Notify } from "./options.ts";

const TIMEOUT_MS = 30_000;

/** Posts messages as JSON. Any answer but a 2xx is a failure; a redirection is not followed. */
export function webhook(url: string, send: typeof fetch = fetch): Notifier {
  return {
    name: `webhook ${url}`,
    async notify(message) {
      const response = await send(url, {
        method: "POST",
        // A receiver that has a message with this key already has nothing more to do.
        headers: { "content-type": "application/json", "idempotency-key": message.id },
        body: JSON.stringify(message),
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the webhook answers ${response.status}`);
    },
  };
}

/** Runs a program for every message, which it gets as JSON on its standard input. No shell reads anything of it. */
export function command(file: string, timeoutMs: number = TIMEOUT_MS): Notifier {
  return {
    name: `command ${file}`,
    async notify(message) {
      const child = spawn(file, [], {
        shell: false,
        stdio: ["pipe", "ignore", "inherit"],
        timeout: timeoutMs,
      });
      // A program that does not read its input is no failure.
      child.stdin.on("error", () => undefined);
      child.stdin.end(`${JSON.stringify(message)}\n`);
      // Rejects when the program cannot be started.
      const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
      if (code !== 0) throw new Error(`the command ended with ${code ?? signal ?? "nothing"}`);
    },
  };
}

/** Writes every message as one line of JSON. */
export const lines = (write: (line: string) => void): Notifier => ({
  name: "lines",
  notify: (message: Message) => {
    write(JSON.stringify(message));
    return Promise.resolve();
  },
});

/** Who is told, by the options. */
export const notifierOf = (notify: Notify): Notifier =>
  notify.kind === "webhook" ? webhook(notify.url) : command(notify.file);
