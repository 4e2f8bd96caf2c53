import type { MessagePort } from "./peer.ts";

/** The end of a utility process towards main: Electron's process.parentPort. */
export function parentPort(): MessagePort {
  // Electron's types know the property everywhere; it exists in a utility process only.
  const port = process.parentPort as Electron.ParentPort | undefined;
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
