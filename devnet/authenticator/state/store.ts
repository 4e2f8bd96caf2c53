import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { newToken } from "./ids.ts";
import { migrate } from "./migrate.ts";
import { type State, zState } from "./schema.ts";

const FILE = "authenticator.json";

/** The state file exists but is not one that this version wrote. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

/**
 * The authenticator's state, in memory and in one file that only its owner can read.
 *
 * Handlers change `state` in place and call `save` before they answer, so whatever was answered survives being
 * killed. The file is replaced atomically: a crash leaves the old or the new one.
 */
export class Store {
  readonly state: State;
  readonly #file: string;
  #writing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  private constructor(file: string, state: State) {
    this.#file = file;
    this.state = state;
  }

  /**
   * Opens the state kept in `directory`, which is made if it is missing.
   *
   * @throws StateFileError when the file cannot be read as a state; it is left as it is.
   */
  static async open(directory: string): Promise<Store> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = path.join(directory, FILE);
    return new Store(file, await readState(file));
  }

  /** Resolves when everything changed so far is on the disk. */
  save(): Promise<void> {
    // One write runs and at most one waits: whoever comes while a write runs shares the next one.
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => (this.#writing = undefined));
      return this.#writing;
    }
    this.#waiting ??= this.#writing
      .catch(() => undefined) // Its own callers hear of that failure; the next write stands on its own.
      .then(() => {
        this.#waiting = undefined;
        return this.save();
      });
    return this.#waiting;
  }

  async #write(): Promise<void> {
    await writeFileAtomic(this.#file, JSON.stringify(this.state), { mode: 0o600 });
  }
}

async function readState(file: string): Promise<State> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return emptyState();
    throw error;
  }
  try {
    return zState.parse(migrate(JSON.parse(text)));
  } catch (cause) {
    throw new StateFileError(
      `${file} is not a state of the authenticator. Move it away to start with an empty one.`,
      { cause },
    );
  }
}

function emptyState(): State {
  return {
    version: 2,
    clockOffset: 0,
    projectSecret: `secret-test-${newToken()}`,
    signingKeys: [],
    users: [],
    sessions: [],
    inbox: [],
    phone: [],
    sent: [],
    resetTokens: [],
    passkeyChallenges: [],
    oauth: { flows: [], tokens: [], attachTokens: [] },
  };
}
