import { parseAmount } from "#core/primitives/amount.ts";
import type { Balance } from "#core/wallet-api/state.ts";
import { exactTokenAmount } from "#core/primitives/amount-text.ts";
import { amountProblem } from "../../words/problems.ts";

/** What can be said about an amount while it is being typed. */
export type AmountCheck =
  | { readonly kind: "empty" }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "ok"; readonly amount: bigint };

/** Checks an amount against the balance it is taken from. */
export function checkAmount(text: string, { token, amount: available }: Balance): AmountCheck {
  if (text.trim() === "") return { kind: "empty" };
  const parsed = parseAmount(text, token.decimals);
  if ("problem" in parsed) {
    return { kind: "wrong", message: amountProblem(parsed.problem, token.decimals, token.symbol) };
  }
  if (parsed.amount > available) {
    return {
      kind: "wrong",
      message: `This is more than there is. You have ${exactTokenAmount(available, token)}.`,
    };
  }
  return { kind: "ok", amount: parsed.amount };
}
