import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";

/** What wallets offer to pages (EIP-1193). */
export interface Provider {
  readonly request: (args: { readonly method: string; readonly params?: unknown }) => Promise<unknown>;
}

/** A wallet that runs in this browser. */
export interface BrowserWallet {
  readonly name: string;
  readonly provider: Provider;
}

const zProvider = z.custom<Provider>(
  (value) =>
    typeof value === "object" && value !== null && "request" in value && typeof value.request === "function",
);
const zAnnouncement = z.object({
  info: z.object({ uuid: z.string(), name: z.string().max(60) }),
  provider: zProvider,
});

/**
 * Asks which wallets there are (EIP-6963), and for the one of older ones (`window.ethereum`).
 * @returns what ends the search
 */
export function findBrowserWallets(onFound: (wallets: readonly BrowserWallet[]) => void): () => void {
  const found = new Map<string, BrowserWallet>();
  const note = (event: Event) => {
    const { data } = zAnnouncement.safeParse((event as CustomEvent<unknown>).detail);
    if (!data) return;
    found.set(data.info.uuid, { name: data.info.name, provider: data.provider });
    onFound([...found.values()]);
  };
  window.addEventListener("eip6963:announceProvider", note);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  const old = "ethereum" in window ? zProvider.safeParse(window.ethereum).data : undefined;
  onFound(found.size > 0 || !old ? [...found.values()] : [{ name: "Browser wallet", provider: old }]);
  return () => window.removeEventListener("eip6963:announceProvider", note);
}

/**
 * Asks a wallet for the address it shows first; the wallet asks the person.
 * @throws WalletError when it shows none
 */
export async function connectWallet({ name, provider }: BrowserWallet): Promise<Address> {
  const answer = await provider.request({ method: "eth_requestAccounts" }).catch((cause: unknown) => {
    throw new WalletError(
      "wallet-refused",
      `${name} did not connect.`,
      "Allow it in the wallet, and try again.",
      {
        cause,
      },
    );
  });
  const [first] = z.array(z.string()).catch([]).parse(answer);
  if (first === undefined) {
    throw new WalletError("wallet-empty", `${name} shows no address.`, "Unlock it and choose an address.");
  }
  return toAddress(first);
}
