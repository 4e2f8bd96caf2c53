import type { MessagePort } from "./peer.ts";

/** The end of a utility process towards main: Electron's process.parentPort. */
export function parentPort(): MessagePort {
  const { parentPort: port } = process as NodeJS.Process & { parentPort?: Electron.ParentPort };
  if (!port) throw new Error("this program is started by Trivet's main process only");
  return {
    postMessage: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => {
      port.on("message", (event) => {
        listener(event.data);
      });
    },
  };
}
