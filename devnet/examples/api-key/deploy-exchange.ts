/** Puts an exchange onto the running devnet that sells TUSD for ether: node devnet/examples/api-key/deploy-exchange.ts [FILE] */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createPublicClient, createWalletClient, defineChain, getAddress, http } from "viem";
import { readArtifact } from "#contracts/artifacts.ts";
import { zNetworkConfig } from "#core/config/network.ts";
import { faucetAccount } from "../../chain/accounts.ts";

const [file = path.join(import.meta.dirname, "../../state/network.json")] = process.argv.slice(2);
const { chain, tokens } = zNetworkConfig.parse(JSON.parse(await readFile(file, "utf8")));
const [token] = tokens;
if (!token) throw new Error("This network names no token.");
const on = defineChain({
  id: chain.id,
  name: chain.name,
  nativeCurrency: { name: "Ether", symbol: chain.nativeSymbol, decimals: 18 },
  rpcUrls: { default: { http: chain.rpcUrls } },
});
const { abi, bytecode } = await readArtifact("DevnetExchange", "devnet/DevnetExchange.sol");
const wallet = createWalletClient({ account: faucetAccount, chain: on, transport: http() });
/** So much of the token one ether buys, in its smallest unit. */
const price = 2_000n * 10n ** BigInt(token.decimals);
const hash = await wallet.deployContract({ abi, bytecode, args: [token.address, price] });
const client = createPublicClient({ chain: on, transport: http() });
const { contractAddress } = await client.waitForTransactionReceipt({ hash });
console.log(
  `The exchange sells ${token.symbol} at ${contractAddress ? getAddress(contractAddress) : "no address"}`,
);
