import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { keccak256, numberToHex } from "viem";
import { z } from "zod";
import { GENESIS_BALANCE, TEST_MNEMONIC } from "./accounts.ts";
import type { ChainEntry } from "./entries.ts";
import { zChainEntry } from "./entries.ts";
import { CHAIN_ID } from "./id.ts";
import { Journal, JournalError } from "./journal.ts";

/** A read of a chain older than this first mines an empty block, so that time goes on as on a real chain. */
const HEARTBEAT_SECONDS = 30;

type Block = Extract<ChainEntry, { kind: "block" }>;

const zBlock = z.object({
  number: z.string().transform(Number),
  timestamp: z.string().transform(Number),
  hash: z.string(),
});
const zTransactionHash = z.string().regex(/^0x[0-9a-f]{64}$/);

interface Provider {
  request(call: { method: string; params: readonly unknown[] }): Promise<unknown>;
}

export interface ChainTime {
  blockNumber: number;
  /** Unix seconds of the latest block. */
  timestamp: number;
  /** Seconds the chain's clock is ahead of the computer's. */
  offset: number;
}

/**
 * The devnet's chain: Hardhat's EVM in this process, with a journal from which it rises again after any
 * crash as the very same chain.
 *
 * Every transaction is a block of its own. Its sender is answered only after the block is on the disk.
 */
export class Chain {
  readonly #provider: Provider;
  readonly #journal: Journal<ChainEntry>;
  readonly #now: () => number;
  #broken: JournalError | undefined;
  #latest: z.output<typeof zBlock>;
  #offset = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(
    provider: Provider,
    journal: Journal<ChainEntry>,
    genesis: z.output<typeof zBlock>,
    now: () => number,
  ) {
    this.#provider = provider;
    this.#journal = journal;
    this.#latest = genesis;
    this.#now = now;
  }

  /**
   * Starts a chain from its journal, or a new one where there is none.
   *
   * @param now the computer's clock in Unix seconds
   * @throws {JournalError} when the journal is damaged or no longer gives the chain it was written by
   */
  static async open(path: string, now: () => number = unixNow): Promise<Chain> {
    const { journal, entries } = Journal.open(path, (value) => zChainEntry.parse(value));
    try {
      const [first, ...rest] = entries;
      if (first !== undefined && first.kind !== "genesis") {
        throw new JournalError(`${path} does not begin with a genesis. Delete the file to start afresh.`);
      }
      const genesis = first ?? { kind: "genesis", version: 1, timestamp: now() };
      if (first === undefined) journal.append(genesis);

      const provider = await createProvider(genesis.timestamp);
      const chain = new Chain(provider, journal, await readLatest(provider), now);
      for (const entry of rest) await chain.#replay(entry, path);
      await chain.#beat();
      return chain;
    } catch (error) {
      journal.close();
      throw error;
    }
  }

  /** Answers a call that changes nothing. Waits for a block that is just being written. */
  async read(method: string, params: readonly unknown[]): Promise<unknown> {
    await this.#upToDate();
    return this.#provider.request({ method, params });
  }

  /**
   * Mines one signed transaction in a block of its own and returns the transaction's hash, also when the
   * transaction reverts (its receipt says so). Rejects, with the EVM's error, a transaction that cannot be
   * in any block: wrong nonce, too little money, another chain's.
   */
  async sendRawTransaction(transaction: string): Promise<string> {
    return this.#write(async () => {
      const timestamp = this.#nextTimestamp();
      const hash = zTransactionHash.parse(await this.#mine(timestamp, transaction));
      this.#record({ kind: "block", timestamp, transaction, hash: this.#latest.hash });
      return hash;
    });
  }

  /** Moves the clock forward and mines a block at the new time. */
  async advance(seconds: number): Promise<ChainTime> {
    if (!Number.isSafeInteger(seconds) || seconds < 0) {
      throw new RangeError("The chain's clock moves forward only, by whole seconds.");
    }
    return this.#write(async () => {
      this.#record({ kind: "clock", offset: this.#offset + seconds });
      this.#offset += seconds;
      await this.#mineEmpty();
      return this.#time();
    });
  }

  async time(): Promise<ChainTime> {
    await this.#upToDate();
    return this.#time();
  }

  /** Waits for the block that is being written, then lets go of the journal. */
  async close(): Promise<void> {
    await this.#writing;
    this.#journal.close();
  }

  #time(): ChainTime {
    return { blockNumber: this.#latest.number, timestamp: this.#latest.timestamp, offset: this.#offset };
  }

  /** The time of the next block: the clock's, but never before the block it follows. */
  #nextTimestamp(): number {
    return Math.max(this.#latest.timestamp, this.#now() + this.#offset);
  }

  async #upToDate(): Promise<void> {
    await this.#beat();
    await this.#writing;
    if (this.#broken !== undefined) throw this.#broken;
  }

  async #beat(): Promise<void> {
    const isStale = () => this.#nextTimestamp() - this.#latest.timestamp >= HEARTBEAT_SECONDS;
    if (!isStale()) return;
    await this.#write(async () => {
      if (isStale()) await this.#mineEmpty();
    });
  }

  async #mineEmpty(): Promise<void> {
    const timestamp = this.#nextTimestamp();
    await this.#mine(timestamp, null);
    this.#record({ kind: "block", timestamp, transaction: null, hash: this.#latest.hash });
  }

  /** Mines a block that depends on nothing but the chain so far, the timestamp and the transaction. */
  async #mine(timestamp: number, transaction: string | null): Promise<unknown> {
    const randomness = keccak256(numberToHex(this.#latest.number + 1));
    await this.#provider.request({ method: "hardhat_setPrevRandao", params: [randomness] });
    await this.#provider.request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
    const result =
      transaction === null
        ? await this.#provider.request({ method: "evm_mine", params: [] })
        : await this.#provider.request({ method: "eth_sendRawTransaction", params: [transaction] });
    this.#latest = await readLatest(this.#provider);
    return result;
  }

  async #replay(entry: ChainEntry, path: string): Promise<void> {
    switch (entry.kind) {
      case "genesis":
        throw new JournalError(`${path} has a second genesis. Delete the file to start afresh.`);
      case "clock":
        this.#offset = entry.offset;
        return;
      case "block":
        await this.#replayBlock(entry, path);
    }
  }

  async #replayBlock(block: Block, path: string): Promise<void> {
    await this.#mine(block.timestamp, block.transaction);
    if (this.#latest.hash !== block.hash) {
      throw new JournalError(
        `Block ${this.#latest.number} of ${path} comes out different from when it was written; ` +
          "another version of the EVM wrote it. Delete the file to start afresh.",
      );
    }
  }

  /** The EVM has already changed: if the disk does not follow, this chain answers nothing any more. */
  #record(entry: ChainEntry): void {
    try {
      this.#journal.append(entry);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#broken = new JournalError(`The chain's journal cannot be written: ${reason}`);
      throw this.#broken;
    }
  }

  /** One change at a time; readers wait for the end of those that came before them. */
  #write<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = this.#writing.then(() => {
      if (this.#broken !== undefined) throw this.#broken;
      return job();
    });
    this.#writing = result.catch(() => undefined);
    return result;
  }
}

function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}

async function readLatest(provider: Provider): Promise<z.output<typeof zBlock>> {
  return zBlock.parse(await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] }));
}

async function createProvider(genesisTimestamp: number): Promise<Provider> {
  const runtime = await createHardhatRuntimeEnvironment({
    networks: {
      devnet: {
        type: "edr-simulated",
        chainType: "l1",
        chainId: CHAIN_ID,
        hardfork: "osaka",
        initialDate: new Date(genesisTimestamp * 1000),
        accounts: { mnemonic: TEST_MNEMONIC, accountsBalance: GENESIS_BALANCE, count: 10 },
        // Several transactions in one second must not push the chain ahead of the clock.
        allowBlocksWithSameTimestamp: true,
        // As on a real chain: a transaction that reverts has a hash and a receipt.
        throwOnTransactionFailures: false,
      },
    },
  });
  const { provider } = await runtime.network.create("devnet");
  return { request: ({ method, params }) => provider.request({ method, params: [...params] }) };
}
