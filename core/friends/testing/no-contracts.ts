import type { ContractSigners } from "../contract-signers.ts";

/** A chain on which no signer is a contract, for tests of plain keys. */
export const NO_CONTRACTS: ContractSigners = {
  chainName: "Devnet",
  ask: () => Promise.resolve("no-contract"),
};
