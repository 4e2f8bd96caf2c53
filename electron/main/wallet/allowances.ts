import { erc20Abi } from "viem";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { Token } from "#core/wallet-api/state.ts";
import { tokenAnswerIfAny } from "../../services/chain/token-answer.ts";
import { allow } from "../../services/operations/intents/allow.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";
import { leastWays, waysShown } from "./ways.ts";

export function allowancesHandlers({
  account,
  chain,
  operations,
  reader,
}: Services): HandlersOf<"allowances"> {
  const tokens = reader.tokens.filter(({ address }) => !sameAddress(address, NATIVE_TOKEN));
  function tokenOf(address: Address) {
    const token = tokens.find((one) => sameAddress(one.address, address));
    if (token) return token;
    throw new WalletError("token-unknown", "Trivet does not know this token.", "Choose one from the list.");
  }
  const allowed = (owner: Address, spender: Address, { address }: Token) =>
    tokenAnswerIfAny(
      chain.read((client) =>
        client.readContract({ address, abi: erc20Abi, functionName: "allowance", args: [owner, spender] }),
      ),
    );
  return {
    "allowances.of": async ({ spender }) => {
      const owner = await account();
      const given = await Promise.all(
        tokens.map(async (token) => ({ token, amount: await allowed(owner, spender, token) })),
      );
      return given.filter(({ amount }) => amount !== 0n);
    },
    "allowances.review": async (wish) => {
      const owner = await account();
      const token = tokenOf(wish.token);
      const [{ ways, deploysFirst }, before] = await Promise.all([
        operations.review(allow(wish)),
        allowed(owner, wish.spender, token),
      ]);
      return { ...wish, token, before, ways: waysShown(leastWays(ways)), deploysFirst };
    },
    "allowances.start": async ({ signedBy, ...wish }) => {
      await account();
      tokenOf(wish.token);
      return operations.start(allow(wish, signedBy));
    },
  };
}
