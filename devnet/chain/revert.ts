import { BaseError } from "viem";
import type { Hex } from "#core/primitives/hex.ts";
import { isBytes } from "#core/primitives/hex.ts";

/** The data a call reverted with, if that is what the error is about; "0x" for a revert without data. */
export function revertDataOf(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const cause = error.walk((inner) => hasCode(inner, 3) || (hasData(inner) && isBytes(inner.data)));
  if (cause === null) return undefined;
  return hasData(cause) && isBytes(cause.data) ? cause.data : "0x";
}

function hasData(error: unknown): error is { data: unknown } {
  return error instanceof Error && "data" in error;
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
