import type { NetworkConfig } from "#core/config/network.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { TokenTexts } from "#core/operations/readable.ts";
import { operationDigest, type SigningDomain } from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { describe } from "./describe.ts";

/** Who signs an operation, in order. */
export type Signers = ConfirmView["signers"];

/** What the configuration says about the token of an operation; nothing for a token it does not list. */
export function tokenTexts(operation: Operation, config: NetworkConfig): TokenTexts {
  if (!("token" in operation)) return {};
  if (sameAddress(operation.token, NATIVE_TOKEN)) return { symbol: "ETH", decimals: 18 };
  return config.tokens.find(({ address }) => sameAddress(address, operation.token)) ?? {};
}

/** Where the wallet's signatures count. */
export const signingDomain = (config: NetworkConfig): SigningDomain => ({
  chainId: config.chain.id,
  implementation: config.contracts.implementation,
});

/**
 * What the confirm window shows for an operation, derived from the very fields whose digest is signed.
 * @param signers who signs, in order; with a Ledger among them the digest of the readable form is shown too
 */
export function confirmView(
  id: string,
  operation: Operation,
  signers: Signers,
  config: NetworkConfig,
): ConfirmView {
  const texts = tokenTexts(operation, config);
  const domain = signingDomain(config);
  const withLedger = signers.some(({ holder }) => holder === "ledger");
  const { title, fields, ...consequences } = describe(operation, {
    token: texts,
    nativeSymbol: config.chain.nativeSymbol,
  });
  return {
    id,
    title,
    fields: [...fields, { label: "Nonce", value: operation.nonce.toString(), kind: "text" }],
    signers,
    ...consequences,
    digest: operationDigest(operation, "compact", domain),
    ...(withLedger ? { ledgerDigest: operationDigest(operation, "readable", domain, texts) } : {}),
    chainName: config.chain.name,
  };
}
