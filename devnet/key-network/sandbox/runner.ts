// Runs inside Deno, one process per run of a gate: reads a line (RunInput), takes away what a gate has no
// business with, evaluates the script, and reports in lines of JSON. The process has no permission but to reach
// the chain's RPC and the hosts it was started with; what is removed here is the second wall, not the first.
import type { EnclaveAnswer, EnclaveQuestion, EnclaveRun, NodeRun, RunInput, RunOutput } from "./protocol.ts";

interface DenoStreams {
  readonly stdin: { readonly readable: ReadableStream<Uint8Array<ArrayBuffer>> };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
}
declare const Deno: DenoStreams;

const { stdin, stdout } = Deno;
const encoder = new TextEncoder();
const { parse, stringify } = JSON;
const evaluate = globalThis.eval;
const listen = globalThis.addEventListener.bind(globalThis);
const realFetch = globalThis.fetch;

/** Everything a gate may use of Deno's globals: the language, the parts of the web it needs, nothing else. */
const KEPT = new Set(
  (
    "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise " +
    "RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis " +
    "SuppressedError DisposableStack AsyncDisposableStack Temporal Atomics SharedArrayBuffer Float16Array " +
    "JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array " +
    "BigUint64Array BigInt64Array Uint8ClampedArray Float32Array Float64Array DataView Map BigInt Set Iterator " +
    "WeakMap WeakSet Proxy Reflect FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI " +
    "encodeURIComponent escape unescape eval isFinite isNaN console queueMicrotask AbortController AbortSignal " +
    "Blob CryptoKey CustomEvent DOMException Event EventTarget FormData Headers ReadableStream Request Response " +
    "TextDecoder TextEncoder URL URLSearchParams atob btoa clearTimeout clearInterval crypto Crypto " +
    "SubtleCrypto fetch setTimeout setInterval structuredClone performance"
  ).split(" "),
);

function write(output: RunOutput): void {
  const bytes = encoder.encode(`${stringify(output)}\n`);
  for (let written = 0; written < bytes.length;) written += stdout.writeSync(bytes.subarray(written));
}

const reader = stdin.readable.getReader();
const decoder = new TextDecoder();
let unread = "";

/** Reads one line. Nothing is read ahead: a read that waits would keep the process alive after its script has ended. */
async function readLine(): Promise<unknown> {
  for (let end = unread.indexOf("\n"); ; end = unread.indexOf("\n")) {
    if (end >= 0) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 1);
      return parse(line);
    }
    const { value, done } = await reader.read();
    if (done) throw new Error("the node is gone");
    unread += decoder.decode(value, { stream: true });
  }
}

/** Deno loads many parts when they are first used; a waiting process has time for it, a running gate has not. */
async function warmUp(): Promise<void> {
  clearTimeout(setTimeout(() => undefined, 0));
  const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  await Promise.allSettled([
    (await fetch("data:,", { signal: AbortSignal.timeout(1000) })).text(),
    crypto.subtle.digest("SHA-256", new Uint8Array(1)),
    crypto.subtle.importKey("jwk", { kty: "RSA", n: "AQ", e: "AQAB" }, rsa, false, ["verify"]),
  ]);
}

function removeGlobals(): void {
  for (const name of KEPT) Reflect.get(globalThis, name);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!KEPT.has(name)) Reflect.deleteProperty(globalThis, name);
  }
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

function text(value: unknown): string {
  if (typeof value === "object") return stringify(value);
  return typeof value === "string" ? value : describe(value);
}

/** Only the RPC and the given host names can be reached, and only so often. */
function limitedFetch({ rpcUrl, hosts, maxFetches }: RunInput): typeof fetch {
  const rpc = new URL(rpcUrl);
  let fetches = 0;
  return async (input, init) => {
    if (++fetches > maxFetches) throw new TypeError(`A gate may fetch ${maxFetches} times at most.`);
    const url = new URL(input instanceof Request ? input.url : input);
    const target = hosts[url.host];
    if (target !== undefined) {
      url.protocol = "http:";
      url.host = target;
    } else if (url.origin !== rpc.origin) {
      throw new TypeError(`A gate cannot reach ${url.host}.`);
    }
    return realFetch(input instanceof Request ? new Request(url, input) : url, init);
  };
}

function captureConsole(): void {
  const log = (...values: unknown[]): void => write({ log: values.map(text).join(" ") });
  for (const level of ["log", "info", "warn", "error", "debug"] as const) console[level] = log;
}

interface SignRequest {
  readonly toSign: ArrayLike<number>;
  readonly publicKey: string;
  readonly sigName: string;
}

/** The globals of a Lit Action, as far as a gate uses them. */
function litGlobals({ auth, rpcUrl }: NodeRun) {
  const Actions = {
    /** Asks the node for this node's share of a signature; it is made only after the script has ended well. */
    async signEcdsa({ toSign, publicKey, sigName }: SignRequest): Promise<string> {
      const digest = Array.from(toSign, (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError("toSign must have 32 bytes.");
      write({ sign: { digest: `0x${digest}`, publicKey, sigName } });
      return "success";
    },
    setResponse: ({ response }: { response: unknown }): void => write({ response: text(response) }),
    getRpcUrl: async (_query: { chain: string }): Promise<string> => rpcUrl,
  };
  return { Actions: Object.freeze(Actions), Auth: Object.freeze(auth) };
}

let questions = 0;
let lastAnswer: Promise<unknown> = Promise.resolve();

/** Asks the enclave. Answers come in the order of the questions, so one waits for the other. */
function ask(name: EnclaveQuestion, about: unknown): Promise<string> {
  const before = lastAnswer;
  const answer = (async () => {
    await before;
    const id = ++questions;
    write({ ask: { id, name, about: String(about) } });
    // The enclave wrote it.
    const said = (await readLine()) as EnclaveAnswer;
    if ("error" in said) throw new Error(said.error);
    return said.answer;
  })();
  lastAnswer = answer.catch(() => undefined);
  return answer;
}

/** The globals of a program in Lit's live service, as far as a gate uses them. */
function enclaveGlobals() {
  const Actions = {
    getPrivateKey: ({ pkpId }: { pkpId: unknown }) => ask("getPrivateKey", pkpId),
    getLitActionPrivateKey: () => ask("getLitActionPrivateKey", ""),
    getLitActionPublicKey: ({ ipfsId }: { ipfsId: unknown }) => ask("getLitActionPublicKey", ipfsId),
    getLitActionWalletAddress: ({ ipfsId }: { ipfsId: unknown }) => ask("getLitActionWalletAddress", ipfsId),
    setResponse: ({ response }: { response: unknown }): void => write({ response: text(response ?? null) }),
  };
  return { Actions: Object.freeze(Actions), Auth: Object.freeze({}) };
}

/** The service runs no code made of strings. */
function forbidStrings(): void {
  const Refuse = function () {
    throw new EvalError("Code generation from strings disallowed for this context");
  };
  Refuse.prototype = Function.prototype;
  Object.defineProperty(Function.prototype, "constructor", { value: Refuse });
  Object.assign(globalThis, { eval: Refuse, Function: Refuse });
}

/** How the service calls a program: its `main`, with the parameters as they came. */
const called = ({ code, params }: EnclaveRun): string => `${code}
;(async () => {
  const params = ${stringify(params ?? null)};
  const data = await main(params);
  if (typeof data !== "undefined") LitActions.setResponse({ response: data });
})();`;

function define(name: string, value: unknown): void {
  if (name in globalThis) throw new TypeError(`No parameter may be named ${name}.`);
  Object.defineProperty(globalThis, name, { value, enumerable: true });
}

listen("unhandledrejection", (event) => {
  event.preventDefault();
  write({ error: describe(event.reason) });
});
listen("error", (event) => {
  event.preventDefault();
  write({ error: describe(event.error) });
});
listen("beforeunload", () => write({ done: true }));

await warmUp();
removeGlobals();
captureConsole();
write({ ready: true });
// The node wrote it.
const input = (await readLine()) as RunInput;
globalThis.fetch = limitedFetch(input);
const Lit = Object.freeze(input.host === "node" ? litGlobals(input) : enclaveGlobals());
define("Lit", Lit);
define("LitActions", Lit.Actions);
if (input.host === "node") {
  define("jsParams", input.params);
  for (const [name, value] of Object.entries(input.params)) define(name, value);
  evaluate(input.code);
} else {
  forbidStrings();
  evaluate(called(input));
}
