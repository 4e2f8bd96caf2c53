import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { findChromium } from "#tools/setup/chromium.mjs";

/** As strict as the app's own scheme serves the pages. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'";
const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export interface BuiltPages extends AsyncDisposable {
  readonly browser: Browser;
  /** Of the app's page and of the confirm window's. */
  readonly urls: { readonly app: string; readonly confirm: string };
}

/** Builds both pages as the app does, serves them on loopback under a strict policy, and starts a browser. */
export async function buildPages(): Promise<BuiltPages> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium is installed");
  const root = path.resolve(import.meta.dirname, "..");
  const folder = await mkdtemp(path.join(tmpdir(), "trivet-pages-"));
  await build({
    root,
    configFile: false,
    base: "./",
    logLevel: "error",
    plugins: [vue(), tailwindcss()],
    build: {
      outDir: folder,
      rolldownOptions: {
        input: { app: path.join(root, "index.html"), confirm: path.join(root, "confirm/index.html") },
      },
    },
  });
  const server = createServer((request, response) => {
    const file = path.join(folder, new URL(request.url ?? "/", "http://pages").pathname);
    readFile(file).then(
      (body) =>
        response
          .writeHead(200, {
            "content-type": CONTENT_TYPES[path.extname(file)] ?? "application/octet-stream",
            "content-security-policy": CONTENT_SECURITY_POLICY,
          })
          .end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const origin = `http://127.0.0.1:${address.port}`;
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  });
  return {
    browser,
    urls: { app: `${origin}/index.html`, confirm: `${origin}/confirm/index.html` },
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
