// Builds a page of ours into one HTML file that a person can keep, send and open anywhere.
import { createHash } from "node:crypto";
import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { build, type Rolldown } from "vite";

export interface OneFileOptions {
  /** The folder with the page's index.html. */
  readonly root: string;
  /** What it is called in errors. */
  readonly name: string;
  /** What the page may reach, as the policy writes it; nothing where absent. */
  readonly connect?: string;
  /** What stands in the head besides style and script. */
  readonly head?: string;
}

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the page may do. Its one script and one style are named by their hashes, so no other runs. */
const policyOf = (script: string, style: string, connect: string | undefined) =>
  [
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)}`,
    ...(connect === undefined ? [] : [`connect-src ${connect}`]),
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

function bundleOf(output: Awaited<ReturnType<typeof build>>, name: string) {
  if (!("output" in output)) throw new Error(`the ${name} has one build`);
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
    throw new Error(`the ${name} is one script, one style and one page, not: ${names}`);
  }
  return { script: withinScript(script), style: style.trim(), page };
}

/** Builds the page: everything in one HTML file, under a policy that lets nothing else run. */
export async function buildOneFile({ root, name, connect, head = "" }: OneFileOptions): Promise<string> {
  const { script, style, page } = bundleOf(
    await build({
      root,
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
    name,
  );
  const withoutLinks = page.replaceAll(/\s*<script[^>]*><\/script>/g, "").replaceAll(/\s*<link[^>]*>/g, "");
  const inHead = [
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(script, style, connect)}" />`,
    `<style>${style}</style>`,
    ...(head === "" ? [] : [head]),
    `<script type="module">${script}</script>`,
  ].join("\n    ");
  // The policy has to come first: it holds for what comes after it.
  const [before, after] = withoutLinks.split('<meta charset="utf-8" />');
  if (before === undefined || after === undefined) throw new Error(`the ${name} has no charset`);
  return `${before}<meta charset="utf-8" />\n    ${inHead}${after}`;
}
