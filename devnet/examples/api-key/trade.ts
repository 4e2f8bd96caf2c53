/**
 * Buys a token for ether at an exchange, or sells it, in the name of a Trivet account, with a key for a script.
 *
 *   node devnet/examples/api-key/trade.ts --account 0x… --exchange 0x… --key FILE [--network FILE]
 *     --ether 0.05 --least 100     pays so much ether for 100 tokens or more
 *     --tokens 100 --least 0.05    sells so many tokens for 0.05 ether or more, which the owner allowed the exchange to take
 *
 * Nothing here is Trivet's own code: whoever can sign EIP-712 typed data and encode a contract's arguments can do the same in
 * any language.
 */
import { createDecipheriv, scryptSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  type Address,
  BaseError,
  concat,
  createPublicClient,
  decodeErrorResult,
  encodeAbiParameters,
  encodeFunctionData,
  formatEther,
  type Hex,
  http,
  isAddress,
  isHash,
  keccak256,
  numberToHex,
  parseAbi,
  parseAbiParameters,
  parseEther,
  parseUnits,
  type PublicClient,
  size,
  slice,
  zeroAddress,
  zeroHash,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";

/** What of an account a script needs; the errors are the account's own words for why it refuses. */
export const accountAbi = parseAbi([
  "struct Call { address target; uint256 value; bytes data; }",
  "function execute(Call[] calls, uint256 nonce, bytes signatures)",
  "function getNonce(uint192 lane) view returns (uint256)",
  "function isInScope(bytes32 keyId, address target, bytes4 selector) view returns (bool)",
  "function getLimit(bytes32 keyId, address token) view returns (uint256 limit, uint256 available)",
  "error SignatureRejected(bytes32 keyId)",
  "error KeyUnknown(bytes32 keyId)",
  "error KeyExpired(bytes32 keyId, uint48 expires)",
  "error AccountFrozen()",
  "error CallFailed(uint256 position, bytes reason)",
]);
/** What the verifier of scripts' keys reads in the place of a signature. */
const scriptSignature = parseAbiParameters([
  "Call[] calls, uint256 nonce, bytes signature",
  "struct Call { address target; uint256 value; bytes data; }",
]);
const exchangeAbi = parseAbi([
  "function buy(uint256 least) payable returns (uint256 bought)",
  "function sell(uint256 amount, uint256 least) returns (uint256 paid)",
]);

const addressNamed = (name: string) =>
  z.custom<Address>((value) => isAddress(String(value), { strict: false }), `${name} is to be an address.`);

/** What Trivet calls a network: of its description (network.json) only this is needed. */
const zNetwork = z.object({
  chain: z.object({ id: z.number(), rpcUrls: z.array(z.string()).min(1) }),
  contracts: z.object({
    implementation: addressNamed("contracts.implementation"),
    scriptVerifier: addressNamed("contracts.scriptVerifier"),
  }),
  relayUrl: z.string(),
});
export type Network = z.output<typeof zNetwork>;

export interface Call {
  readonly target: Address;
  readonly value: bigint;
  readonly data: Hex;
}

/** Those of TUSD. */
const TOKEN_DECIMALS = 6;

/** Another lane than the wallet's (0): the script's nonces and the wallet's never get in each other's way. */
const LANE = 1_000n;

/** What the account runs, signed by the key: the calldata of `execute`. */
export async function signedExecution(
  key: PrivateKeyAccount,
  account: Address,
  calls: readonly Call[],
  nonce: bigint,
  { chain, contracts }: Network,
): Promise<Hex> {
  const signature = await key.signTypedData({
    // One shared implementation per chain; the account is a field of the message.
    domain: {
      name: "Trivet",
      version: "1",
      chainId: chain.id,
      verifyingContract: contracts.implementation,
    },
    types: {
      Execution: [
        { name: "account", type: "address" },
        { name: "calls", type: "Call[]" },
        { name: "nonce", type: "uint256" },
      ],
      Call: [
        { name: "target", type: "address" },
        { name: "value", type: "uint256" },
        { name: "data", type: "bytes" },
      ],
    },
    primaryType: "Execution",
    message: { account, calls, nonce },
  });
  // The verifier does not see what the account is asked for: the signature shows it.
  const shown = encodeAbiParameters(scriptSignature, [calls, nonce, signature]);
  const signer = signerOf(key, contracts);
  // A list of one signature: a header byte (4: the signer is spelled out), then signer and signature with their lengths.
  const signatures = concat(["0x04", lengthOf(signer), signer, lengthOf(shown), shown]);
  return encodeFunctionData({
    abi: accountAbi,
    functionName: "execute",
    args: [[...calls], nonce, signatures],
  });
}

/** What the account knows the key by (ERC-7913): the verifier, then the key's address. */
const signerOf = ({ address }: PrivateKeyAccount, { scriptVerifier }: Network["contracts"]): Hex =>
  concat([scriptVerifier, address]);

const lengthOf = (bytes: Hex): Hex => numberToHex(size(bytes), { size: 2 });

/** The account refuses, and says why. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** The account's error, such as KeyExpired, or why the key's verifier does not vouch for it. */
  readonly error: string;
  constructor(error: string, args: readonly unknown[] = []) {
    super(`The account refuses: ${error} (${args.map(String).join(", ")})`);
    this.error = error;
  }
}

function refusal(data: Hex): Refused {
  try {
    const { errorName, args } = decodeErrorResult({ abi: accountAbi, data });
    return new Refused(errorName, args);
  } catch {
    return new Refused(data.slice(0, 10));
  }
}

/** Why the key does not sign this: its verifier does not say, but what it asks the account for is there for all. */
async function explain(
  client: PublicClient,
  key: PrivateKeyAccount,
  account: Address,
  calls: readonly Call[],
  { contracts }: Network,
): Promise<Refused> {
  const ask = { address: account, abi: accountAbi } as const;
  const keyId = keccak256(concat([signerOf(key, contracts), zeroHash]));
  for (const { target, data } of calls) {
    const args = [keyId, target, slice(data, 0, 4)] as const;
    if (!(await client.readContract({ ...ask, functionName: "isInScope", args }))) {
      return new Refused("not in the key's scope", [target, slice(data, 0, 4)]);
    }
  }
  const args = [keyId, zeroAddress] as const;
  const [, available] = await client.readContract({ ...ask, functionName: "getLimit", args });
  const value = calls.reduce((sum, call) => sum + call.value, 0n);
  return value > available
    ? new Refused("more than is left of the key's limit", [formatEther(available), formatEther(value)])
    : new Refused("a closed hour, or a function that hands out tokens");
}

const hasData = (error: unknown): error is Error & { data: Hex } =>
  error instanceof Error && "data" in error && typeof error.data === "string" && error.data.startsWith("0x");

/**
 * Has an account make calls, signed by one key, submitted by the relay, which pays the gas.
 * @returns the transaction's hash, once the chain has it
 * @throws Refused with the account's own error
 */
export async function execute(
  key: PrivateKeyAccount,
  account: Address,
  calls: readonly Call[],
  network: Network,
): Promise<Hex> {
  const [rpcUrl] = network.chain.rpcUrls;
  const client = createPublicClient({ transport: http(rpcUrl) });
  const nonce = await client.readContract({
    address: account,
    abi: accountAbi,
    functionName: "getNonce",
    args: [LANE],
  });
  const data = await signedExecution(key, account, calls, nonce, network);
  // Asked first, so that the account's own words say why it would refuse.
  await client.call({ to: account, data }).catch(async (error: unknown) => {
    const cause = error instanceof BaseError ? error.walk(hasData) : undefined;
    if (!hasData(cause)) throw error;
    const refused = refusal(cause.data);
    throw refused.error === "SignatureRejected"
      ? await explain(client, key, account, calls, network)
      : refused;
  });
  const response = await fetch(network.relayUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to: account, data }),
  });
  const answer = z
    .object({ transactionHash: z.custom<Hex>((value) => typeof value === "string" && isHash(value)) })
    .safeParse(await response.json());
  if (!answer.success) throw new Error("The relay does not send it.");
  const hash = answer.data.transactionHash;
  await client.waitForTransactionReceipt({ hash });
  return hash;
}

/** A purchase at the exchange. */
export const purchase = (exchange: Address, ether: bigint, least: bigint): Call => ({
  target: exchange,
  value: ether,
  data: encodeFunctionData({ abi: exchangeAbi, functionName: "buy", args: [least] }),
});

/** A sale there. */
export const sale = (exchange: Address, tokens: bigint, least: bigint): Call => ({
  target: exchange,
  value: 0n,
  data: encodeFunctionData({ abi: exchangeAbi, functionName: "sell", args: [tokens, least] }),
});

const zKeyFile = z.object({
  version: z.literal(3),
  crypto: z.object({
    cipherparams: z.object({ iv: z.string() }),
    ciphertext: z.string(),
    kdfparams: z.object({
      n: z.number(),
      r: z.number(),
      p: z.number(),
      dklen: z.literal(32),
      salt: z.string(),
    }),
    mac: z.string(),
  }),
});

/** The key in a file that Trivet saved: a key file (Web3 Secret Storage, version 3, scrypt), or the plain key. */
export function openKey(text: string, password: string): PrivateKeyAccount {
  if (/^0x[0-9a-f]{64}$/.test(text.trim())) return privateKeyToAccount(text.trim() as Hex);
  const { cipherparams, ciphertext, kdfparams, mac } = zKeyFile.parse(JSON.parse(text)).crypto;
  const { n, r, p, dklen, salt } = kdfparams;
  const limits = { N: n, r, p, maxmem: 130 * n * r };
  const derived = scryptSync(password, Buffer.from(salt, "hex"), dklen, limits);
  const sealed = Buffer.from(ciphertext, "hex");
  if (keccak256(Buffer.concat([derived.subarray(16), sealed])) !== `0x${mac}`)
    throw new Error("Wrong password.");
  const cipher = createDecipheriv(
    "aes-128-ctr",
    derived.subarray(0, 16),
    Buffer.from(cipherparams.iv, "hex"),
  );
  const key = Buffer.concat([cipher.update(sealed), cipher.final()]);
  return privateKeyToAccount(`0x${key.toString("hex")}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      account: { type: "string" },
      exchange: { type: "string" },
      ether: { type: "string" },
      tokens: { type: "string" },
      least: { type: "string", default: "0" },
      key: { type: "string" },
      network: { type: "string", default: path.join(import.meta.dirname, "../../state/network.json") },
    },
  });
  const { account, exchange, ...wanted } = z
    .object({
      account: addressNamed("--account"),
      exchange: addressNamed("--exchange"),
      key: z.string("--key is to be the file that Trivet saved."),
    })
    .parse(values);
  const { ether, tokens, least } = values;
  if ((ether === undefined) === (tokens === undefined)) {
    throw new Error("Name what to pay: --ether or --tokens.");
  }
  const call =
    tokens === undefined
      ? purchase(exchange, parseEther(ether ?? ""), parseUnits(least, TOKEN_DECIMALS))
      : sale(exchange, parseUnits(tokens, TOKEN_DECIMALS), parseEther(least));
  const text = await readFile(wanted.key, "utf8");
  const network = zNetwork.parse(JSON.parse(await readFile(values.network, "utf8")));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const password = text.startsWith("0x") ? "" : await terminal.question("Password of the key file: ");
  terminal.close();
  console.log("Traded:", await execute(openKey(text, password), account, [call], network));
}

/** A sentence instead of a stack trace. */
function words(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ message }) => message).join("\n");
  if (error instanceof BaseError) return error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    console.error(words(error));
    process.exitCode = 1;
  });
}
