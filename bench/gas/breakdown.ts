import type { TestChain } from "#contracts/testing/chain.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { z } from "zod";

/** What a transaction's gas goes to. */
export const PARTS = {
  transaction: "transaction and its data",
  signatures: "checking signatures",
  reads: "reading storage",
  writes: "writing storage",
  calls: "calling other code",
  events: "events",
  tokens: "the token",
  rest: "hashing, decoding, deciding",
} as const satisfies Record<string, string>;

export type Part = keyof typeof PARTS;
export type Breakdown = Readonly<Record<Part, number>>;

const zTrace = z.object({
  gas: z.number(),
  structLogs: z.array(
    z.object({
      op: z.string(),
      gas: z.number(),
      gasCost: z.number(),
      depth: z.number(),
      stack: z.array(z.string()).optional(),
    }),
  ),
});
type Trace = z.output<typeof zTrace>;
type Step = Trace["structLogs"][number];

const CALLS = ["CALL", "STATICCALL", "DELEGATECALL", "CALLCODE", "CREATE", "CREATE2"];
/** The precompile that recovers an address from a signature. */
const ECRECOVER = 1n;

/** Whom a call is to; undefined for anything else. */
function calleeOf({ op, stack }: Step): bigint | undefined {
  const word = op.startsWith("CREATE") || !CALLS.includes(op) ? undefined : stack?.at(-2);
  return word === undefined ? undefined : BigInt(word.startsWith("0x") ? word : `0x${word}`);
}

function partOf({ op }: Step, callee: bigint | undefined): Part {
  if (callee === ECRECOVER) return "signatures";
  if (CALLS.includes(op)) return "calls";
  if (op === "SLOAD" || op === "TLOAD") return "reads";
  if (op === "SSTORE" || op === "TSTORE") return "writes";
  return op.startsWith("LOG") ? "events" : "rest";
}

/**
 * Adds up the steps of a frame and of what it calls.
 * @param begin the frame's first step
 * @param inToken whether all of it counts as the token's
 * @returns the first step after the frame, and the gas the frame used
 */
function addFrame(
  steps: readonly Step[],
  begin: number,
  tokens: ReadonlySet<bigint>,
  inToken: boolean,
  add: (part: Part, gas: number) => void,
): { next: number; used: number } {
  const first = steps[begin];
  if (first === undefined) return { next: begin, used: 0 };
  let at = begin;
  let used = 0;
  for (let step = steps[at]; step?.depth === first.depth; step = steps[at]) {
    const callee = calleeOf(step);
    const isToken = inToken || (callee !== undefined && tokens.has(callee));
    const inner =
      steps[at + 1]?.depth === first.depth + 1
        ? addFrame(steps, at + 1, tokens, isToken, add)
        : { next: at + 1, used: 0 };
    const following = steps[inner.next];
    // A frame's last step has nothing after it that says what it left.
    const whole = following?.depth === first.depth ? step.gas - following.gas : step.gasCost;
    add(isToken ? "tokens" : partOf(step, callee), whole - inner.used);
    used += whole;
    at = inner.next;
  }
  return { next: at, used };
}

/**
 * What a transaction's gas went to. The parts add up to what it used; what is given back for freed storage is
 * taken off the writes.
 * @param gasLimit what the transaction was sent with
 * @param tokens whose every step counts as the token's
 */
export function breakDown(trace: Trace, gasLimit: bigint, tokens: readonly Address[]): Breakdown {
  const parts: Record<Part, number> = {
    transaction: 0,
    signatures: 0,
    reads: 0,
    writes: 0,
    calls: 0,
    events: 0,
    tokens: 0,
    rest: 0,
  };
  const first = trace.structLogs[0];
  parts.transaction = first === undefined ? trace.gas : Number(gasLimit) - first.gas;
  const { used } = addFrame(trace.structLogs, 0, new Set(tokens.map(BigInt)), false, (part, gas) => {
    parts[part] += gas;
  });
  parts.writes -= parts.transaction + used - trace.gas;
  return parts;
}

/** {@link breakDown} of a transaction on the chain. */
export async function breakDownTransaction(
  { publicClient, testClient }: TestChain,
  hash: Hex,
  tokens: readonly Address[],
): Promise<Breakdown> {
  const { gas } = await publicClient.getTransaction({ hash });
  const trace = await testClient.request<{
    Method: "debug_traceTransaction";
    Parameters: [hash: Hex, options: { disableMemory: boolean; disableStorage: boolean }];
    ReturnType: unknown;
  }>({ method: "debug_traceTransaction", params: [hash, { disableMemory: true, disableStorage: true }] });
  return breakDown(zTrace.parse(trace), gas, tokens);
}
