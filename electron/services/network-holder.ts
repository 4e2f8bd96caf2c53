import type { NetworkConfig } from "#core/config/network.ts";

/** Who holds the network's keys, as the profile says it of a key. */
export function networkHolder({ keyNetwork, kind }: NetworkConfig): string {
  switch (keyNetwork.adapter) {
    case "local":
      return `${keyNetwork.nodes.length} key nodes${kind === "devnet" ? " on this computer (devnet)" : ""}`;
    case "chipotle":
      return "Lit's enclave";
  }
}
