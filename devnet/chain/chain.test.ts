import fc from "fast-check";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEther } from "viem";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployer, faucetAccount } from "./accounts.ts";
import { Chain } from "./chain.ts";
import { CHAIN_ID } from "./id.ts";
import { JournalError } from "./journal.ts";

/** Runtime code that logs its calldata's first word and stores it: PUSH0 CALLDATALOAD DUP1 PUSH0 SSTORE PUSH0 MSTORE PUSH1 32 PUSH0 LOG0 STOP */
const STORE_AND_LOG = "0x5f35805f555f5260205fa000";
/** Creation code that returns the runtime code above. */
const CREATE_STORE_AND_LOG = `0x6b${STORE_AND_LOG.slice(2)}5f52600c6014f3` as const;
/** Creation code that reverts with 0xdeadbeef. */
const CREATE_REVERT = "0x63deadbeef60e01b5f5260045ffd";
const START = 1_800_000_000;

let folder: string;
let path: string;
let clock: number;
const now = () => clock;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trivet-chain-"));
  path = join(folder, "journal.jsonl");
  clock = START;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function sign(
  nonce: number,
  transaction: { to?: `0x${string}`; data?: `0x${string}`; value?: bigint },
) {
  return deployer.signTransaction({
    type: "eip1559",
    chainId: CHAIN_ID,
    nonce,
    gas: 500_000n,
    maxFeePerGas: 10n ** 11n,
    maxPriorityFeePerGas: 1n,
    ...transaction,
  });
}

/** All that a user of the chain can see of it. */
async function view(chain: Chain) {
  const time = await chain.time();
  const blocks = [];
  const receipts = [];
  for (let number = 0; number <= time.blockNumber; number++) {
    const block = (await chain.read("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])) as {
      transactions: string[];
    };
    blocks.push(block);
    for (const hash of block.transactions)
      receipts.push(await chain.read("eth_getTransactionReceipt", [hash]));
  }
  const logs = await chain.read("eth_getLogs", [{ fromBlock: "0x0", toBlock: "latest" }]);
  const accounts = await Promise.all(
    [deployer.address, faucetAccount.address].flatMap((address) => [
      chain.read("eth_getBalance", [address, "latest"]),
      chain.read("eth_getTransactionCount", [address, "latest"]),
    ]),
  );
  return { time, blocks, receipts, logs, accounts };
}

async function reopen(): Promise<Chain> {
  return Chain.open(path, now);
}

describe("the chain", () => {
  it("mines each transaction at the clock's time and keeps it over a restart", async () => {
    const chain = await reopen();
    clock += 5;
    const hash = await chain.sendRawTransaction(
      await sign(0, { to: faucetAccount.address, value: parseEther("3") }),
    );
    const receipt = await chain.read("eth_getTransactionReceipt", [hash]);
    expect(receipt).toMatchObject({ status: "0x1", blockNumber: "0x1" });
    expect(await chain.time()).toEqual({ blockNumber: 1, timestamp: START + 5, offset: 0 });
    const before = await view(chain);
    await chain.close();

    const again = await reopen();
    expect(await view(again)).toEqual(before);
    await again.close();
  });

  it("gives several transactions of one second the same time instead of running ahead of the clock", async () => {
    const chain = await reopen();
    for (let nonce = 0; nonce < 5; nonce++)
      await chain.sendRawTransaction(await sign(nonce, { to: deployer.address }));
    expect(await chain.time()).toMatchObject({ blockNumber: 5, timestamp: START });
    await chain.close();
  });

  it("keeps the order of transactions that arrive at once, and answers readers only with what is on disk", async () => {
    const chain = await reopen();
    const raws = await Promise.all([0, 1, 2, 3].map((nonce) => sign(nonce, { to: deployer.address })));
    const sent = raws.map((raw) => chain.sendRawTransaction(raw));
    const seen = Number(await chain.read("eth_blockNumber", []));
    expect(seen).toBe(4);
    expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(1 + seen);
    expect(new Set(await Promise.all(sent)).size).toBe(4);
    await chain.close();
  });

  it("answers a transaction that reverts with its hash, and its receipt says so", async () => {
    const chain = await reopen();
    const hash = await chain.sendRawTransaction(await sign(0, { data: CREATE_REVERT }));
    expect(await chain.read("eth_getTransactionReceipt", [hash])).toMatchObject({ status: "0x0" });
    await chain.close();
  });

  it("refuses a transaction no block can hold and records nothing of it", async () => {
    const chain = await reopen();
    const before = readFileSync(path, "utf8");
    await expect(chain.sendRawTransaction(await sign(7, { to: deployer.address }))).rejects.toThrow(/nonce/i);
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(await chain.time()).toMatchObject({ blockNumber: 0 });
    await chain.close();
  });

  it("moves its clock forward, mines at the new time, and stays ahead after a restart", async () => {
    const chain = await reopen();
    expect(await chain.advance(86_400)).toEqual({
      blockNumber: 1,
      timestamp: START + 86_400,
      offset: 86_400,
    });
    await expect(chain.advance(-1)).rejects.toThrow(RangeError);
    await chain.close();

    clock += 10;
    const again = await reopen();
    await again.sendRawTransaction(await sign(0, { to: deployer.address }));
    expect(await again.time()).toMatchObject({ timestamp: START + 86_410, offset: 86_400 });
    await again.close();
  });

  it("lets time go on for readers although nobody sends anything", async () => {
    const chain = await reopen();
    clock += 29;
    expect(await chain.time()).toMatchObject({ blockNumber: 0, timestamp: START });
    clock += 1;
    expect(await chain.time()).toMatchObject({ blockNumber: 1, timestamp: START + 30 });
    await chain.close();
  });

  it("never goes back in time when the computer's clock does", async () => {
    const chain = await reopen();
    clock -= 1000;
    await chain.sendRawTransaction(await sign(0, { to: deployer.address }));
    expect(await chain.time()).toMatchObject({ blockNumber: 1, timestamp: START });
    await chain.close();
  });

  it("becomes the same chain again, block hash by block hash, after any sequence cut at any byte", async () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant("transfer" as const), value: fc.bigInt({ min: 0n, max: 10n ** 18n }) }),
      fc.record({ kind: fc.constant("deploy" as const) }),
      fc.record({ kind: fc.constant("call" as const), word: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }) }),
      fc.record({ kind: fc.constant("revert" as const) }),
      fc.record({ kind: fc.constant("wait" as const), seconds: fc.nat(100) }),
      fc.record({ kind: fc.constant("advance" as const), seconds: fc.nat(1_000_000) }),
      fc.record({ kind: fc.constant("look" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), fc.nat(), async (actions, cut) => {
        rmSync(path, { force: true });
        clock = START;
        let chain = await reopen();
        let nonce = 0;
        let contract: `0x${string}` = deployer.address;
        let clockBefore = clock;
        let before = await view(chain);
        let lengthBefore = readFileSync(path).length;
        for (const step of actions) {
          before = await view(chain);
          clockBefore = clock;
          lengthBefore = readFileSync(path).length;
          switch (step.kind) {
            case "transfer":
              await chain.sendRawTransaction(
                await sign(nonce++, { to: faucetAccount.address, value: step.value }),
              );
              break;
            case "deploy": {
              const hash = await chain.sendRawTransaction(
                await sign(nonce++, { data: CREATE_STORE_AND_LOG }),
              );
              const receipt = (await chain.read("eth_getTransactionReceipt", [hash])) as {
                contractAddress: `0x${string}`;
              };
              contract = receipt.contractAddress;
              expect(await chain.read("eth_getCode", [contract, "latest"])).toBe(STORE_AND_LOG);
              break;
            }
            case "call": {
              const data = `0x${step.word.toString(16).padStart(64, "0")}` as const;
              await chain.sendRawTransaction(await sign(nonce++, { to: contract, data }));
              break;
            }
            case "revert":
              await chain.sendRawTransaction(await sign(nonce++, { data: CREATE_REVERT }));
              break;
            case "wait":
              clock += step.seconds;
              break;
            case "advance":
              await chain.advance(step.seconds);
              break;
            case "look":
              await chain.read("eth_getBlockByNumber", ["pending", false]);
              await chain.read("eth_estimateGas", [
                { from: deployer.address, to: contract, data: "0x01" },
                "pending",
              ]);
          }
        }
        const after = await view(chain);
        await chain.close();

        chain = await reopen();
        expect(await view(chain)).toEqual(after);
        await chain.close();

        // Killed while the last step was being written: either the step before it or, if a block of that step
        // was whole, that block; never anything else.
        const length = readFileSync(path).length;
        if (length === lengthBefore) return;
        const kept = lengthBefore + (cut % (length - lengthBefore));
        const hadWholeLine = readFileSync(path).subarray(lengthBefore, kept).includes(0x0a);
        truncateSync(path, kept);
        if (!hadWholeLine) clock = clockBefore;
        chain = await reopen();
        if (hadWholeLine)
          expect((await view(chain)).blocks.slice(0, before.blocks.length)).toEqual(before.blocks);
        else expect(await view(chain)).toEqual(before);
        await chain.close();
      }),
      { numRuns: 25 },
    );
  });

  it("drops a last line that was cut off or came out as garbage", async () => {
    const chain = await reopen();
    await chain.sendRawTransaction(await sign(0, { to: deployer.address }));
    const before = await view(chain);
    await chain.close();
    for (const torn of ['{"kind":"block","timest', "\0\0\0\0\0\n"]) {
      appendFileSync(path, torn);
      const again = await reopen();
      expect(await view(again)).toEqual(before);
      await again.close();
    }
  });

  it("refuses a journal that is damaged before its end, naming the line", async () => {
    const chain = await reopen();
    for (let nonce = 0; nonce < 3; nonce++)
      await chain.sendRawTransaction(await sign(nonce, { to: deployer.address }));
    await chain.close();
    const lines = readFileSync(path, "utf8").split("\n");
    lines[2] = '{"kind":"nonsense"}';
    writeFileSync(path, lines.join("\n"));
    await expect(reopen()).rejects.toThrow(/Line 3 of .* is damaged/);
  });

  it("refuses a journal whose blocks no longer come out as they were written", async () => {
    const chain = await reopen();
    await chain.sendRawTransaction(await sign(0, { to: deployer.address }));
    await chain.close();
    const other = readFileSync(path, "utf8").replace(
      `"timestamp":${START},"transaction"`,
      `"timestamp":${START + 1},"transaction"`,
    );
    writeFileSync(path, other);
    await expect(reopen()).rejects.toThrow(JournalError);
  });
});
