import { WalletError } from "#core/errors/wallet-error.ts";
import { NATIVE_TOKEN, parseAddress, sameAddress, type Address } from "#core/primitives/address.ts";
import { exactTokenAmount } from "#core/primitives/amount-text.ts";
import { parseAmount } from "#core/primitives/amount.ts";
import type { Token } from "#core/wallet-api/state.ts";
import { withdraw } from "../../services/operations/intents/withdraw.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";
import { leastWays, waysShown } from "./ways.ts";

const problem = (code: string, message: string, whatToDo: string) => new WalletError(code, message, whatToDo);

function recipient(typed: string, account: Address, tokens: readonly Token[]): Address {
  const parsed = parseAddress(typed);
  if ("problem" in parsed) {
    switch (parsed.problem) {
      case "not-an-address":
        throw problem(
          "address-invalid",
          "This is not an address: one starts with 0x and has 40 more digits and letters a to f.",
          "Copy the address again, all of it.",
        );
      case "wrong-checksum":
        throw problem(
          "address-checksum",
          "This address has a typing error: its capital letters do not fit its digits.",
          "Compare it with the original, or copy it again.",
        );
      case "zero":
        throw problem(
          "address-zero",
          "This is the zero address. Whatever is sent there is lost for good.",
          "Enter the recipient's own address.",
        );
    }
  }
  const { address } = parsed;
  if (sameAddress(address, account)) {
    throw problem("address-own", "This is your own account's address.", "Enter another address.");
  }
  if (tokens.some((token) => token.address !== NATIVE_TOKEN && sameAddress(token.address, address))) {
    throw problem(
      "address-token",
      "This is the address of a token's contract. What is sent there is usually lost.",
      "Enter the recipient's own address.",
    );
  }
  return address;
}

function amountOf(typed: string, token: Token): bigint {
  const parsed = parseAmount(typed, token.decimals);
  if ("amount" in parsed) return parsed.amount;
  switch (parsed.problem) {
    case "not-a-number":
      throw problem("amount-invalid", "This is not an amount.", "Use digits and a point, like 1.5.");
    case "too-many-decimals":
      throw problem(
        "amount-decimals",
        `${token.symbol} has at most ${token.decimals} digits behind the point.`,
        "Shorten the amount.",
      );
    case "zero":
      throw problem("amount-zero", "The amount is zero.", "Enter an amount above zero.");
    case "too-large":
      throw problem("amount-too-large", "This amount is larger than any balance.", "Enter a smaller amount.");
  }
}

export function withdrawHandlers({
  reader,
  operations,
  account,
  activity,
}: Services): HandlersOf<"withdraw"> {
  function tokenOf(address: Address): Token {
    const token = reader.tokens.find((one) => sameAddress(one.address, address));
    if (!token)
      throw problem("token-unknown", "Trivet does not know this token.", "Choose one from the list.");
    return token;
  }

  async function requireBalance(token: Token, amount: bigint): Promise<bigint> {
    const balance = await reader.balance(await account(), token.address);
    if (amount > balance) {
      throw problem(
        "balance-too-low",
        `The account holds ${exactTokenAmount(balance, token)}, less than you want to withdraw.`,
        "Enter a smaller amount, or top the account up first.",
      );
    }
    return balance - amount;
  }

  return {
    "withdraw.review": async (input) => {
      const from = await account();
      const token = tokenOf(input.token);
      const to = recipient(input.to, from, reader.tokens);
      const amount = amountOf(input.amount, token);
      // What cannot leave the account for want of money is said first.
      const balanceAfter = await requireBalance(token, amount);
      const [toIsContract, { ways, deploysFirst }, paid] = await Promise.all([
        reader.isContract(to),
        operations.review(withdraw({ token: token.address, to, amount })),
        activity.paid(),
      ]);
      return {
        token,
        to,
        amount,
        balanceAfter,
        toIsContract,
        toIsKnown: paid.some((address) => sameAddress(address, to)),
        deploysFirst,
        ways: waysShown(leastWays(ways)),
      };
    },
    "withdraw.start": async ({ token, to, amount, signedBy }) => {
      const checked = tokenOf(token);
      recipient(to, await account(), reader.tokens);
      await requireBalance(checked, amount);
      return operations.start(withdraw({ token: checked.address, to, amount }, signedBy));
    },
  };
}
