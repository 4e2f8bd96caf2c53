import type { NetworkConfig } from "#core/config/network.ts";
import { deviceCode } from "#core/joining/device-code.ts";
import { keyId } from "#core/keys/key.ts";
import { addressOfScript } from "#core/keys/script-key.ts";
import { allowanceOf } from "#core/operations/allowance.ts";
import type { Timing } from "#core/operations/consequences.ts";
import { formOnLedger } from "#core/operations/ledger-form.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { TokenTexts } from "#core/operations/readable.ts";
import {
  operationDigest,
  operationTypedData,
  type SigningDomain,
  type TypedData,
  typedDataDigest,
} from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { plainMessage } from "../ledger/library.ts";
import { describe } from "./describe.ts";

/** Who signs an operation, in order. */
export type Signers = ConfirmView["signers"];

/** What the configuration says about the token of an operation; nothing for a token it does not list. */
export function tokenTexts(operation: Operation, config: NetworkConfig): TokenTexts {
  const token =
    operation.kind === "execute"
      ? allowanceOf(operation)?.token
      : "token" in operation
        ? operation.token
        : undefined;
  if (token === undefined) return {};
  if (sameAddress(token, NATIVE_TOKEN)) return { symbol: "ETH", decimals: 18 };
  return config.tokens.find(({ address }) => sameAddress(address, token)) ?? {};
}

/** Where the wallet's signatures count. */
export const signingDomain = (config: NetworkConfig): SigningDomain => ({
  chainId: config.chain.id,
  implementation: config.contracts.implementation,
});

/** What a Ledger signs of an operation. */
export const ledgerTypedData = (operation: Operation, config: NetworkConfig): TypedData =>
  operationTypedData(
    operation,
    formOnLedger(operation),
    signingDomain(config),
    tokenTexts(operation, config),
  );

/** What a Ledger shows of a message, and the digest that it signs. */
const ledgerPart = (typedData: TypedData): Pick<ConfirmView, "ledgerDigest" | "ledgerFields"> => ({
  ledgerDigest: typedDataDigest(typedData),
  ledgerFields: Object.entries(plainMessage(typedData)).map(([label, value]) => ({ label, value })),
});

/** The code that the screen of a new computer shows, where an operation is about its device key. */
function codeOf(operation: Operation, { chain, contracts }: NetworkConfig): ConfirmView["fields"] {
  const show = (key: KeyId) => {
    const value = deviceCode({ chainId: chain.id, account: operation.account, key });
    return [{ label: "Code to compare", value, kind: "text" } as const];
  };
  switch (operation.kind) {
    case "addKey":
      // A script's key is compared with nothing.
      return operation.role === "device" && !addressOfScript(operation.key, contracts.scriptVerifier)
        ? show(keyId(operation.key))
        : [];
    case "activateKey":
    case "rejectKey":
      return show(operation.key);
    default:
      return [];
  }
}

/**
 * What the confirm window shows for an operation, derived from the very fields whose digest is signed.
 * @param signers who signs, in order; with a Ledger among them what it shows and its digest are shown too
 * @param timing when it takes effect then, as main read it on the chain
 */
export function confirmView(
  id: string,
  operation: Operation,
  signers: Signers,
  timing: Timing,
  config: NetworkConfig,
): ConfirmView {
  const texts = tokenTexts(operation, config);
  const domain = signingDomain(config);
  const withLedger = signers.some(({ holder }) => holder === "ledger");
  const shownIn = {
    token: texts,
    nativeSymbol: config.chain.nativeSymbol,
    scriptVerifier: config.contracts.scriptVerifier,
  };
  const { title, fields, ...consequences } = describe(operation, shownIn, timing);
  return {
    id,
    title,
    fields: [
      ...fields,
      ...codeOf(operation, config),
      { label: "Nonce", value: operation.nonce.toString(), kind: "text" },
    ],
    signers,
    ...consequences,
    digest: operationDigest(operation, "compact", domain),
    ...(withLedger ? ledgerPart(ledgerTypedData(operation, config)) : {}),
    chainName: config.chain.name,
  };
}
