import { z } from "zod";
import { testTokenAbi } from "#contracts/abi.ts";
import type { NetworkConfig } from "#core/config/network.ts";
import type { Address } from "#core/primitives/address.ts";
import { sameAddress, zAddress } from "#core/primitives/address.ts";
import { parseAmount } from "#core/primitives/amount.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { faucetAccount } from "../chain/accounts.ts";
import type { ChainClients } from "../chain/client.ts";
import { revertDataOf } from "../chain/revert.ts";
import { createQueue } from "../supervisor/queue.ts";

const ETH_DECIMALS = 18;
/** So that a slip of the finger does not make every other figure unreadable. */
const MAX_WHOLE_UNITS = 1_000_000n;

/** Who gets how much of what. Amounts are decimal, in whole units: "1.5" is one and a half ETH. */
export const zFaucetRequest = z.strictObject({
  address: zAddress,
  token: zAddress.nullable(),
  amount: z.string(),
});
export type FaucetRequest = z.output<typeof zFaucetRequest>;

/** The faucet cannot give what was asked for; the message says what would be right. */
export class FaucetError extends Error {
  override readonly name = "FaucetError";
}

/** Gives away play money: ETH of its own, and freshly made test tokens. */
export type Faucet = (request: FaucetRequest) => Promise<Hex>;

export function createFaucet(clients: ChainClients, tokens: NetworkConfig["tokens"]): Faucet {
  const wallet = clients.as(faucetAccount);
  const inTurn = createQueue();

  return (request) =>
    inTurn(async () => {
      if (request.token === null) {
        return sendEther(request.address, amountOf(request.amount, ETH_DECIMALS));
      }
      const wanted = request.token;
      const token = tokens.find(({ address }) => sameAddress(address, wanted));
      if (token === undefined) throw new FaucetError(`The faucet has no token at ${wanted}.`);
      const amount = amountOf(request.amount, token.decimals);
      return wallet.writeContract({
        address: token.address,
        abi: testTokenAbi,
        functionName: "mint",
        args: [request.address, amount],
      });
    });

  async function sendEther(to: Address, value: bigint): Promise<Hex> {
    try {
      return await wallet.sendTransaction({ to, value });
    } catch (error) {
      if (revertDataOf(error) === undefined) throw error;
      throw new FaucetError(`There is a contract at ${to}, and it does not accept ETH.`);
    }
  }
}

function amountOf(text: string, decimals: number): bigint {
  const parsed = parseAmount(text, decimals);
  if ("problem" in parsed) {
    throw new FaucetError(
      `"${text}" is not an amount: write digits, a point, at most ${decimals} digits more.`,
    );
  }
  if (parsed.amount > MAX_WHOLE_UNITS * 10n ** BigInt(decimals)) {
    throw new FaucetError(`The faucet gives at most ${MAX_WHOLE_UNITS} at once.`);
  }
  return parsed.amount;
}
