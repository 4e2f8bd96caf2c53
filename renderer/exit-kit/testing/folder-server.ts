import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

export interface FolderServer extends AsyncDisposable {
  /** Where a file of the folder is, under the computer's own name. */
  readonly urlOf: (file: string) => string;
}

/** Serves the files of a folder on this computer, as the page says that it is opened for passkeys. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const server = createServer((incoming, outgoing) => {
    readFile(path.join(folder, path.basename(incoming.url ?? ""))).then(
      (content) => outgoing.writeHead(200, { "content-type": "text/html" }).end(content),
      () => outgoing.writeHead(204).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    urlOf: (file) => `http://localhost:${address.port}/${path.basename(file)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
