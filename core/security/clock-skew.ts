/** How far clocks may differ: a proof or a token from this many seconds ahead is still taken for one from now. */
export const CLOCK_SKEW_SECONDS = 5;
