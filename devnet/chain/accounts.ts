import { parseEther } from "viem";
import { mnemonicToAccount } from "viem/accounts";

/** The test phrase every Ethereum tool knows. Its keys are public: they must never hold anything of value. */
export const TEST_MNEMONIC = "test test test test test test test test test test test junk";

/** What every account of the devnet owns in its first block, in wei. */
export const GENESIS_BALANCE = parseEther("1000000000");

/** Deploys the contracts (from nonce 0) and owns them: gate registry, staking, test tokens. */
export const deployer = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 0 });
/** Gives away ETH. */
export const faucetAccount = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 1 });
/** Pays for the operations that the relay submits. */
export const relayAccount = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 2 });
/** Owns the price feed with that number, which is the first thing it deploys. */
export const feedAccount = (number: number) => mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 3 + number });
