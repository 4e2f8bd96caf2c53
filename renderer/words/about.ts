import type { KeyNetworkAdapter } from "#core/config/network.ts";
import type { AppInfo } from "#core/wallet-api/state.ts";
import type { Words } from "./operations.ts";

const FOUR_PROCESSES: Words = {
  title: "The key network is four processes on this computer",
  detail:
    "They are for trying out. They hold shares and sign as a real network's nodes would, but one computer runs them all: whoever controls it controls them.",
};

/** What is not what it would be with real money, one entry each; empty where all of it is. */
export function notReal(info: AppInfo): Words[] {
  const list: Words[] = [];
  if (info.network.kind === "devnet") {
    list.push(
      {
        title: "The chain is a devnet",
        detail: "It runs on this computer. Its coins and tokens are worth nothing.",
      },
      ...(info.network.keyNetwork === "local" ? [FOUR_PROCESSES] : []),
      {
        title: "Codes do not reach a real mailbox",
        detail: "The devnet's authenticator puts them into the inbox on the devnet page.",
      },
    );
  }
  if (info.ledgerTransport === "speculos") {
    list.push({
      title: "The Ledger is software",
      detail: "It answers as the real Ethereum app does. Its screen and buttons are on the devnet page.",
    });
  }
  if (info.host === "stand-in") {
    list.push({
      title: "Trivet runs in the stand-in host",
      detail:
        "Node and Chromium instead of Electron, for trying out and for tests. It opens no live account.",
    });
  }
  if (info.keyStore === "file") {
    list.push({
      title: "No key store of the operating system",
      detail:
        "The device key is encrypted on disk, but the part of its secret that the system would guard lies in a file beside it.",
    });
  }
  return list;
}

/** How a key network's signatures come about, by what kind of network it is. */
const NETWORK_SIGNATURES: Record<KeyNetworkAdapter, string> = {
  local:
    "The signatures of the key network. Three of four nodes make each one, and no process has a whole key.",
  chipotle:
    "The signatures of the key network. Lit's enclave makes each one when the gate agrees. It is one machine, and holds both of your network keys whole.",
};

/** What is just as it would be with real money. */
export const real = ({ network }: AppInfo): readonly string[] => [
  "The account's contract and its rules. No signature moves anything they do not allow.",
  "The device key. Only the vault process ever holds it, and never while Trivet is locked.",
  NETWORK_SIGNATURES[network.keyNetwork],
  "The messages a Ledger shows. The contract rebuilds every text from the numbers itself.",
];
