import type { UtilityProcess } from "./utility-process.ts";

/** The utility processes that run, for tests. In a file of its own: the control channel needs no more of them. */
export const running = new Set<UtilityProcess>();
