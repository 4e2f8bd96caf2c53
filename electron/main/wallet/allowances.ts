import { erc20Abi } from "viem";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
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
  return {
    "allowances.of": async ({ spender }) => {
      const owner = await account();
      const given = await chain.read((client) =>
        Promise.all(
          tokens.map(async (token) => ({
            token,
            amount: await client.readContract({
              address: token.address,
              abi: erc20Abi,
              functionName: "allowance",
              args: [owner, spender],
            }),
          })),
        ),
      );
      return given.filter(({ amount }) => amount > 0n);
    },
    "allowances.review": async (wish) => {
      await account();
      const token = tokenOf(wish.token);
      const { ways, deploysFirst } = await operations.review(allow(wish));
      return { ...wish, token, ways: waysShown(leastWays(ways)), deploysFirst };
    },
    "allowances.start": async ({ signedBy, ...wish }) => {
      await account();
      tokenOf(wish.token);
      return operations.start(allow(wish, signedBy));
    },
  };
}
