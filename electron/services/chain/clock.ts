/**
 * By how many seconds the chain's clock is ahead of this computer's, which countdowns on the screens run by. A devnet's
 * clock is moved; elsewhere the last block is always a little old, which counts as not ahead.
 * @param timestamp of the last block, in seconds since 1970
 * @param now this computer's clock, in milliseconds since 1970
 */
export const chainAhead = (timestamp: number | bigint, now: number): number =>
  Math.max(0, Number(timestamp) - Math.floor(now / 1000));
