import { BaseError, ContractFunctionExecutionError, erc20Abi } from "viem";
import { describe, expect, test } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { tokenAnswer, tokenAnswerIfAny } from "./token-answer.ts";

const call = { abi: erc20Abi, functionName: "balanceOf", args: [NATIVE_TOKEN] };
const reverted = () =>
  Promise.reject(new ContractFunctionExecutionError(new BaseError("execution reverted"), call));
const away = () => Promise.reject(new WalletError("chain-unreachable", "It cannot be reached.", "Wait."));

describe("what a token answers", () => {
  test("is taken as it is", async () => {
    expect(await tokenAnswer(Promise.resolve(0n))).toBe(0n);
    expect(await tokenAnswerIfAny(Promise.resolve(7n))).toBe(7n);
  });

  test("is said to be missing when it reverts, in a list without an error", async () => {
    await expect(tokenAnswer(reverted())).rejects.toMatchObject({ code: "token-silent" });
    expect(await tokenAnswerIfAny(reverted())).toBeUndefined();
  });

  test("is not blamed on a token where no contract was asked", async () => {
    const failed = new BaseError("limit exceeded");
    await expect(tokenAnswer(Promise.reject(failed))).rejects.toBe(failed);
    await expect(tokenAnswerIfAny(Promise.reject(failed))).rejects.toBe(failed);
  });

  test("is not blamed on the token while the chain is away", async () => {
    await expect(tokenAnswer(away())).rejects.toMatchObject({ code: "chain-unreachable" });
    await expect(tokenAnswerIfAny(away())).rejects.toMatchObject({ code: "chain-unreachable" });
  });
});
