import type { Scenario } from "../scenario.ts";
import { COMPUTER } from "./computer.ts";
import { INTERFACE } from "./interface.ts";
import { KEYS } from "./keys.ts";
import { SERVICES } from "./services.ts";
import { THINGS } from "./things.ts";

/** Every scenario, in the order in which they are reported. */
export const SCENARIOS: readonly Scenario[] = [...THINGS, ...COMPUTER, ...INTERFACE, ...SERVICES, ...KEYS];
