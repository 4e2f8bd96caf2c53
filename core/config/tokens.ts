import { NATIVE_TOKEN } from "../primitives/address.ts";
import type { Token } from "../wallet-api/state.ts";
import type { NetworkConfig } from "./network.ts";

/** The chain's own coin, and the tokens that a network's description names. */
export const namedTokens = ({ chain, tokens }: Pick<NetworkConfig, "chain" | "tokens">): readonly Token[] => [
  {
    address: NATIVE_TOKEN,
    symbol: chain.nativeSymbol,
    name: chain.nativeSymbol === "ETH" ? "Ether" : chain.nativeSymbol,
    decimals: 18,
  },
  ...tokens,
];
