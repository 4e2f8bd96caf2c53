import { createServer } from "node:http";

/** An RPC server of the chain that answers every page, as public providers do; the devnet's own answers none. */
export interface OpenRpc {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "content-type",
  "content-type": "application/json",
};

/** Passes what pages ask on to the devnet's chain. */
export async function openRpc(chainUrl: string): Promise<OpenRpc> {
  async function ask(body: string): Promise<string> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(chainUrl, { method: "POST", headers, body });
    return response.text();
  }

  const server = createServer((incoming, outgoing) => {
    if (incoming.method === "OPTIONS") {
      outgoing.writeHead(204, HEADERS).end();
      return;
    }
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
    incoming.on("end", () => {
      ask(body).then(
        (answer) => outgoing.writeHead(200, HEADERS).end(answer),
        (error: unknown) => outgoing.writeHead(502, HEADERS).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
