import { size } from "viem/utils";
import type { Key } from "#core/keys/key.ts";
import { ROLE_TEXT } from "#core/keys/role.ts";
import { CHANGES, type Change } from "#core/operations/changes.ts";
import { type Consequences, changeConsequences } from "#core/operations/consequences.ts";
import type { Operation } from "#core/operations/operation.ts";
import { toAddress } from "#core/primitives/address.ts";
import { durationText } from "#core/primitives/duration-text.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import type { KeyState } from "./chain/account.ts";
import type { Asset } from "./chain/assets.ts";
import type { PossibleWay } from "./plan/ways.ts";
import type { Holding, Way } from "./signing/holdings.ts";
import { readableAmount } from "#core/operations/readable.ts";

/** What a key's standing means, within a sentence. */
export const STANDING_TEXT: Readonly<Record<KeyState["standing"], string>> = {
  active: "active",
  pending: "pending",
  asleep: "asleep: the account was frozen while it was pending, so a device key has to activate it",
  expired: "expired",
};

/** How something that a person holds signs. */
export function wayText(way: Way): string {
  switch (way.kind) {
    case "private-key":
      return "Its private key is in this page's memory";
    case "browser-wallet":
      return `Signs in ${way.wallet.name}`;
    case "passkey":
      return "A passkey: it signs in this browser";
    case "elsewhere":
      return "Signs elsewhere; you paste its signature";
  }
}

/** How a signature comes about that this page does not make. */
export function signsElsewhereText({ signer, signerKind }: Pick<Holding, "signer" | "signerKind">): string {
  if (size(signer) > 20) {
    const verifier = toAddress(signer.slice(0, 42));
    return `This signer is no wallet but a public key, whose signatures the contract ${verifier} checks. This page cannot sign with it: have the device that holds it sign the digest below, and paste the signature as that contract reads it (ERC-7913). If it is a passkey, add it as one instead: then this page asks it.`;
  }
  const typed = "EIP-712; in most tools “sign typed data”";
  return signerKind === "contract"
    ? `${signer} is a contract, such as a Safe. Have its owners sign this message in it (${typed}), as many as it asks for, then paste what the contract takes as its signature (ERC-1271). Whether it counts only the contract can say: this page asks it.`
    : `Have this message signed by ${signer} (${typed}), then paste the signature.`;
}

/** Whether a key can be found on the chain by its signer alone. */
export const hiddenText = ({ salt }: Key): string =>
  salt === NO_SALT
    ? "Not hidden on the chain: its signer is enough to find it."
    : "Hidden on the chain by a salt, which this kit has.";

/** Of a key whose signer the kit does not know. */
export const UNKNOWN_SIGNER_TEXT =
  "Another computer's, or somebody else's. Whoever has it adds it below, by its private key or its address; if it is hidden on the chain, with its salt, which this kit does not have.";
export const OTHERS_UNKNOWN =
  "The chain was not asked when this kit was made: there may be more keys than these.";

/** Something an account holds, with all it holds of it. */
export function assetText(asset: Asset, nativeSymbol: string): string {
  switch (asset.standard) {
    case "native":
      return readableAmount(asset.amount, { symbol: nativeSymbol, decimals: 18 });
    case "erc20":
      return `${readableAmount(asset.amount, asset.texts)} (${asset.token})`;
    case "erc721":
      return `No. ${asset.id} of ${asset.token}`;
    case "erc1155":
      return `${asset.amount} × no. ${asset.id} of ${asset.token}`;
  }
}

/** Whose signatures a way takes, and when it takes effect. */
export function possibleText({ keys, seconds }: PossibleWay): string {
  const roles = keys.map(({ key }) => ROLE_TEXT[key.role]).join(" + ");
  return `${roles}: ${seconds === 0 ? "at once" : `after ${durationText(seconds)}`}`;
}

const isChange = (operation: Operation): operation is Change =>
  CHANGES.some(({ kind }) => kind === operation.kind);

/** What comes of an operation, and what it cannot do; changes have their words in core, as on every screen. */
export function operationConsequences(operation: Operation): Consequences {
  if (isChange(operation)) return changeConsequences(operation);
  switch (operation.kind) {
    case "withdraw":
      return {
        then: `The amount goes to ${operation.to}.`,
        cannot: "It moves nothing else, goes to nobody else, and cannot be used twice.",
      };
    case "execute":
      return {
        then: "All the assets that you chose move, in one transaction: all of them or none.",
        cannot: "It moves nothing else, and cannot be used twice.",
      };
    case "replaceKey":
      return {
        then: `The new key is the ${ROLE_TEXT[operation.role]} at once, and the old one has no say any more.`,
        cannot: "It moves no money, and touches no other key.",
      };
    case "migrate":
      return {
        then: "Everything moves to the account's successor.",
        cannot: "It goes to no other address.",
      };
  }
}
