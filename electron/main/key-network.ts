import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import { KEY_NETWORK_METHODS, KEY_NETWORK_NEEDS } from "../key-network/protocol.ts";
import type { KeyNetworkService } from "../services/key-network.ts";
import type { VaultClient } from "../services/vault.ts";
import { usageKeyFile } from "./environment.ts";
import { createWorker } from "./processes.ts";
import { readUsageKey } from "./usage-key.ts";

export interface KeyNetworkOptions {
  readonly config: NetworkConfig;
  /** The folder of the built bundles; the gates are among them. */
  readonly out: string;
  readonly vault: VaultClient;
  readonly onUnexpected: (method: string, cause: unknown) => void;
}

/** The gates' scripts beside the bundles. The process that runs them checks each by its CID. */
async function readGates(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  return Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
}

/** The credential that the key network wants, if it wants one. It goes to the key-network process and nowhere else. */
async function credentialFor({ keyNetwork }: NetworkConfig): Promise<{ usageKey?: string }> {
  switch (keyNetwork.adapter) {
    case "local":
      return {};
    case "chipotle":
      return { usageKey: await readUsageKey(usageKeyFile()) };
  }
}

/** The key-network process as a service; it starts when the network is first needed. */
export function startKeyNetwork({ config, out, vault, onUnexpected }: KeyNetworkOptions): {
  keyNetwork: KeyNetworkService;
  /** Forgets what the device key granted; the wallet was locked. */
  forget: () => Promise<void>;
  stop: () => void;
} {
  let started = false;
  const worker = createWorker({
    name: "key-network",
    entry: path.join(out, "key-network", "index.js"),
    serves: KEY_NETWORK_NEEDS,
    handlers: { signSession: (grant) => vault.call("signNetworkSession", grant) },
    calls: KEY_NETWORK_METHODS,
    prepare: async (peer) => {
      const gates = await readGates(path.join(out, "gates"));
      await peer.call("start", { config, gates, ...(await credentialFor(config)) });
      started = true;
    },
    onCrash: () => {
      started = false;
    },
    onUnexpected,
  });

  return {
    keyNetwork: {
      createKey: (device) => worker.call("createKey", { device }),
      signOperation: ({ publicKey, ...request }) =>
        worker.call("signOperation", { ...request, publicKey: zPublicKey.parse(publicKey) }),
      async signRecord({ publicKey, expected, ...request }) {
        const { signature, record } = await worker.call("signRecord", {
          ...request,
          publicKey: zPublicKey.parse(publicKey),
        });
        const same = record.gate === request.next.gate && record.factors.join() === expected.join();
        if (!same) {
          throw new WalletError(
            "record-differs",
            "The key network signed another record than this wallet asked for.",
            "The key is not used. Try again; if it happens again, report it with the log file.",
          );
        }
        return { signature };
      },
    },
    forget: async () => {
      if (started) await worker.call("forgetSession", undefined);
    },
    stop: worker.stop,
  };
}
