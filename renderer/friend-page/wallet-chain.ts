import { numberToHex } from "viem/utils";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ChainRequest } from "#core/friends/contract-calls.ts";
import { type ContractSigners, contractSigners } from "#core/friends/contract-signers.ts";
import { type ContractWallet, readContractWallet } from "#core/friends/contract-wallet.ts";
import type { Address } from "#core/primitives/address.ts";
import type { BrowserWallet } from "../exit-kit/signing/browser-wallets.ts";
import { chainName } from "../words/chains.ts";

/** What a connected wallet can say of its address and of the chain: the page itself reaches nothing. */
export interface WalletStanding {
  /** The chain that the wallet is set to; undefined where it does not say. */
  readonly chainId?: number;
  /** What the address is on the account's chain; undefined for a plain key, and while the wallet is on another chain. */
  readonly contract?: ContractWallet;
}

const requestOf =
  ({ provider }: BrowserWallet): ChainRequest =>
  (request) =>
    provider.request(request);

const zChainId = z
  .string()
  .regex(/^0x[0-9a-f]{1,13}$/i)
  .transform(Number);

async function chainIdOf({ provider }: BrowserWallet): Promise<number | undefined> {
  // A wallet that does not say is one of which nothing is known, and that may sign all the same.
  const answer = await provider.request({ method: "eth_chainId" }).catch(() => undefined);
  return zChainId.safeParse(answer).data;
}

/** @param chainId the account's */
export async function standingOf(
  wallet: BrowserWallet,
  address: Address,
  chainId: number,
): Promise<WalletStanding> {
  const current = await chainIdOf(wallet);
  if (current === undefined) return {};
  if (current !== chainId) return { chainId: current };
  // As above: not every wallet answers questions about the chain.
  const contract = await readContractWallet(requestOf(wallet), address).catch(() => undefined);
  return { chainId: current, ...(contract && { contract }) };
}

/**
 * Asks a wallet to go to another chain; the wallet asks the person.
 * @throws WalletError when it does not
 */
export async function switchChain({ name, provider }: BrowserWallet, chainId: number): Promise<void> {
  await provider
    .request({ method: "wallet_switchEthereumChain", params: [{ chainId: numberToHex(chainId) }] })
    .catch((cause: unknown) => {
      throw new WalletError(
        "wallet-did-not-switch",
        `${name} did not switch to ${chainName(chainId)}.`,
        "Choose that network in the wallet itself, adding it there if it is missing, and connect again.",
        { cause },
      );
    });
}

/** The wallet answers no questions about the chain: whether a contract signed cannot be found out through it. */
export class CannotAsk extends Error {
  override readonly name = "CannotAsk";
}

/** Contracts on the account's chain, asked through a wallet that is on it. */
export function signersAskedThrough(
  wallet: BrowserWallet,
  account: Address,
  chainId: number,
): ContractSigners {
  const signers = contractSigners(account, chainName(chainId), requestOf(wallet));
  return {
    ...signers,
    async ask(signer, digest, signature) {
      const current = await chainIdOf(wallet);
      if (current !== undefined && current !== chainId) {
        throw new WalletError(
          "wallet-other-chain",
          `${wallet.name} is on ${chainName(current)}, and this letter is about an account on ${chainName(chainId)}.`,
          `Switch the wallet to ${chainName(chainId)}: a contract wallet counts where it is, and may not exist elsewhere.`,
        );
      }
      return signers.ask(signer, digest, signature).catch((cause: unknown) => {
        throw new CannotAsk("the wallet does not say", { cause });
      });
    },
  };
}
