/** The nonce of an operation: a 192-bit lane and a 64-bit sequence that counts up within it, as in ERC-4337. */
export function makeNonce(lane: bigint, sequence: bigint): bigint {
  if (lane < 0n || lane >= 1n << 192n) throw new RangeError("a nonce lane has 192 bits");
  if (sequence < 0n || sequence >= 1n << 64n) throw new RangeError("a nonce sequence has 64 bits");
  return (lane << 64n) | sequence;
}

/**
 * The first of the lanes that ERC-4337's EntryPoint keeps, for operations whose signatures it has the account check;
 * the account keeps all lanes before.
 */
export const FIRST_ENTRY_POINT_LANE = 1n << 191n;

/** The lane of a nonce. */
export const nonceLane = (nonce: bigint): bigint => nonce >> 64n;

/** The sequence of a nonce within its lane. */
export const nonceSequence = (nonce: bigint): bigint => nonce & ((1n << 64n) - 1n);
