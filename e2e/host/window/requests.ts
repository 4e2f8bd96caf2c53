import type { CdpSession } from "../chromium/connection.ts";
import type { Protocol } from "../chromium/protocol.ts";
import { fromShown, handlerOf } from "../web/schemes.ts";
import { hooks } from "../web/web-request.ts";
import type { NavigationGuard } from "./navigation.ts";

type Paused = Protocol.Events["Fetch.requestPaused"];
type Header = Protocol.Fetch.HeaderEntry;
type ResourceType = Electron.OnHeadersReceivedListenerDetails["resourceType"];

/** On whose behalf requests are made. */
export interface RequestSource {
  readonly webContentsId: number;
}

export interface RouteOptions {
  readonly session: CdpSession;
  readonly guard: NavigationGuard;
  readonly source: RequestSource;
  readonly isMainFrame: (frameId: string) => boolean;
}

/**
 * Takes every request of a page: the app's own schemes are answered by the app, the rest goes on as the app's
 * `webRequest` listeners decide.
 */
export function routeRequests(options: RouteOptions): Promise<unknown> {
  const { session } = options;
  session.on("Fetch.requestPaused", (paused) => {
    const decided =
      paused.responseStatusCode !== undefined || paused.responseErrorReason !== undefined
        ? finishResponse(paused, options)
        : answerRequest(paused, options);
    decided.catch((error: unknown) => {
      console.error(`The request for ${fromShown(paused.request.url)} failed:`, error);
      session.post("Fetch.failRequest", { requestId: paused.requestId, errorReason: "Failed" });
    });
  });
  return session.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
}

async function answerRequest(paused: Paused, options: RouteOptions): Promise<void> {
  const { session, guard } = options;
  const { requestId, request, resourceType, frameId } = paused;
  if (resourceType === "Document" && !guard.mayNavigate(frameId, request.url)) {
    session.post("Fetch.failRequest", { requestId, errorReason: "Aborted" });
    return;
  }
  const url = fromShown(request.url);
  const { cancel, redirectURL } = await askBeforeRequest(url, paused, options);
  if (redirectURL !== undefined) throw new Error("the stand-in does not redirect requests");
  if (cancel === true) {
    session.post("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
    return;
  }
  if (url === request.url) {
    session.post("Fetch.continueRequest", {
      requestId,
      interceptResponse: hooks.headersReceived !== undefined,
    });
    return;
  }
  const handler = handlerOf(url);
  if (!handler) {
    session.post("Fetch.failRequest", { requestId, errorReason: "AddressUnreachable" });
    return;
  }
  const response = await handler(toRequest(url, request));
  const decided = await askHeadersReceived(
    url,
    response.status,
    entriesOf(response.headers),
    paused,
    options,
  );
  if (decided === "cancel") {
    session.post("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
    return;
  }
  session.post("Fetch.fulfillRequest", {
    requestId,
    responseCode: response.status,
    responseHeaders: decided,
    body: Buffer.from(await response.arrayBuffer()).toString("base64"),
  });
}

/** A response from elsewhere has arrived: the app may change its headers. */
async function finishResponse(paused: Paused, options: RouteOptions): Promise<void> {
  const { session } = options;
  const { requestId, request, responseStatusCode, responseHeaders = [] } = paused;
  if (responseStatusCode === undefined) {
    session.post("Fetch.continueRequest", { requestId });
    return;
  }
  const decided = await askHeadersReceived(request.url, responseStatusCode, responseHeaders, paused, options);
  if (decided === "cancel") {
    session.post("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
  } else {
    session.post("Fetch.continueResponse", {
      requestId,
      responseCode: responseStatusCode,
      responseHeaders: decided,
    });
  }
}

function toRequest(url: string, { method, headers, postDataEntries }: Protocol.Network.Request): Request {
  const body =
    postDataEntries && Buffer.concat(postDataEntries.map(({ bytes = "" }) => Buffer.from(bytes, "base64")));
  return new Request(url, { method, headers, ...(body && { body }) });
}

function entriesOf(headers: Headers): Header[] {
  const entries: Header[] = [];
  headers.forEach((value, name) => entries.push({ name, value }));
  return entries;
}

function resourceTypeOf({ resourceType, frameId }: Paused, { isMainFrame }: RouteOptions): ResourceType {
  switch (resourceType) {
    case "Document":
      return isMainFrame(frameId) ? "mainFrame" : "subFrame";
    case "Stylesheet":
      return "stylesheet";
    case "Script":
      return "script";
    case "Image":
      return "image";
    case "Font":
      return "font";
    case "XHR":
    case "Fetch":
      return "xhr";
    case "Media":
      return "media";
    case "Ping":
      return "ping";
    case "CSPViolationReport":
      return "cspReport";
    default:
      return "other";
  }
}

function detailsOf(url: string, paused: Paused, options: RouteOptions) {
  return {
    id: Number.parseInt(/\d+/.exec(paused.requestId)?.[0] ?? "0", 10),
    url,
    method: paused.request.method,
    webContentsId: options.source.webContentsId,
    resourceType: resourceTypeOf(paused, options),
    referrer: fromShown(paused.request.headers.Referer ?? ""),
    timestamp: Date.now(),
  };
}

function askBeforeRequest(
  url: string,
  paused: Paused,
  options: RouteOptions,
): Promise<Electron.CallbackResponse> {
  const hook = hooks.beforeRequest;
  if (!hook?.matches(url)) return Promise.resolve({});
  return new Promise((resolve) => {
    hook.listener({ ...detailsOf(url, paused, options), uploadData: [] }, resolve);
  });
}

function askHeadersReceived(
  url: string,
  statusCode: number,
  headers: Header[],
  paused: Paused,
  options: RouteOptions,
): Promise<Header[] | "cancel"> {
  const hook = hooks.headersReceived;
  if (!hook?.matches(url)) return Promise.resolve(headers);
  const responseHeaders: Record<string, string[]> = {};
  for (const { name, value } of headers) (responseHeaders[name] ??= []).push(value);
  const statusLine = `HTTP/1.1 ${statusCode}`;
  return new Promise((resolve) => {
    hook.listener(
      { ...detailsOf(url, paused, options), statusCode, statusLine, responseHeaders },
      (answer) => {
        if (answer.cancel === true) resolve("cancel");
        else if (!answer.responseHeaders) resolve(headers);
        else {
          resolve(
            Object.entries(answer.responseHeaders).flatMap(([name, values]) =>
              [values].flat().map((value) => ({ name, value })),
            ),
          );
        }
      },
    );
  });
}
