// Builds the friend's page: everything in one HTML file, which reaches nothing at all.
import path from "node:path";
import { buildOneFile } from "../one-file/build.ts";

/** Builds the page. It is the same for everybody: what it is about comes in letters. */
export const buildFriendPage = (): Promise<string> =>
  buildOneFile({
    root: path.resolve(import.meta.dirname, "../../renderer/friend-page"),
    name: "friend's page",
  });
