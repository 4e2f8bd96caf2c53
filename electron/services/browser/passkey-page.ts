import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type BrowserVisit, htmlPage, openVisit, sendPage, type VisitOptions } from "./visit.ts";

/** What a passkey is asked: to be made, or to prove itself. */
export type PasskeyTask = "create" | "get";

const TITLES = { create: "Set up a passkey for Trivet", get: "Use your passkey for Trivet" } as const;
const MAX_BYTES = 65_536;

const zAnswer = z.union([
  z.strictObject({ credential: z.string().min(2).max(MAX_BYTES) }),
  z.strictObject({ error: z.string().max(100) }),
]);

/** The relying party id of passkeys made on this page. Real projects have a page on a domain of their own. */
export const LOCAL_PASSKEY_DOMAIN = "localhost";

/**
 * Opens a page on which the person sets up or uses a passkey: browsers give passkeys to https pages and to localhost,
 * not to an app's own scheme.
 *
 * @param options the JSON that the authenticator sent, of the domain `LOCAL_PASSKEY_DOMAIN`
 * @returns a visit whose answer is the credential as a JSON string, or fails with WalletError "passkey-declined"
 */
export function openPasskeyPage(
  task: PasskeyTask,
  options: string,
  visitOptions: VisitOptions = {},
): Promise<BrowserVisit<string>> {
  const nonce = randomBytes(16).toString("base64url");
  return openVisit<string>(
    {
      host: "localhost",
      respond: (request, path, response, { done, fail, url }) => {
        if (request.method === "GET" && path === "") {
          response.setHeader(
            "Content-Security-Policy",
            `default-src 'none'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-ancestors 'none'; ` +
              "base-uri 'none'; form-action 'none'",
          );
          sendPage(response, page(task, options, nonce));
          return;
        }
        // The header tells that the request comes from this very page; pages elsewhere cannot make it up.
        if (request.method !== "POST" || path !== "/answer" || request.headers.origin !== url.origin) {
          response.writeHead(404).end();
          return;
        }
        void readAnswer(request).then((answer) => {
          if (answer === undefined) {
            response.writeHead(400).end();
            return;
          }
          response.writeHead(204).end();
          if ("credential" in answer) done(answer.credential);
          else fail(declined(answer.error));
        });
      },
    },
    visitOptions,
  );
}

function declined(name: string): WalletError {
  return new WalletError(
    "passkey-declined",
    "The passkey was not used.",
    "Start again, and confirm when the browser asks for your passkey.",
    { cause: new Error(/^[A-Za-z]{1,40}$/.test(name) ? name : "unknown") },
  );
}

/** The page's answer; undefined when it is none. */
async function readAnswer(request: IncomingMessage): Promise<z.output<typeof zAnswer> | undefined> {
  try {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) {
      text += z.string().parse(chunk);
      if (text.length > MAX_BYTES) return undefined;
    }
    return zAnswer.parse(JSON.parse(text));
  } catch {
    return undefined; // Cut off, or not what the page sends.
  }
}

function page(task: PasskeyTask, options: string, nonce: string): string {
  // In a script element only "<" can end what stands in it.
  const json = JSON.stringify({ task, options }).replaceAll("<", "\\u003c");
  return htmlPage(
    TITLES[task],
    `<p id="state">Your browser will ask for your passkey.</p><button id="go">Continue</button>
<script type="application/json" id="asked">${json}</script>
<script nonce="${nonce}">${SCRIPT}</script>`,
  );
}

/** Runs in the browser: asks for the passkey and sends back what it answered. */
const SCRIPT = `
const { task, options } = JSON.parse(document.getElementById("asked").textContent);
const state = document.getElementById("state");
const button = document.getElementById("go");
async function ask() {
  const publicKey = task === "create"
    ? PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options))
    : PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
  const credential = await navigator.credentials[task]({ publicKey });
  return { credential: JSON.stringify(credential.toJSON()) };
}
button.addEventListener("click", async () => {
  button.disabled = true;
  const answer = await ask().catch((error) => ({ error: error.name }));
  await fetch(location.pathname + "/answer", { method: "POST", body: JSON.stringify(answer) });
  state.textContent = "credential" in answer
    ? "Done. You can close this page and go on in Trivet."
    : "The passkey was not used. Close this page and start again in Trivet.";
  button.remove();
});
`;
