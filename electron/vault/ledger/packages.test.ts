import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const FILE = path.join(here, "packages.ts");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-packages-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Loads the packages in a Node of their own, where nothing helps them. */
async function loadedBy(file: string): Promise<string> {
  const script = `
    const { loadEth, loadKit, loadSpeculosTransport } = await import(${JSON.stringify(file)});
    const Eth = await loadEth();
    const Transport = await loadSpeculosTransport();
    const Kit = await loadKit();
    console.log(
      typeof Eth.prototype.signEIP712Message,
      typeof Transport.open,
      typeof new Kit.DeviceManagementKitBuilder().build().connect,
    );
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return stdout.trim();
}

it("Ledger's packages load in plain Node", async () => {
  expect(await loadedBy(FILE)).toBe("function function function");
});

it("Ledger's packages load from a bundle that stands alone", async () => {
  await build({
    configFile: false,
    logLevel: "error",
    root: here,
    ssr: { noExternal: true },
    build: {
      ssr: FILE,
      outDir: folder,
      rollupOptions: { external: [/^node-hid$/, /hw-transport-node-hid/] },
    },
  });
  expect(await loadedBy(path.join(folder, "packages.js"))).toBe("function function function");
});
