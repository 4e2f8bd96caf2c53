import { ContractFunctionExecutionError } from "viem";
import { WalletError } from "#core/errors/wallet-error.ts";

/**
 * What a token's contract answers.
 *
 * @throws WalletError "token-silent" when it reverts, answers what is no amount, or is not there
 * @throws WalletError "chain-unreachable" when the chain does not answer
 */
export async function tokenAnswer(asking: Promise<bigint>): Promise<bigint> {
  try {
    return await asking;
  } catch (error) {
    // The chain's own coin has no contract: what fails there is not a token's fault.
    if (!(error instanceof ContractFunctionExecutionError)) throw error;
    throw new WalletError(
      "token-silent",
      "The contract of this token does not answer, or with an error.",
      "Look at what its makers say of it. Your other assets are not affected.",
      { cause: error },
    );
  }
}

/** The same in a list of many tokens, of which a silent one must not hide the others: undefined for that. */
export async function tokenAnswerIfAny(asking: Promise<bigint>): Promise<bigint | undefined> {
  try {
    return await tokenAnswer(asking);
  } catch (error) {
    if (error instanceof WalletError && error.code === "token-silent") return undefined;
    throw error;
  }
}
