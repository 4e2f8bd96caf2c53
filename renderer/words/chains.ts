import {
  arbitrum,
  base,
  baseSepolia,
  bsc,
  gnosis,
  linea,
  mainnet,
  optimism,
  polygon,
  scroll,
  sepolia,
  zksync,
} from "viem/chains";

const KNOWN = [
  mainnet,
  arbitrum,
  base,
  baseSepolia,
  bsc,
  gnosis,
  linea,
  optimism,
  polygon,
  scroll,
  sepolia,
  zksync,
];

/** A chain as people know it; by its number where it is none of the usual ones. */
export const chainName = (chainId: number): string =>
  KNOWN.find(({ id }) => id === chainId)?.name ?? `chain ${chainId}`;
