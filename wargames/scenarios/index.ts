import type { Scenario } from "../scenario.ts";
import { THINGS } from "./things.ts";

/** Every scenario, in the order in which they are reported. */
export const SCENARIOS: readonly Scenario[] = [...THINGS];
