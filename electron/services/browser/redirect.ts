import { type BrowserVisit, htmlPage, openVisit, sendPage, type VisitOptions } from "./visit.ts";

/**
 * Waits for the system browser to be sent back to the wallet, as after a social login. The address of the visit is what
 * the authenticator is asked to redirect to; the answer is that address with whatever it was given in its query.
 *
 * What stands in it went through the browser and its history: it has to be worthless without what this process kept
 * (PKCE).
 */
export function awaitRedirect(options: VisitOptions = {}): Promise<BrowserVisit<URL>> {
  return openVisit<URL>(
    {
      host: "127.0.0.1",
      respond: (request, path, response, { done, url }) => {
        if (request.method !== "GET" || path !== "") {
          response.writeHead(404).end();
          return;
        }
        sendPage(response, htmlPage("Back to Trivet", "<p>You can close this page and go on in Trivet.</p>"));
        done(new URL(request.url ?? "", url));
      },
    },
    options,
  );
}
