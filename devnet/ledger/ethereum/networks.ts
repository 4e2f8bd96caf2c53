import { formatUnits } from "viem";

interface Network {
  readonly name: string;
  readonly ticker: string;
}

/** The networks this device knows by name; the real app knows about a hundred. */
const NETWORKS: ReadonlyMap<bigint, Network> = new Map([
  [1n, { name: "Ethereum", ticker: "ETH" }],
  [10n, { name: "OP Mainnet", ticker: "ETH" }],
  [56n, { name: "BSC", ticker: "BNB" }],
  [100n, { name: "Gnosis", ticker: "xDAI" }],
  [137n, { name: "Polygon", ticker: "POL" }],
  [8453n, { name: "Base", ticker: "ETH" }],
  [42161n, { name: "Arbitrum", ticker: "ETH" }],
  [11155111n, { name: "Sepolia", ticker: "ETH" }],
]);

/** The name of a network, where the device knows it. */
export const networkName = (chainId: bigint): string | undefined => NETWORKS.get(chainId)?.name;

/** An amount of a network's own coin, given in its smallest unit: "0.5 ETH", "0.5 ???". */
export const coinAmount = (amount: bigint, chainId: bigint): string =>
  `${formatUnits(amount, 18)} ${NETWORKS.get(chainId)?.ticker ?? "???"}`;
