import { erc20Abi, type PublicClient } from "viem";
import { encodeFunctionData } from "viem/utils";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Execute, OperationDraft, Withdraw } from "#core/operations/operation.ts";
import type { TokenTexts } from "#core/operations/readable.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { accountAbi, erc1155Abi, erc721Abi } from "./abi.ts";
import type { AccountState } from "./account.ts";
import { chainError } from "./refusals.ts";

/** Something an account holds, and all it holds of it. Amounts are in the smallest unit. */
export type Asset =
  | { readonly standard: "native"; readonly amount: bigint }
  | {
      readonly standard: "erc20";
      readonly token: Address;
      readonly amount: bigint;
      /** As the token calls itself on the chain: the readable form has the very same texts. */
      readonly texts: TokenTexts;
    }
  | { readonly standard: "erc721"; readonly token: Address; readonly id: bigint }
  | { readonly standard: "erc1155"; readonly token: Address; readonly id: bigint; readonly amount: bigint };

/** What a person looks for besides what the kit names. */
export interface AssetWish {
  readonly standard: "erc20" | "erc721" | "erc1155";
  readonly token: Address;
  /** Which of a collection's tokens. */
  readonly id: bigint;
}

/** What a token says about itself; a text it does not give, or gives in another way, is left out. */
async function textsOf(client: PublicClient, token: Address): Promise<TokenTexts> {
  const [symbol, decimals] = await Promise.allSettled([
    client.readContract({ address: token, abi: erc20Abi, functionName: "symbol" }),
    client.readContract({ address: token, abi: erc20Abi, functionName: "decimals" }),
  ]);
  return {
    symbol: symbol.status === "fulfilled" ? symbol.value : undefined,
    decimals: decimals.status === "fulfilled" ? decimals.value : undefined,
  };
}

/** What an account holds of the chain's own coin. */
export async function nativeAsset(client: PublicClient, account: Address): Promise<Asset> {
  return { standard: "native", amount: await client.getBalance({ address: account }) };
}

/**
 * What an account holds of a token; undefined when nothing.
 * @throws WalletError when there is no such token
 */
export async function findAsset(
  client: PublicClient,
  account: Address,
  { standard, token, id }: AssetWish,
): Promise<Asset | undefined> {
  const at = { address: token } as const;
  try {
    if (standard === "erc721") {
      const owner = await client.readContract({ ...at, abi: erc721Abi, functionName: "ownerOf", args: [id] });
      return sameAddress(owner, account) ? { standard, token, id } : undefined;
    }
    if (standard === "erc1155") {
      const amount = await client.readContract({
        ...at,
        abi: erc1155Abi,
        functionName: "balanceOf",
        args: [account, id],
      });
      return amount === 0n ? undefined : { standard, token, id, amount };
    }
    const amount = await client.readContract({
      ...at,
      abi: erc20Abi,
      functionName: "balanceOf",
      args: [account],
    });
    return amount === 0n ? undefined : { standard, token, amount, texts: await textsOf(client, token) };
  } catch (cause) {
    throw new WalletError(
      "no-token",
      `${token} does not answer as such a token does.`,
      "Check the token's address, its kind and, for a collection, the number.",
      { cause: chainError(cause) },
    );
  }
}

/** The call that has the account hand all of an asset over. */
function transferOf(asset: Asset, account: Address, to: Address): Execute["calls"][number] {
  switch (asset.standard) {
    case "native":
      return { target: to, value: asset.amount, data: "0x" };
    case "erc20":
      return {
        target: asset.token,
        value: 0n,
        data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, asset.amount] }),
      };
    case "erc721":
      return {
        target: asset.token,
        value: 0n,
        data: encodeFunctionData({
          abi: erc721Abi,
          functionName: "safeTransferFrom",
          args: [account, to, asset.id],
        }),
      };
    case "erc1155":
      return {
        target: asset.token,
        value: 0n,
        data: encodeFunctionData({
          abi: erc1155Abi,
          functionName: "safeTransferFrom",
          args: [account, to, asset.id, asset.amount, "0x"],
        }),
      };
  }
}

type DraftOf<T extends Execute | Withdraw> = Omit<T, "account" | "nonce">;

/**
 * The operation that moves assets to an address: a withdrawal where it is one asset that has amounts, because hardware
 * wallets show that in full; else all transfers in one, all of them or none.
 */
export function withdrawalOf(
  { address }: Pick<AccountState, "address">,
  assets: readonly Asset[],
  to: Address,
): DraftOf<Withdraw> | DraftOf<Execute> {
  const [first, ...others] = assets;
  if (!first) {
    throw new WalletError("nothing-chosen", "Nothing is chosen to withdraw.", "Choose at least one asset.");
  }
  if (others.length === 0 && (first.standard === "native" || first.standard === "erc20")) {
    const token = first.standard === "native" ? NATIVE_TOKEN : first.token;
    return { kind: "withdraw", token, to, amount: first.amount } satisfies OperationDraft;
  }
  return {
    kind: "execute",
    calls: assets.map((asset) => transferOf(asset, address, to)),
  } satisfies OperationDraft;
}

/** The call with which an emergency address withdraws all of an asset to itself. */
export function emergencyCall(asset: Asset): Hex {
  switch (asset.standard) {
    case "native":
    case "erc20":
      return encodeFunctionData({
        abi: accountAbi,
        functionName: "emergencyWithdraw",
        args: [asset.standard === "native" ? NATIVE_TOKEN : asset.token, asset.amount],
      });
    case "erc721":
      return encodeFunctionData({
        abi: accountAbi,
        functionName: "emergencyWithdrawERC721",
        args: [asset.token, asset.id],
      });
    case "erc1155":
      return encodeFunctionData({
        abi: accountAbi,
        functionName: "emergencyWithdrawERC1155",
        args: [asset.token, asset.id, asset.amount],
      });
  }
}
