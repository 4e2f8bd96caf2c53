import { readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";

const zPackage = z.looseObject({ name: z.string(), productName: z.string().optional(), version: z.string() });

export interface AppPackage {
  readonly directory: string;
  readonly name: string;
  readonly version: string;
}

/** The nearest package.json above the app's main file. */
export function findAppPackage(mainFile: string): AppPackage {
  for (let directory = path.dirname(mainFile); ; directory = path.dirname(directory)) {
    let json: string;
    try {
      json = readFileSync(path.join(directory, "package.json"), "utf8");
    } catch (cause) {
      if (directory === path.dirname(directory))
        throw new Error(`no package.json above ${mainFile}`, { cause });
      continue;
    }
    const { name, productName, version } = zPackage.parse(JSON.parse(json));
    return { directory, name: productName ?? name, version };
  }
}

/** Electron's folders of the system, without the ones that differ by desktop. */
export function systemPath(name: string): string | undefined {
  switch (name) {
    case "home":
      return homedir();
    case "documents":
      return path.join(homedir(), "Documents");
    case "temp":
      return tmpdir();
    case "exe":
      return process.execPath;
    default:
      return undefined;
  }
}
