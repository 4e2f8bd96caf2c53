// What set-up tells a person. Always on stderr: a task's own output (`--json`) stays alone on stdout.

/** A set-up step that cannot go on: its message is one sentence with what to do, never a stack trace. */
export class SetupError extends Error {
  name = "SetupError";
}

/** Somebody pressed Ctrl-C or sent a signal: there is nothing to explain. */
export class Interrupted extends Error {
  name = "Interrupted";
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`trivet: ${line}\n`);
}

/**
 * Says what is being done, does it, and says how long it took.
 *
 * @template Result
 * @param {string} what "installing packages"
 * @param {string} hint "about a minute the first time"
 * @param {() => Promise<Result>} work
 */
export async function step(what, hint, work) {
  const started = Date.now();
  say(`${what} (${hint}) …`);
  const result = await work();
  say(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
