import { readFileSync } from "node:fs";
import path from "node:path";
import { app } from "electron";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";

/** Where the network's description is: named by the environment (development), else in the profile's folder. */
export function networkFile(): string {
  return process.env.TRIVET_NETWORK ?? path.join(app.getPath("userData"), "network.json");
}

/**
 * Where the usage key of Lit's live service is, when the network's description names that service: beside it, so that
 * the description can be passed on and the credential is not.
 */
export const usageKeyFile = (): string => path.join(path.dirname(networkFile()), "lit-usage-key");

/**
 * Reads the network's description.
 * @throws Error with a sentence that names the file and the first thing wrong in it
 */
export function readNetworkConfig(file: string): NetworkConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`Trivet needs a network description at ${file}. See docs/networks.md.`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not valid JSON.`, { cause });
  }
  const parsed = zNetworkConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${file}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is not valid"}.`);
}

/** Each chain has a profile folder of its own, so that a devnet account never meets a live one. */
export function profileDirectory(config: NetworkConfig): string {
  return path.join(app.getPath("userData"), "profiles", `${config.kind}-${config.chain.id}`);
}

/** The stand-in host names itself; in Electron the variable is never set. */
export const isStandIn = (): boolean => process.env.TRIVET_STAND_IN === "1";

/** In development Electron keeps its data where the environment says; a packaged app never does. */
export function useDevelopmentProfile(): void {
  const folder = process.env.TRIVET_USER_DATA;
  // The stand-in host reads the variable itself.
  if (!app.isPackaged && !isStandIn() && folder) app.setPath("userData", folder);
}
