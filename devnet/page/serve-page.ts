import { build } from "esbuild";
import type { Hono } from "hono";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Everything comes from this server, nothing is inline, nothing may frame it, and it can send no form away. */
const HEADERS = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=(), hid=()",
};

const FONT = fileURLToPath(
  import.meta.resolve("@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2"),
);

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Adds the devnet's page to a loopback app. Its script is bundled now, from the sources that are there now. */
export async function addPage(app: Hono): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [here("client/main.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2023",
    tsconfigRaw: "{}",
    logLevel: "silent",
  });
  const script = outputFiles[0]?.text;
  if (script === undefined) throw new Error("esbuild gave no script for the devnet's page.");
  const files: { path: string; type: string; content: string | Uint8Array<ArrayBuffer> }[] = [
    { path: "/", type: "text/html; charset=utf-8", content: await readFile(here("index.html"), "utf8") },
    { path: "/page.css", type: "text/css; charset=utf-8", content: await readFile(here("page.css"), "utf8") },
    { path: "/icon.svg", type: "image/svg+xml", content: await readFile(here("icon.svg"), "utf8") },
    { path: "/inter.woff2", type: "font/woff2", content: Uint8Array.from(await readFile(FONT)) },
    { path: "/page.js", type: "text/javascript; charset=utf-8", content: script },
  ];
  for (const { path, type, content } of files) {
    app.get(path, (context) => context.body(content, 200, { ...HEADERS, "Content-Type": type }));
  }
}
