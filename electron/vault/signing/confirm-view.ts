import { formatUnits } from "viem/utils";
import type { NetworkConfig } from "#core/config/network.ts";
import { addressOfKey } from "#core/keys/key.ts";
import { ROLE_TEXT } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import { readableAmount, type TokenTexts } from "#core/operations/readable.ts";
import { operationDigest, type SigningDomain } from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";

/** Who signs an operation, in order. */
export type Signers = ConfirmView["signers"];

type Field = ConfirmView["fields"][number];

/** What the configuration says about the token of an operation; nothing for a token it does not list. */
export function tokenTexts(operation: Operation, config: NetworkConfig): TokenTexts {
  if (operation.kind !== "withdraw") return {};
  if (sameAddress(operation.token, NATIVE_TOKEN)) return { symbol: "ETH", decimals: 18 };
  return config.tokens.find(({ address }) => sameAddress(address, operation.token)) ?? {};
}

/** Where the wallet's signatures count. */
export const signingDomain = (config: NetworkConfig): SigningDomain => ({
  chainId: config.chain.id,
  implementation: config.contracts.implementation,
});

function signerText(key: Parameters<typeof addressOfKey>[0]): Field {
  const address = addressOfKey(key);
  return address
    ? { label: "", value: address, kind: "address" }
    : { label: "", value: key.signer, kind: "text" };
}

function describe(operation: Operation, texts: TokenTexts, nativeSymbol: string) {
  switch (operation.kind) {
    case "withdraw": {
      const native = sameAddress(operation.token, NATIVE_TOKEN);
      const amount = native
        ? `${formatUnits(operation.amount, 18)} ${nativeSymbol}`
        : readableAmount(operation.amount, texts);
      const fields: Field[] = [
        { label: "Amount", value: amount, kind: "amount" },
        ...(native ? [] : [{ label: "Token", value: operation.token, kind: "address" } as const]),
        { label: "To", value: operation.to, kind: "address" },
        { label: "From account", value: operation.account, kind: "address" },
      ];
      return {
        title: `Withdraw ${amount}`,
        fields,
        then: `Once both keys have signed, ${amount} leaves the account at once. It cannot be taken back.`,
        otherwise: "If you do nothing or reject, nothing is signed and nothing moves.",
        cannot: "This approval covers exactly this withdrawal, once. It cannot move anything else.",
      };
    }
    case "replaceKey": {
      const role = ROLE_TEXT[operation.role];
      const fields: Field[] = [
        { label: "Role", value: role, kind: "text" },
        { ...signerText(operation.newKey), label: "New holder" },
        { ...signerText(operation.oldKey), label: "Old holder" },
        { label: "Account", value: operation.account, kind: "address" },
      ];
      return {
        title: `Replace the ${role}`,
        fields,
        then: `Once both keys have signed, the new holder has the ${role} at once and the old holder has no say any more.`,
        otherwise: "If you do nothing or reject, nothing is signed and the keys stay as they are.",
        cannot: "This approval moves no money, and it changes no other key.",
      };
    }
  }
}

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
  const { title, fields, ...consequences } = describe(operation, texts, config.chain.nativeSymbol);
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
