import { z } from "zod";
import { type Hex, zBytes32 } from "#core/primitives/hex.ts";
import { type Header, type RpcSource, SourceFailure } from "./source.ts";

/** So many blocks may be replaced by others before an RPC has to be read anew from the start (Ethereum: two epochs). */
export const DEPTH = 64;
const LARGEST_RANGE = 4_000_000;
/** How many ranges are read before the state is kept: a first look at a long chain survives a restart. */
const RANGES_PER_READING = 50;

/** How far a chain was read. Plain JSON. */
export const zCursor = z.object({
  /** Blocks that were read up to, the latest last; the first is never replaced any more. */
  checkpoints: z.array(z.object({ number: z.int().nonnegative(), hash: zBytes32 })),
  /** Everything up to the last checkpoint was read when the RPC last answered, and nothing is missing between. */
  complete: z.boolean(),
  /** How many blocks are asked for at once. */
  range: z.int().positive(),
  /** Blocks above this one were replaced since the last time somebody looked for what to take back. */
  rewoundTo: z.int().optional(),
});
export type Cursor = z.output<typeof zCursor>;

/** Nothing was read yet. */
export const NOTHING_READ: Cursor = { checkpoints: [], complete: false, range: LARGEST_RANGE };

/** What is made of the blocks that are read; the cursor in it is `readOn`'s to move. */
export interface Reader<State extends Cursor> {
  /** The first block that can hold anything. */
  readonly first: number;
  readonly notStarted: State;
  /** The state with what the blocks from `from` to `end` tell; rejects when the answers do not fit together. */
  readonly withRange: (state: State, from: number, end: Header) => Promise<State>;
  /** The state without what stands above a block: the blocks there were replaced. */
  readonly rewound: (state: State, at: number) => State;
  /** The state after nothing up to a block can be replaced any more. */
  readonly settled: (state: State, deep: number) => State;
}

/** The hash that an RPC gave for a block when it was read up to it. */
export const hashAt = ({ checkpoints }: Cursor, number: number): Hex | undefined =>
  checkpoints.find((checkpoint) => checkpoint.number === number)?.hash;

/** The state without everything above its newest checkpoint that is at most this high. */
function rewound<State extends Cursor>(state: State, reader: Reader<State>, number: number): State {
  const checkpoints = state.checkpoints.filter((checkpoint) => checkpoint.number <= number);
  const at = checkpoints.at(-1)?.number ?? -1;
  const rewoundTo = Math.min(state.rewoundTo ?? Infinity, at);
  // With no checkpoint left nothing that was told counts: the RPC is read anew.
  if (checkpoints.length === 0) return { ...reader.notStarted, rewoundTo };
  return { ...reader.rewound(state, at), checkpoints, complete: false, rewoundTo };
}

/**
 * The newest state of which the RPC still has the blocks. Usually the one it is in; after a reorganisation an earlier
 * one; the start, where more blocks were replaced than are remembered.
 */
async function onTheChain<State extends Cursor>(
  source: RpcSource,
  state: State,
  reader: Reader<State>,
  head: Header,
): Promise<State> {
  const cursor = state.checkpoints.at(-1);
  if (!cursor || (head.number === cursor.number && head.hash === cursor.hash)) return state;
  if (head.number === cursor.number + 1 && head.parentHash === cursor.hash) return state;
  // An RPC that lags behind itself is not asked for blocks that it does not have at the moment.
  const there = state.checkpoints.filter(({ number }) => number <= head.number);
  if (there.length === 0) return state;
  for (const checkpoint of there.toReversed()) {
    const header = checkpoint.number === head.number ? head : await source.header(checkpoint.number);
    if (header?.hash !== checkpoint.hash) continue;
    return checkpoint === there.at(-1) ? state : rewound(state, reader, checkpoint.number);
  }
  return rewound(state, reader, -1);
}

/** Settles what is deeper than any reorganisation that is followed. */
function settled<State extends Cursor>(state: State, reader: Reader<State>, head: number): State {
  const deep = state.checkpoints.filter(({ number }) => number <= head - DEPTH).at(-1);
  if (!deep || deep === state.checkpoints[0]) return state;
  const checkpoints = state.checkpoints.filter(({ number }) => number >= deep.number);
  return { ...reader.settled(state, deep.number), checkpoints };
}

/**
 * Reads a chain on from where it was left: reorganisations first, then the blocks that were missed, in ranges as large
 * as the RPC answers.
 * @returns the state then, the RPC's latest block, and whether that is one which it had long ago: it lags behind itself
 * @throws SourceFailure when it does not answer, or not so that it can be used; the state then stays as it was
 */
export async function readOn<State extends Cursor>(
  source: RpcSource,
  from: State,
  reader: Reader<State>,
): Promise<{ readonly state: State; readonly head: Header; readonly behindItself: boolean }> {
  const head = await source.header("latest");
  if (!head) throw new SourceFailure("garbage", "It has no latest block.");
  let state = await onTheChain(source, from, reader, head);
  const cursor = state.checkpoints.at(-1);
  if (cursor && head.number < cursor.number) return { state, head, behindItself: true };
  let next = cursor ? cursor.number + 1 : reader.first;
  for (let ranges = 0; next <= head.number && ranges < RANGES_PER_READING; ranges += 1) {
    // What is near the head is a range of its own, so that a reorganisation undoes as little as possible.
    const settledEnd = head.number - DEPTH;
    const last = Math.min(next + state.range - 1, next <= settledEnd ? settledEnd : head.number);
    try {
      const end = last === head.number ? head : await source.header(last);
      if (!end) throw new SourceFailure("garbage", `It has no block ${last}, but later ones.`);
      const told = await reader.withRange(state, next, end);
      state = { ...told, checkpoints: [...told.checkpoints, { number: end.number, hash: end.hash }] };
    } catch (error) {
      if (!(error instanceof SourceFailure) || error.kind !== "too-much" || last === next) throw error;
      state = { ...state, range: Math.max(1, Math.floor((last - next + 1) / 2)) };
      continue;
    }
    next = last + 1;
    state = { ...state, range: Math.min(state.range * 2, LARGEST_RANGE) };
  }
  return {
    state: { ...settled(state, reader, head.number), complete: next > head.number },
    head,
    behindItself: false,
  };
}
