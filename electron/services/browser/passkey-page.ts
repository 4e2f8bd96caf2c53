import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type BrowserVisit, htmlPage, openVisit, sendPage, type VisitOptions } from "./visit.ts";

interface Purpose {
  readonly task: "create" | "get";
  readonly title: string;
  /** What is said before the person goes on; as HTML. */
  readonly text: string;
  /** Whether the challenge is what the person approved in the confirm window, to be compared. */
  readonly showsDigest?: true;
}

const WILL_ASK = "Your browser will ask for your passkey.";

/** What a passkey is asked: to be made or used as a factor, and what passkeys do that hold keys. */
const PURPOSES = {
  create: { task: "create", title: "Set up a passkey for Trivet", text: WILL_ASK },
  get: { task: "get", title: "Use your passkey for Trivet", text: WILL_ASK },
  "make-key": {
    task: "create",
    title: "Make a passkey that holds a key of your account",
    text: `It is made for this computer's own pages, with no website behind it. ${WILL_ASK}`,
  },
  "try-key": {
    task: "get",
    title: "Try the passkey that is to hold a key",
    text: `It signs a number made at random, which moves nothing. ${WILL_ASK}`,
  },
  "sign-with-key": {
    task: "get",
    title: "Sign with your passkey",
    text: `You approved this in Trivet's confirm window. Your passkey does not show what it signs. ${WILL_ASK}`,
    showsDigest: true,
  },
  "find-key": {
    task: "get",
    title: "Find the passkey that holds a key of your account",
    text: `Choose it when your browser asks. It signs a number made at random, which moves nothing.`,
  },
} as const satisfies Record<string, Purpose>;
export type PasskeyPurpose = keyof typeof PURPOSES;

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
 * @param options WebAuthn's JSON, of the domain `LOCAL_PASSKEY_DOMAIN`
 * @returns a visit whose answer is the credential as a JSON string, or fails with WalletError "passkey-declined"
 */
export function openPasskeyPage(
  purpose: PasskeyPurpose,
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
          sendPage(response, page(PURPOSES[purpose], options, nonce));
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

/** @param name of the browser's error. For whatever the person does or does not have there, browsers say the same. */
function declined(name: string): WalletError {
  const cause = new Error(/^[A-Za-z]{1,40}$/.test(name) ? name : "unknown");
  if (name === "InvalidStateError") {
    return new WalletError(
      "passkey-exists",
      "The device you chose already has a passkey for this.",
      "Use another device or passkey manager: two keys must never be one.",
      { cause },
    );
  }
  return new WalletError(
    "passkey-declined",
    "The passkey was not used: it was cancelled, took too long, or is not within reach of this browser.",
    "Start again, with the device that has it plugged in or at hand, and confirm when the browser asks for your passkey.",
    { cause },
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

const zChallenge = z.object({ challenge: z.string() });

/** The challenge as the confirm window shows it: in groups of four. */
function digestIn(options: string): string {
  const { challenge } = zChallenge.parse(JSON.parse(options));
  const groups = Buffer.from(challenge, "base64url").toString("hex").match(/.{4}/g) ?? [];
  return `<p>The digest, as in the confirm window:</p><p><code>0x ${groups.join(" ")}</code></p>`;
}

function page({ task, title, text, showsDigest }: Purpose, options: string, nonce: string): string {
  // In a script element only "<" can end what stands in it.
  const json = JSON.stringify({ task, options }).replaceAll("<", "\\u003c");
  return htmlPage(
    title,
    `<p id="state">${text}</p>${showsDigest ? digestIn(options) : ""}<button id="go">Continue</button>
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
