import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const FLAG = "--user-data-dir=";

/** Files that only a real Electron leaves in a profile. */
const LEFT_BY_ELECTRON = ["Local State", "Preferences"];

/** Why the stand-in does not open a profile. */
export class ProfileRefused extends Error {
  constructor(reason: string) {
    super(`${reason} It refuses to open a production profile.`);
    this.name = "ProfileRefused";
  }
}

/**
 * Where the app keeps its data: the flag `--user-data-dir=DIR`, else TRIVET_USER_DATA. There is no default, so that
 * the stand-in never meets the profile of an installed wallet by accident.
 *
 * @throws {ProfileRefused} when neither is given
 */
export function userDataDirectory(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  const flag = argv.findLast((argument) => argument.startsWith(FLAG))?.slice(FLAG.length);
  const directory = flag ?? env.TRIVET_USER_DATA ?? "";
  if (directory === "") {
    throw new ProfileRefused(`Say where the profile is, with ${FLAG}DIR or TRIVET_USER_DATA.`);
  }
  return path.resolve(directory);
}

/**
 * The stand-in keeps secrets in files and opens its windows to scripts: good for money that is worth nothing only.
 *
 * @param networkFile the network's description the app will read
 * @throws {ProfileRefused} unless the network is a devnet and the profile was not made by Electron
 */
export function requireDevnetProfile(networkFile: string, userData: string): void {
  const made = LEFT_BY_ELECTRON.find((name) => existsSync(path.join(userData, name)));
  if (made !== undefined) throw new ProfileRefused(`${userData} was made by Electron ("${made}").`);
  const kind = kindOf(networkFile);
  if (kind !== "devnet") throw new ProfileRefused(`${networkFile} describes a network of kind "${kind}".`);
}

function kindOf(networkFile: string): string {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(networkFile, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ProfileRefused(`The network's description cannot be read (TRIVET_NETWORK): ${why}.`);
  }
  return z.looseObject({ kind: z.string() }).safeParse(json).data?.kind ?? "unknown";
}
