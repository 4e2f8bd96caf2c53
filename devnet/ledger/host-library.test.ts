/** The software Ledger behind Ledger's own library and transport, its signatures compared with viem's. */
import fc from "fast-check";
import {
  hashTypedData,
  type Hex,
  keccak256,
  parseEther,
  serializeTransaction,
  toHex,
  type TransactionSerializable,
  type TypedDataDefinition,
} from "viem";
import { HDKey, mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { mnemonicToSeedSync } from "@scure/bip39";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Eth, loadEth } from "#electron/vault/ledger/packages.ts";
import { speculosOpener } from "#electron/vault/ledger/openers.ts";
import { SoftwareLedger } from "./device.ts";
import { type LedgerServer, serveLedger } from "./http/server.ts";
import { DEFAULT_SEED } from "./keys.ts";

const PATH = "44'/60'/0'/0/0";
const account = mnemonicToAccount(DEFAULT_SEED);

let server: LedgerServer;
let eth: Eth;

beforeAll(async () => {
  const device = new SoftwareLedger({
    seed: DEFAULT_SEED,
    settings: { rawMessages: true, blindSigning: true },
    approval: "always",
  });
  server = await serveLedger(device, 0);
  const EthClient = await loadEth();
  eth = new EthClient(await speculosOpener(server.url)(), "w0w", {
    nftExplorerBaseURL: null,
    pluginBaseURL: null,
    cryptoassetsBaseURL: null,
    calServiceURL: null,
  });
});
afterAll(async () => {
  await eth.transport.close();
  await server.close();
});

/** r, s and v in one; the library gives v as a number or in hexadecimal. */
const joined = ({ r, s, v }: { r: string; s: string; v: number | string }): Hex =>
  `0x${r}${s}${typeof v === "number" ? v.toString(16) : v}`;

describe("addresses", () => {
  it.each(["44'/60'/0'/0/0", "44'/60'/3'/0/7", "44'/60'/0'/0", "45'/1/2"])("%s", async (path) => {
    const node = HDKey.fromMasterSeed(mnemonicToSeedSync(DEFAULT_SEED)).derive(`m/${path}`);
    const { address, chainCode, publicKey } = await eth.getAddress(path, false, true);
    expect(address).toBe(privateKeyToAccount(toHex(node.privateKey ?? new Uint8Array())).address);
    expect(chainCode).toBe(Buffer.from(node.chainCode ?? []).toString("hex"));
    expect(publicKey).toMatch(/^04[0-9a-f]{128}$/);
  });
});

describe("transactions", () => {
  const to = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
  const fees = { maxFeePerGas: 3n, maxPriorityFeePerGas: 2n };
  const transactions: [string, TransactionSerializable][] = [
    ["legacy", { type: "legacy", chainId: 1, to, value: 7n, gas: 21000n, gasPrice: 9n, nonce: 3 }],
    ["legacy on a large chain id", { type: "legacy", chainId: 31337, to, gas: 21000n, gasPrice: 9n }],
    [
      "legacy on a very large chain id",
      { type: "legacy", chainId: 0x12_3456_7890, to, gas: 21000n, gasPrice: 9n },
    ],
    [
      "EIP-2930",
      {
        type: "eip2930",
        chainId: 10,
        to,
        gas: 1n,
        gasPrice: 9n,
        accessList: [{ address: to, storageKeys: [keccak256("0x")] }],
      },
    ],
    ["EIP-1559", { type: "eip1559", chainId: 31337, to, value: parseEther("1.5"), gas: 21000n, ...fees }],
    [
      "a contract call in many pieces",
      { type: "eip1559", chainId: 1, to, data: toHex("x".repeat(1500)), ...fees },
    ],
    ["a call with one byte of data", { type: "eip1559", chainId: 1, to, data: "0x00", ...fees }],
    ["the creation of a contract", { type: "eip1559", chainId: 1, data: "0x6000", ...fees }],
  ];

  it.each(transactions)("%s", async (_, transaction) => {
    const unsigned = serializeTransaction(transaction);
    const { r, s, v } = await eth.signTransaction(PATH, unsigned.slice(2), null);
    const number = BigInt(`0x${v}`);
    const signed =
      transaction.type === "legacy"
        ? serializeTransaction(transaction, { r: `0x${r}`, s: `0x${s}`, v: number })
        : serializeTransaction(transaction, { r: `0x${r}`, s: `0x${s}`, yParity: Number(number) });
    expect(signed).toBe(await account.signTransaction(transaction));
  });
});

describe("personal messages", () => {
  it.each([
    ["a word", toHex("hello")],
    ["a long text", toHex("hello ".repeat(100))],
    ["text with line ends", toHex("a\nb\tc")],
    ["bytes", "0x00ff00ff"] as const,
    ["a message of exactly one piece", toHex("x".repeat(125))],
  ])("%s", async (_, raw) => {
    const signature = joined(await eth.signPersonalMessage(PATH, raw.slice(2)));
    expect(signature).toBe(await account.signMessage({ message: { raw } }));
  });
});

describe("typed messages", () => {
  interface Message {
    readonly types: Record<string, { name: string; type: string }[]>;
    readonly primaryType: string;
    readonly message: Record<string, unknown>;
  }
  const domain = {
    name: "V",
    version: "1",
    chainId: 11155111,
    verifyingContract: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  } as const;
  const EIP712Domain = [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
  ];

  const check = async ({ types, primaryType, message }: Message): Promise<void> => {
    const signature = joined(
      await eth.signEIP712Message(PATH, { domain, types: { ...types, EIP712Domain }, primaryType, message }),
    );
    const definition: TypedDataDefinition<Record<string, unknown>, string> = {
      domain,
      types,
      primaryType,
      message,
    };
    expect(signature).toBe(await account.sign({ hash: hashTypedData(definition) }));
  };

  const Person = [
    { name: "name", type: "string" },
    { name: "wallets", type: "address[]" },
  ];
  const cow = { name: "Cow", wallets: ["0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"] };
  const bob = { name: "Bob", wallets: [] };

  it.each<[string, Message]>([
    [
      "structs in structs",
      {
        types: {
          Mail: [
            { name: "from", type: "Person" },
            { name: "to", type: "Person" },
            { name: "text", type: "string" },
          ],
          Person,
        },
        primaryType: "Mail",
        message: { from: cow, to: bob, text: "Hello" },
      },
    ],
    [
      "arrays of structs, empty ones too",
      {
        types: {
          Group: [
            { name: "people", type: "Person[]" },
            { name: "none", type: "Person[]" },
            { name: "pair", type: "Person[2]" },
          ],
          Person,
        },
        primaryType: "Group",
        message: { people: [cow, bob, cow], none: [], pair: [bob, cow] },
      },
    ],
    [
      "arrays in arrays",
      {
        types: {
          Grid: [
            { name: "g", type: "uint8[2][]" },
            { name: "h", type: "string[][2]" },
          ],
        },
        primaryType: "Grid",
        message: {
          g: [
            ["1", "2"],
            ["3", "4"],
            ["5", "6"],
          ],
          h: [["a"], ["b", "c"]],
        },
      },
    ],
    [
      "a text in many pieces",
      {
        types: {
          T: [
            { name: "t", type: "string" },
            { name: "b", type: "bytes" },
          ],
        },
        primaryType: "T",
        message: { t: "é".repeat(700), b: toHex("y".repeat(600)) },
      },
    ],
    [
      "types that refer to types in another order",
      {
        types: {
          Z: [
            { name: "b", type: "B" },
            { name: "a", type: "A" },
          ],
          B: [{ name: "a", type: "A" }],
          A: [{ name: "x", type: "bool" }],
        },
        primaryType: "Z",
        message: { b: { a: { x: true } }, a: { x: false } },
      },
    ],
  ])("%s", async (_, message) => check(message));

  const hexOf = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes));
  const integer = (bits: number) =>
    fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n });
  /** A type with an arbitrary value of it, as the library wants to have it. */
  const zTyped = fc.oneof(
    fc
      .constantFrom(8, 16, 64, 128, 256)
      .chain((bits) =>
        fc
          .bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
          .map((value) => ({ type: `uint${bits}`, value: value.toString() })),
      ),
    fc
      .constantFrom(8, 16, 32, 64, 128, 256)
      .chain((bits) => integer(bits).map((value) => ({ type: `int${bits}`, value: value.toString() }))),
    fc.boolean().map((value) => ({ type: "bool", value })),
    fc.string({ maxLength: 60 }).map((value) => ({ type: "string", value })),
    hexOf(20).map((value) => ({ type: "address", value })),
    hexOf(32).map((value) => ({ type: "bytes32", value })),
    hexOf(4).map((value) => ({ type: "bytes4", value })),
    fc.uint8Array({ minLength: 1, maxLength: 80 }).map((bytes) => ({ type: "bytes", value: toHex(bytes) })),
    fc.array(fc.boolean(), { maxLength: 3 }).map((value) => ({ type: "bool[]", value })),
  );

  it("any fields of any types", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(zTyped, { minLength: 1, maxLength: 6 }), async (fields) => {
        await check({
          types: { Any: fields.map(({ type }, index) => ({ name: `f${index}`, type })) },
          primaryType: "Any",
          message: Object.fromEntries(fields.map(({ value }, index) => [`f${index}`, value])),
        });
      }),
      { numRuns: 40 },
    );
  });
});
