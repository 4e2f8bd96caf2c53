// How the wallet is built, from an entry each: main and the two utility processes (ESM, what they have in common in
// out/chunks), the two preloads (one CommonJS file each), the two pages.
import path from "node:path";
import { pathToFileURL } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "electron-vite";
import type { Plugin } from "vite";
import type * as Releases from "./lit-actions/releases.ts";
import type * as ExitKit from "./tools/exit-kit/build.ts";
import type * as FriendPage from "./tools/friend-page/build.ts";

/** Puts the gates beside the bundles: the app sends their code to the key network. */
const gates: Plugin = {
  name: "trivet-gates",
  async generateBundle() {
    // Imported by Node itself, not as a part of this file: a gate's build reads its sources from where it is.
    const releases = pathToFileURL(at("lit-actions/releases.ts")).href;
    const { loadReleases } = (await import(releases)) as typeof Releases;
    for (const { cid, code } of await loadReleases()) {
      this.emitFile({ type: "asset", fileName: `gates/${cid}.js`, source: code });
    }
  },
};

/** Puts the exit kit's page beside the bundles: the app fills in an account's data and saves it. */
const exitKit: Plugin = {
  name: "trivet-exit-kit",
  async generateBundle() {
    const builder = pathToFileURL(at("tools/exit-kit/build.ts")).href;
    const { buildExitKit } = (await import(builder)) as typeof ExitKit;
    this.emitFile({ type: "asset", fileName: "exit-kit/index.html", source: await buildExitKit() });
  },
};

/** Puts the friend's page beside the bundles: the app saves it, to be sent to friends who have no Trivet. */
const friendPage: Plugin = {
  name: "trivet-friend-page",
  async generateBundle() {
    const builder = pathToFileURL(at("tools/friend-page/build.ts")).href;
    const { buildFriendPage } = (await import(builder)) as typeof FriendPage;
    this.emitFile({ type: "asset", fileName: "friend-page/index.html", source: await buildFriendPage() });
  },
};

const at = (...parts: string[]): string => path.join(import.meta.dirname, ...parts);

export default defineConfig({
  main: {
    plugins: [gates, exitKit, friendPage],
    build: {
      outDir: at("out"),
      // package.json's `dependencies` stay outside: one has a native addon, the other is to run as published.
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          main: at("electron/main/index.ts"),
          vault: at("electron/vault/index.ts"),
          "key-network": at("electron/key-network/index.ts"),
          explorer: at("electron/services/security/explorer-thread.ts"),
        },
        output: { entryFileNames: "[name]/index.js" },
      },
    },
  },
  preload: {
    build: {
      outDir: at("out/preload"),
      // A sandboxed preload can require nothing but Electron: it has to be one CommonJS file.
      isolatedEntries: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: { app: at("electron/preload/app.ts"), confirm: at("electron/preload/confirm.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: at("renderer"),
    plugins: [vue(), tailwindcss()],
    build: {
      outDir: at("out/renderer"),
      rolldownOptions: {
        input: { app: at("renderer/index.html"), confirm: at("renderer/confirm/index.html") },
      },
    },
  },
});
