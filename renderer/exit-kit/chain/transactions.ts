import { createWalletClient, custom, defineChain, http, type PublicClient, type WalletClient } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { encodeFunctionData } from "viem/utils";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ExitKit } from "#core/exit-kit/exit-kit.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, type TransactionHash, zTransactionHash } from "#core/primitives/hex.ts";
import type { BrowserWallet } from "../signing/browser-wallets.ts";
import { factoryAbi } from "./abi.ts";
import type { Connection } from "./connection.ts";
import { chainError } from "./refusals.ts";

/** A transaction that somebody sends and pays for; it carries no coins. */
export interface Transaction {
  /** What it does: "Put the account on the chain". */
  readonly title: string;
  readonly to: Address;
  readonly data: Hex;
}

/** Who sends and pays: a key whose private key is here, or a wallet in the browser. */
export type Payer =
  | { readonly kind: "private-key"; readonly account: PrivateKeyAccount }
  | { readonly kind: "browser-wallet"; readonly wallet: BrowserWallet; readonly address: Address };

/** What a transaction will take, and what its sender has. In wei. */
export interface Quote {
  readonly gas: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  /** It cannot cost more than this. */
  readonly most: bigint;
  readonly balance: bigint;
}

export const payerAddress = (payer: Payer): Address =>
  payer.kind === "private-key" ? toAddress(payer.account.address) : payer.address;

/** The transaction that puts an account on the chain; anybody can send it. */
export function deployment({ factory, firstKeys }: ExitKit): Transaction {
  const { device, mfa, recovery, salt } = firstKeys;
  return {
    title: "Put the account on the chain",
    to: factory,
    data: encodeFunctionData({
      abi: factoryAbi,
      functionName: "createAccount",
      args: [device, mfa, recovery, salt],
    }),
  };
}

/** A fifth more than the chain estimates: what an operation takes can grow until its block. */
const withMargin = (gas: bigint) => (gas * 6n) / 5n;

/**
 * Tries a transaction out and says what it takes.
 * @throws WalletError when it would fail, with the account's reason
 */
export async function quote(
  client: PublicClient,
  { to, data }: Transaction,
  sender: Address,
): Promise<Quote> {
  try {
    const [estimated, { maxFeePerGas, maxPriorityFeePerGas }, balance] = await Promise.all([
      client.estimateGas({ account: sender, to, data }),
      client.estimateFeesPerGas(),
      client.getBalance({ address: sender }),
    ]);
    const gas = withMargin(estimated);
    return { gas, maxFeePerGas, maxPriorityFeePerGas, most: gas * maxFeePerGas, balance };
  } catch (error) {
    throw chainError(error);
  }
}

/** A wallet client of whoever pays. */
function senderOf({ url, chainId }: Connection, payer: Payer): WalletClient {
  const chain = defineChain({
    id: chainId,
    name: `Chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  return payer.kind === "private-key"
    ? createWalletClient({ account: payer.account, chain, transport: http(url) })
    : createWalletClient({ account: payer.address, chain, transport: custom(payer.wallet.provider) });
}

const zChainId = z.string().transform((text) => Number(text));

/** A wallet that is set to another chain would send there. */
async function requireChain({ provider, name }: BrowserWallet, chainId: number): Promise<void> {
  const current = zChainId.parse(await provider.request({ method: "eth_chainId" }));
  if (current !== chainId) {
    throw new WalletError(
      "wallet-other-chain",
      `${name} is set to chain ${current}; the account is on chain ${chainId}.`,
      "Switch the network in the wallet, then try again.",
    );
  }
}

/**
 * Sends a transaction as quoted, and waits until it is in a block.
 * @throws WalletError when it failed there, or was not taken
 */
export async function send(
  connection: Connection,
  { to, data }: Transaction,
  payer: Payer,
  { gas, maxFeePerGas, maxPriorityFeePerGas }: Quote,
  onSent: (hash: TransactionHash) => void,
): Promise<TransactionHash> {
  const { client, chainId } = connection;
  if (payer.kind === "browser-wallet") await requireChain(payer.wallet, chainId);
  const wallet = senderOf(connection, payer);
  try {
    const hash = zTransactionHash.parse(
      await wallet.sendTransaction({
        account: payer.kind === "private-key" ? payer.account : payer.address,
        chain: wallet.chain,
        to,
        data,
        gas,
        maxFeePerGas,
        maxPriorityFeePerGas,
      }),
    );
    onSent(hash);
    const { status } = await client.waitForTransactionReceipt({ hash });
    if (status !== "success") {
      throw new WalletError(
        "transaction-failed",
        "The transaction is in a block, but it failed there: something changed meanwhile.",
        "Read the account again, then start over.",
      );
    }
    return hash;
  } catch (error) {
    throw chainError(error);
  }
}
