import { createPublicClient, http, type PublicClient } from "viem";
import { WalletError } from "#core/errors/wallet-error.ts";
import { chainError } from "./refusals.ts";

/** A chain that answers. */
export interface Connection {
  readonly url: string;
  readonly chainId: number;
  readonly client: PublicClient;
}

/**
 * The RPC address that a person typed.
 * @throws WalletError when it is none
 */
export function parseRpcUrl(typed: string): URL {
  const text = typed.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new WalletError(
      "rpc-address",
      "This is not the address of an RPC server.",
      "It begins with https:// (or http:// for a node of your own). Any provider of the chain will do.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new WalletError(
      "rpc-password",
      "Browsers send no password that stands in an address.",
      "Use an address whose path or query holds the access key.",
    );
  }
  return url;
}

/**
 * Asks a server which chain it serves.
 * @param expected the chain of the kit, where there is one: the same account address on another chain is another account
 * @throws WalletError when nobody answers, or for another chain
 */
export async function connect(typed: string, expected?: { id: number; name: string }): Promise<Connection> {
  const url = parseRpcUrl(typed);
  const client = createPublicClient({ transport: http(url.href, { retryCount: 1, timeout: 20_000 }) });
  const chainId = await client.getChainId().catch((cause: unknown) => {
    throw new WalletError(
      "rpc-silent",
      `Nothing that speaks for a chain answers at ${url.host}.`,
      "Check the address and your connection, or use another provider.",
      { cause: chainError(cause) },
    );
  });
  if (expected && chainId !== expected.id) {
    throw new WalletError(
      "rpc-other-chain",
      `This server speaks for chain ${chainId}, but the account is on ${expected.name} (chain ${expected.id}).`,
      `Use an RPC address of ${expected.name}.`,
    );
  }
  return { url: url.href, chainId, client };
}

/**
 * From now on the page can reach this one server only, whatever happens to it: a second content security policy is
 * added to the one the page came with, and browsers enforce both. It cannot be taken back: another server needs the
 * page anew.
 */
export function reachOnly(url: string): void {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src ${new URL(url).origin}`;
  document.head.append(policy);
}
