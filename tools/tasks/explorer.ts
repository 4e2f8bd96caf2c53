// `npm run explorer [-- --profile published|default] [--account FILE] [--json]`: who could take an account's money, and
// what would lock its owner out. Without --account: every configuration whose keys are both with the network.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AccountDescriptionError, parseAccount } from "#core/security/explorer/account.ts";
import { EVERY_CHOICE_OF_METHODS, explore, networkAccount } from "#core/security/explorer/configurations.ts";
import { reportOn } from "#core/security/explorer/report.ts";
import { servicesOf } from "#core/security/explorer/services.ts";
import { bestChanges } from "#core/security/explorer/what-if.ts";
import { PROFILE_NAMES, type ProfileName } from "#core/security/rules/profiles.ts";
import { accountText, configurationTable } from "../explorer/table.ts";

/** What was asked cannot be answered; the message says why. */
class UsageError extends Error {}

function profileFrom(text: string): ProfileName {
  const profile = PROFILE_NAMES.find((name) => name === text);
  if (profile) return profile;
  throw new UsageError(`There is no profile "${text}". Profiles: ${PROFILE_NAMES.join(", ")}.`);
}

function readDescription(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read as JSON: ${why}`, { cause });
  }
}

function everyConfiguration(profile: ProfileName, json: boolean): string {
  const reports = EVERY_CHOICE_OF_METHODS.map((methods) =>
    reportOn(explore(networkAccount(profile, methods))),
  );
  return json ? JSON.stringify(reports, null, 2) : configurationTable(reports);
}

function oneAccount(file: string, json: boolean): string {
  const account = parseAccount(readDescription(file));
  const explored = explore(account);
  const report = reportOn(explored);
  const services = servicesOf(explored);
  const changes = bestChanges(account);
  return json
    ? JSON.stringify({ ...report, services, bestChanges: changes }, null, 2)
    : accountText(account, report, services, changes);
}

function run(): string {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, profile: { type: "string" }, account: { type: "string" } },
  });
  const { json = false, profile, account } = values;
  if (account === undefined) return everyConfiguration(profileFrom(profile ?? "default"), json);
  if (profile !== undefined) throw new UsageError("An account says its profile itself: leave out --profile.");
  return oneAccount(account, json);
}

try {
  console.log(run());
} catch (error) {
  // parseArgs complains with a TypeError that has a code.
  const isUsage = error instanceof UsageError || error instanceof AccountDescriptionError;
  if (!isUsage && !(error instanceof TypeError && "code" in error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
