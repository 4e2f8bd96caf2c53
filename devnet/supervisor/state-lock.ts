import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export class StateInUseError extends Error {
  override readonly name = "StateInUseError";
}

/**
 * Takes the state folder for this process alone. The lock is the operating system's (through SQLite), so it
 * is gone the moment this process is, also after SIGKILL.
 *
 * @returns the function that gives the folder back
 * @throws {StateInUseError} when another devnet uses the folder
 */
export function lockState(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, "lock.sqlite"));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new StateInUseError(
      `Another devnet already uses ${folder}. Stop it first, or give this one another folder with --state.`,
      { cause },
    );
  }
  return () => lock.close();
}
