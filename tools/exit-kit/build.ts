// Builds the exit kit's page: everything in one HTML file, which reaches nothing but what a person tells it to.
import path from "node:path";
import { EXIT_KIT_PLACE } from "#core/exit-kit/exit-kit.ts";
import { buildOneFile } from "../one-file/build.ts";

/**
 * Builds the page without data; `fillExitKit` puts an account's into it. It may connect anywhere (`http:` for a node of
 * one's own), because no policy can name a server that the person chooses later; from the moment it is chosen, a second
 * policy allows that one only (renderer/exit-kit/chain/connection.ts).
 */
export const buildExitKit = (): Promise<string> =>
  buildOneFile({
    root: path.resolve(import.meta.dirname, "../../renderer/exit-kit"),
    name: "exit kit",
    connect: "http: https:",
    head: EXIT_KIT_PLACE,
  });
