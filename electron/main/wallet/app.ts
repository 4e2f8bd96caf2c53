import { app, clipboard, safeStorage, shell } from "electron";
import { isStandIn } from "../environment.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

/** Whether the operating system keeps the secret: on Linux without a key ring Electron falls back to a fixed key. */
async function keyStore(): Promise<"os" | "file"> {
  if (isStandIn() || !(await safeStorage.isAsyncEncryptionAvailable())) return "file";
  return process.platform === "linux" && safeStorage.getSelectedStorageBackend() === "basic_text"
    ? "file"
    : "os";
}

export function appHandlers({ chain }: Services): HandlersOf<"app"> {
  const { config } = chain;
  return {
    "app.info": async () => ({
      version: app.getVersion(),
      host: isStandIn() ? "stand-in" : "electron",
      keyStore: await keyStore(),
      network: {
        name: config.name,
        kind: config.kind,
        chainId: config.chain.id,
        chainName: config.chain.name,
        nativeSymbol: config.chain.nativeSymbol,
        keyNetwork: config.keyNetwork.adapter,
      },
      ledgerTransport: config.ledger.transport,
      devnetPageUrl: config.devnetPageUrl,
    }),
    "app.openDevnetPage": async () => {
      // The only address that Trivet opens in a browser, and it comes from the configuration.
      if (config.devnetPageUrl) await shell.openExternal(config.devnetPageUrl);
    },
    "app.copy": async ({ text }) => {
      await clipboard.writeText(text);
      return undefined;
    },
  };
}
