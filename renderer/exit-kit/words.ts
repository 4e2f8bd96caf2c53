import { ROLE_TEXT } from "#core/keys/role.ts";
import { CHANGES, type Change } from "#core/operations/changes.ts";
import { type Consequences, changeConsequences } from "#core/operations/consequences.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { KeyState } from "./chain/account.ts";
import type { Asset } from "./chain/assets.ts";
import type { PossibleWay } from "./plan/ways.ts";
import type { Way } from "./signing/holdings.ts";
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
    case "elsewhere":
      return "Signs elsewhere; you paste its signature";
  }
}

/** A delay in days, or in hours where it is none in whole days. */
export function durationText(seconds: number): string {
  const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
  return seconds % 86_400 === 0
    ? counted(seconds / 86_400, "day")
    : counted(Math.ceil(seconds / 3600), "hour");
}

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
