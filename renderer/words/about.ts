import type { AppInfo } from "#core/wallet-api/state.ts";
import type { Words } from "./operations.ts";

/** What is not what it would be with real money, one entry each; empty where all of it is. */
export function notReal(info: AppInfo): Words[] {
  const list: Words[] = [];
  if (info.network.kind === "devnet") {
    list.push(
      {
        title: "The chain is a devnet",
        detail: "It runs on this computer. Its coins and tokens are worth nothing.",
      },
      {
        title: "The key network is four processes on this computer",
        detail:
          "They hold shares and sign as a real network's nodes would, but one computer runs them all. Whoever controls it controls them.",
      },
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

/** What is just as it would be with real money. */
export const REAL: readonly string[] = [
  "The account's contract and its rules. No signature moves anything they do not allow.",
  "The device key. Only the vault process ever holds it, and never while Trivet is locked.",
  "The signatures of the key network. Three of four nodes make each one, and no process has a whole key.",
  "The messages a Ledger shows. The contract rebuilds every text from the numbers itself.",
];

/** What this version cannot do yet and a person must know before trusting it. */
export const NOT_YET: readonly string[] = [
  "Moving to a new computer. While that is missing, keep this one, and do not keep savings here.",
];
