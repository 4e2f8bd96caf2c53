// The layers. Arrows point one way: everybody may know core; the renderer knows only core; the wallet
// (electron) and the devnet do not know each other. Tests, and what folders named "testing" hold for them, may
// look everywhere; nothing else may look at them.

const TEST = "\\.test\\.ts$|/testing/";
const OURS = "^(core|contracts|lit-actions|electron|renderer|devnet|e2e|bench|wargames|tools)/";

/** Nothing under `from` may import one of our folders other than those in `may` (and itself). */
const layer = (from, may) => ({
  name: `${from}: only ${may.length > 0 ? may.join(", ") : "itself"}`,
  severity: "error",
  from: { path: `^${from}/`, pathNot: TEST },
  to: { path: OURS, pathNot: `^(${[from, ...may].join("|")})/` },
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    layer("core", []),
    layer("contracts", ["core", "tools"]),
    layer("lit-actions", ["core"]),
    layer("renderer", ["core"]),
    layer("electron", ["core", "contracts"]),
    layer("devnet", ["core", "contracts", "lit-actions"]),
    layer("e2e", ["core", "contracts", "lit-actions", "electron", "devnet", "tools"]),
    layer("wargames", ["core", "contracts", "lit-actions", "electron", "devnet", "tools"]),
    layer("tools", ["core", "contracts", "lit-actions", "electron", "devnet", "e2e"]),
    {
      name: "core: no Node",
      severity: "error",
      from: { path: "^core/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core: only pure packages",
      comment: "Arithmetic, encodings, hashes and schemas; nothing that reads a file, a socket or a screen.",
      severity: "error",
      from: { path: "^core/", pathNot: TEST },
      to: {
        path: "node_modules/",
        pathNot: "node_modules/(viem|zod|@noble/[^/]+|@scure/[^/]+|unhomoglyph|fastest-levenshtein)/",
      },
    },
    {
      name: "screens: no Node, no Electron",
      comment:
        "The renderer and the devnet's page are web pages; they reach the wallet only through its API.",
      severity: "error",
      from: { path: "^(renderer|devnet/page/client)/", pathNot: TEST },
      to: { path: "^electron$|node_modules/electron/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "screens: no Node",
      severity: "error",
      from: { path: "^(renderer|devnet/page/client)/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "preload: only core and Electron",
      severity: "error",
      from: { path: "^electron/preload/", pathNot: TEST },
      to: { path: "^electron/(main|vault|services)/" },
    },
    {
      name: "vault: knows nobody in the wallet",
      comment: "The only process that sees a private key takes structured operations over a port.",
      severity: "error",
      from: { path: "^electron/vault/", pathNot: TEST },
      to: { path: "^electron/(main|preload|services)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no test code in the product",
      severity: "error",
      from: { pathNot: [TEST, "^(e2e|bench|wargames)/", "^contracts/gas\\.ts$", "\\.config\\.ts$"] },
      to: { path: TEST },
    },
    {
      name: "no circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(out|dist|contracts/(artifacts|cache)|devnet/state|\\.cache)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.node.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default", "require"],
      extensions: [".ts", ".vue", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
      mainFields: ["module", "main", "types"],
    },
  },
};
