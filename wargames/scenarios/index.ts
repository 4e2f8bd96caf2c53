import type { Scenario } from "../scenario.ts";
import { COMPUTER } from "./computer.ts";
import { OTHER_DOORS } from "./doors.ts";
import { INTERFACE } from "./interface.ts";
import { KEYS } from "./keys.ts";
import { RECORDS } from "./records.ts";
import { SCRIPTS } from "./scripts.ts";
import { SERVICES } from "./services.ts";
import { SESSIONS } from "./sessions.ts";
import { TAKEOVER } from "./takeover.ts";
import { THINGS } from "./things.ts";

/** Every scenario, in the order in which they are reported. */
export const SCENARIOS: readonly Scenario[] = [
  ...THINGS,
  ...COMPUTER,
  ...INTERFACE,
  ...SESSIONS,
  ...RECORDS,
  ...TAKEOVER,
  ...SERVICES,
  ...KEYS,
  ...OTHER_DOORS,
  ...SCRIPTS,
];
