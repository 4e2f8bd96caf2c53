// Builds the exit kit's page: everything in one HTML file, which reaches nothing but what a person tells it to.
import { createHash } from "node:crypto";
import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { build, type Rolldown } from "vite";
import { EXIT_KIT_PLACE } from "#core/exit-kit/exit-kit.ts";

const ROOT = path.resolve(import.meta.dirname, "../../renderer/exit-kit");

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * What the page may do. Its one script and one style are named by their hashes, so no other runs. It may connect
 * anywhere (`http:` for a node of one's own), because no policy can name a server that the person chooses later; from
 * the moment it is chosen, a second policy allows that one only (renderer/exit-kit/chain/connection.ts).
 */
const policyOf = (script: string, style: string) =>
  [
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)}`,
    "connect-src http: https:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types vue",
  ].join("; ");

/** JavaScript that no HTML parser takes for the end of its element, or for a comment; its meaning is the same. */
const withinScript = (code: string) =>
  code
    .replaceAll(/<\/(script)/gi, "<\\/$1")
    .replaceAll("<!--", "\\x3C!--")
    .trim();

function bundleOf(output: Awaited<ReturnType<typeof build>>) {
  if (!("output" in output)) throw new Error("the exit kit has one build");
  const files: Rolldown.RolldownOutput["output"] = output.output;
  const scripts = files.flatMap((file) => (file.type === "chunk" ? [file.code] : []));
  const styles = files.flatMap((file) =>
    file.type === "asset" && file.fileName.endsWith(".css") ? [file.source.toString()] : [],
  );
  const pages = files.flatMap((file) =>
    file.type === "asset" && file.fileName.endsWith(".html") ? [file.source.toString()] : [],
  );
  const [script, style, page] = [scripts[0], styles[0], pages[0]];
  if (script === undefined || style === undefined || page === undefined || files.length !== 3) {
    const names = files.map(({ fileName }) => fileName).join(", ");
    throw new Error(`the exit kit is one script, one style and one page, not: ${names}`);
  }
  return { script: withinScript(script), style: style.trim(), page };
}

/** Builds the page without data; `fillExitKit` puts an account's into it. */
export async function buildExitKit(): Promise<string> {
  const { script, style, page } = bundleOf(
    await build({
      root: ROOT,
      configFile: false,
      logLevel: "error",
      plugins: [vue(), tailwindcss()],
      build: {
        write: false,
        target: "es2022",
        modulePreload: false,
        cssCodeSplit: false,
        assetsInlineLimit: Number.MAX_SAFE_INTEGER,
        rolldownOptions: { output: { codeSplitting: false } },
      },
    }),
  );
  const withoutLinks = page.replaceAll(/\s*<script[^>]*><\/script>/g, "").replaceAll(/\s*<link[^>]*>/g, "");
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(script, style)}" />`,
    `<style>${style}</style>`,
    EXIT_KIT_PLACE,
    `<script type="module">${script}</script>`,
  ].join("\n    ");
  // The policy has to come first: it holds for what comes after it.
  const [before, after] = withoutLinks.split('<meta charset="utf-8" />');
  if (before === undefined || after === undefined) throw new Error("the exit kit's page has no charset");
  return `${before}<meta charset="utf-8" />\n    ${head}${after}`;
}
