import { createHash } from "node:crypto";
import { constants, openSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";

const zHandOver = z.object({
  argv: z.array(z.string()),
  workingDirectory: z.string(),
  additionalData: z.unknown(),
});
/** What a second instance tells the first before it ends. */
export type HandOver = z.output<typeof zHandOver>;

/** open(2)'s flag on macOS that locks the file; Node passes flags through without naming this one. */
const MACOS_O_EXLOCK = 0x20;

/** Where the first instance of a profile listens. It vanishes with the process, however that ends. */
function addressOf(userData: string): string {
  const name = `trivet-stand-in-${createHash("sha256").update(userData).digest("hex").slice(0, 16)}`;
  switch (process.platform) {
    case "win32":
      return `\\\\.\\pipe\\${name}`;
    case "linux":
      // An abstract socket, which has no file.
      return `\0${name}`;
    default:
      return path.join(tmpdir(), `${name}.sock`);
  }
}

/** On macOS a socket's file outlives its process, so a locked file beside it says whether anybody listens. */
function lockFile(address: string): boolean {
  try {
    openSync(`${address}.lock`, constants.O_CREAT | constants.O_RDWR | constants.O_NONBLOCK | MACOS_O_EXLOCK);
    rmSync(address, { force: true });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return false;
    throw error;
  }
}

/**
 * Takes the lock of a profile, which the operating system gives to one process at a time.
 *
 * @returns undefined when another process has it
 */
export function takeInstanceLock(
  userData: string,
  onSecond: (handOver: HandOver) => void,
): Server | undefined {
  const address = addressOf(userData);
  if (process.platform === "darwin" && !lockFile(address)) return undefined;
  const server = createServer((socket) => {
    text(socket)
      .then((json) => {
        onSecond(zHandOver.parse(JSON.parse(json)));
      })
      .catch((error: unknown) => {
        console.error("A second instance said something strange:", error);
      });
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
  });
  // Binding a local socket is done at once; only the events about it come later.
  server.listen(address);
  if (!server.listening) return undefined;
  server.unref();
  return server;
}

/** Tells the first instance that somebody started the app again. */
export async function handOver(userData: string, message: HandOver): Promise<void> {
  const socket = connect(addressOf(userData));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.on("error", reject);
  socket.on("close", () => {
    resolve(undefined);
  });
  socket.resume().end(JSON.stringify(message));
  await promise;
}
