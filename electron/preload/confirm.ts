import { contextBridge, ipcRenderer } from "electron";
import type { ConfirmBridge } from "#core/wallet-api/bridge.ts";
import { CONFIRM_CHANNELS } from "#core/wallet-api/channels.ts";

/** The confirm window's only door: what to show, and the person's decision. */
const bridge: ConfirmBridge = {
  view: () => ipcRenderer.invoke(CONFIRM_CHANNELS.view),
  decide: async (id, approved) => {
    await ipcRenderer.invoke(CONFIRM_CHANNELS.decide, { id, approved });
  },
};

contextBridge.exposeInMainWorld("trivetConfirm", bridge);
