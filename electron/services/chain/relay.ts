import { z } from "zod";
import { revertError } from "./contract-errors.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, type TransactionHash, zHex, zTransactionHash } from "#core/primitives/hex.ts";

const TIMEOUT_MS = 30_000;

const zAnswer = z.object({ transactionHash: zTransactionHash });
const zRefusal = z.object({ error: z.object({ message: z.string(), revertData: zHex.optional() }) });

/** Asks the relay to send a call; it pays the gas and can change nothing in it. */
export type Relay = (call: { to: Address; data: Hex }) => Promise<TransactionHash>;

/**
 * A relay over HTTP: POST {to, data}.
 * The promise rejects with WalletError "relay-unreachable", the sentence for the contract's error when the call
 * would revert, or "relay-refused".
 */
export function createRelay(url: string, request: typeof fetch = fetch): Relay {
  return async (call) => {
    let answer: unknown;
    try {
      const response = await request(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(call),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.json();
    } catch (cause) {
      throw new WalletError(
        "relay-unreachable",
        "The relay that sends operations to the chain cannot be reached.",
        "Continue when it is back: everything that was signed is kept.",
        { cause },
      );
    }
    const success = zAnswer.safeParse(answer);
    if (success.success) return success.data.transactionHash;
    const refusal = zRefusal.safeParse(answer);
    if (refusal.success && refusal.data.error.revertData) throw revertError(refusal.data.error.revertData);
    throw new WalletError(
      "relay-refused",
      `The relay refused the operation${refusal.success ? `: ${refusal.data.error.message}` : "."}`,
      "Continue later, or drop the operation and start again.",
    );
  };
}
