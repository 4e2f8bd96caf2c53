import { z } from "zod";
import { type Request, type RpcSource, rpcSource, SourceFailure } from "./source.ts";

const TIMEOUT_MS = 15_000;
/** No honest answer to what the watcher asks is larger: it asks for fewer blocks instead. */
const MOST_BYTES = 16_000_000;

const zAnswer = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ result: z.unknown() }),
]);

/** Reads a body, but no more than is sensible: whoever answers may be hostile. */
async function boundedText(response: Response, method: string): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      throw new SourceFailure(
        method === "eth_getLogs" ? "too-much" : "garbage",
        `Its answer to ${method} is larger than ${MOST_BYTES / 1_000_000} MB.`,
      );
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Sends JSON-RPC requests over HTTP. */
export function httpRequest(url: string, send: typeof fetch = fetch): Request {
  return async (method, params) => {
    let text: string;
    try {
      const response = await send(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await boundedText(response, method);
      if (!response.ok && !text.startsWith("{")) {
        throw new SourceFailure("refused", `It answers ${response.status}.`);
      }
    } catch (cause) {
      if (cause instanceof SourceFailure) throw cause;
      // The cause names the address, which may hold a secret: it is kept for debuggers and shown nowhere.
      throw new SourceFailure("silent", "It does not answer.", { cause });
    }
    let answer: z.output<typeof zAnswer>;
    try {
      answer = zAnswer.parse(JSON.parse(text));
    } catch (cause) {
      throw new SourceFailure("garbage", "Its answer is not JSON-RPC.", { cause });
    }
    if ("result" in answer) return answer.result;
    // Nodes say "too many" in as many ways as there are nodes; a smaller range is tried for any refusal.
    const kind = method === "eth_getLogs" ? "too-much" : "refused";
    throw new SourceFailure(kind, `It refuses ${method} (error ${answer.error.code}).`);
  };
}

/** The RPCs at some addresses, each by its host, and by a number where two have the same. */
export function httpSources(urls: readonly string[], send: typeof fetch = fetch): RpcSource[] {
  const hosts = urls.map((url) => new URL(url).host);
  return urls.map((url, index) => {
    const host = hosts[index] ?? url;
    const twin = hosts.slice(0, index).filter((other) => other === host).length;
    return rpcSource(twin === 0 ? host : `${host} (${twin + 1})`, httpRequest(url, send));
  });
}
