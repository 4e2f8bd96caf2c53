import { formatUnits } from "viem/utils";
import { ROLE_TEXT } from "#core/keys/role.ts";
import type { Execute, Migrate, Operation, ReplaceKey, Withdraw } from "#core/operations/operation.ts";
import { type Allowance, allowanceOf } from "#core/operations/allowance.ts";
import { allowanceThen, callsThen, type Timing, withdrawalThen } from "#core/operations/consequences.ts";
import { readableAmount } from "#core/operations/readable.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { ShownIn } from "./change-fields.ts";
import { describeChange } from "./describe-change.ts";
import { address, amount, type Description, signer, text } from "./description.ts";

const nativeText = (wei: bigint, { nativeSymbol }: ShownIn) => `${formatUnits(wei, 18)} ${nativeSymbol}`;

function describeWithdrawal(operation: Withdraw, shownIn: ShownIn, timing: Timing): Description {
  const native = sameAddress(operation.token, NATIVE_TOKEN);
  const howMuch = native
    ? nativeText(operation.amount, shownIn)
    : readableAmount(operation.amount, shownIn.token);
  return {
    title: `Withdraw ${howMuch}`,
    fields: [
      amount("Amount", howMuch),
      ...(native ? [] : [address("Token", operation.token)]),
      address("To", operation.to),
      address("From account", operation.account),
    ],
    then: withdrawalThen(howMuch, timing),
    otherwise: "If you do nothing or reject, nothing is signed and nothing moves.",
    cannot: "This approval covers exactly this withdrawal, once. It cannot move anything else.",
  };
}

function describeKeyReplacement(operation: ReplaceKey): Description {
  const role = ROLE_TEXT[operation.role];
  return {
    title: `Replace the ${role}`,
    fields: [
      text("Role", role),
      signer("New holder", operation.newKey),
      signer("Old holder", operation.oldKey),
      address("Account", operation.account),
    ],
    then: `Once both keys have signed, the new holder has the ${role} at once and the old holder has no say any more.`,
    otherwise: "If you do nothing or reject, nothing is signed and the keys stay as they are.",
    cannot: "This approval moves no money, and it changes no other key.",
  };
}

function describeCalls({ calls, account }: Execute, shownIn: ShownIn, timing: Timing): Description {
  const all = calls.length === 1 ? "this call" : `these ${calls.length} calls`;
  return {
    title: calls.length === 1 ? "Call a contract" : `Make ${calls.length} calls`,
    fields: [
      ...calls.flatMap(({ target, value, data }, index) => {
        const which = calls.length === 1 ? "" : `Call ${index + 1}: `;
        return [
          address(`${which}To`, target),
          amount(`${which}Sends`, nativeText(value, shownIn)),
          text(`${which}Data`, data),
        ];
      }),
      address("From account", account),
    ],
    then: callsThen(all, timing),
    otherwise: "If you do nothing or reject, nothing is signed and nothing is called.",
    cannot: `This approval covers exactly ${all}, once.`,
  };
}

function describeAllowance(
  { token, spender, amount: most }: Allowance,
  operation: Execute,
  shownIn: ShownIn,
  timing: Timing,
): Description {
  const howMuch = readableAmount(most, shownIn.token);
  const none = most === 0n;
  const { fields } = describeCalls(operation, shownIn, timing);
  return {
    title: none ? "Let a contract take none of a token any more" : `Let a contract take up to ${howMuch}`,
    fields: [
      amount("May take up to", howMuch),
      address("Token", token),
      address("Contract that may take it", spender),
      // The call itself, as of any other.
      ...fields.slice(1),
    ],
    then: allowanceThen(none ? undefined : howMuch, timing),
    otherwise: "If you do nothing or reject, nothing is signed and no contract may take more than before.",
    cannot:
      "This approval itself moves nothing. It covers no other token and no other contract, and it changes no key.",
  };
}

const STANDARD_TEXT = { erc20: "token", erc721: "collectible", erc1155: "collectible" } as const;

function describeMigration({ successor, assets, account }: Migrate, { nativeSymbol }: ShownIn): Description {
  return {
    title: "Move everything to another account",
    fields: [
      address("To account", successor),
      amount("Moves", `All ${nativeSymbol}`),
      ...assets.flatMap((asset) => [
        address(`And all of this ${STANDARD_TEXT[asset.standard]}`, asset.token),
        ...(asset.standard === "erc20" ? [] : [text("Its number", asset.id.toString())]),
      ]),
      address("From account", account),
    ],
    then: "Once both keys have signed, all of this leaves the account at once, and the account's alias points to the other one. It cannot be taken back.",
    otherwise: "If you do nothing or reject, nothing is signed and nothing moves.",
    cannot: "What is not listed stays where it is.",
  };
}

/**
 * What the confirm window says about an operation: every kind has its words, or this does not compile.
 * @param timing when it takes effect, by who signs it
 */
export function describe(operation: Operation, shownIn: ShownIn, timing: Timing): Description {
  switch (operation.kind) {
    case "withdraw":
      return describeWithdrawal(operation, shownIn, timing);
    case "replaceKey":
      return describeKeyReplacement(operation);
    case "execute": {
      const allowance = allowanceOf(operation);
      if (allowance) return describeAllowance(allowance, operation, shownIn, timing);
      return describeCalls(operation, shownIn, timing);
    }
    case "migrate":
      return describeMigration(operation, shownIn);
    default:
      return describeChange(operation, shownIn, timing);
  }
}
