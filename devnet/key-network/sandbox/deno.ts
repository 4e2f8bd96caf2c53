import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Path of the Deno binary that npm installed: the `deno` package depends on one package per platform, each
 * holding nothing but the binary, so no install script has to have run.
 * @throws Error when there is none for this platform
 */
export function denoBinary(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const libc = process.platform === "linux" ? "-glibc" : "";
  const name = `@deno/${process.platform}-${process.arch}${libc}`;
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return join(folder, process.platform === "win32" ? "deno.exe" : "deno");
  } catch (cause) {
    throw new Error(`The gate's sandbox needs the npm package ${name}. Run npm ci again.`, { cause });
  }
}
