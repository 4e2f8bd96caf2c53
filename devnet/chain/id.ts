/** The devnet's chain id; the one development chains use by custom. */
export const CHAIN_ID = 31337;
