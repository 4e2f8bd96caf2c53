import { contextBridge, ipcRenderer } from "electron";
import type { WalletBridge } from "#core/wallet-api/bridge.ts";
import { eventChannel, methodChannel } from "#core/wallet-api/channels.ts";

/**
 * The app window's only door: the wallet API's methods and events by name, and nothing else of Electron. Main checks
 * the sender and parses the input; the renderer parses the answer.
 */
const bridge: WalletBridge = {
  invoke: (method, input) => ipcRenderer.invoke(methodChannel(method), input),
  on(event, callback) {
    const listener = (_event: unknown, data: unknown) => callback(data);
    ipcRenderer.on(eventChannel(event), listener);
    return () => {
      ipcRenderer.removeListener(eventChannel(event), listener);
    };
  },
};

contextBridge.exposeInMainWorld("trivet", bridge);
