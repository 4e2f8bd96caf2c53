import { decodeFunctionData } from "viem";
import { accountFactoryAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { accountAddress, cloneOf, type FirstKeys } from "#core/keys/account-address.ts";
import type { MeantAccount } from "#core/joining/account-text.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT, zHex, zKeyId } from "#core/primitives/hex.ts";
import type { ChainClient } from "../chain/client.ts";

const notOnChain = (chain: string) =>
  new WalletError(
    "account-not-found",
    `There is no account at this address on ${chain}.`,
    "Compare the address with the other computer. An account that never did anything is not on the chain yet: give its exit kit instead, or withdraw once with the computer that made it.",
  );

const notAnAccount = () =>
  new WalletError(
    "not-an-account",
    "There is something else at this address than a Trivet account of this network.",
    "Compare the address with the other computer: a recipient's or a key's address is not the account's.",
  );

const otherChain = (chainId: number, { id, name }: ChainClient["config"]["chain"]) =>
  new WalletError(
    "wrong-network",
    `This is an account on another chain (${chainId}) than this wallet's: ${name} (${id}).`,
    "Start Trivet with the network of that account.",
  );

const unknownBeginning = () =>
  new WalletError(
    "first-keys-unknown",
    "This account was put on the chain by another program than Trivet, and its first keys are not to be found.",
    "Give the account's exit kit instead of its address.",
  );

/** The salt with which an account was made, where its factory was called directly. */
function saltIn(to: string | null | undefined, factory: Address, input: Hex): Hex | undefined {
  if (!to || !sameAddress(to, factory)) return undefined;
  try {
    const { functionName, args } = decodeFunctionData({ abi: accountFactoryAbi, data: input });
    return functionName === "createAccount" ? args[3] : undefined;
  } catch {
    // A call of the factory that it does not know.
    return undefined;
  }
}

/** What the chain knows of an account's beginning: the ids of its first keys, from which its address follows. */
async function firstKeysOnChain({ config, read }: ChainClient, account: Address): Promise<FirstKeys> {
  const { factory, implementation } = config.contracts;
  return read(async (client) => {
    const [log] = await client.getContractEvents({
      address: factory,
      abi: accountFactoryAbi,
      eventName: "AccountCreated",
      args: { account },
      fromBlock: "earliest",
      strict: true,
    });
    if (!log) throw notAnAccount();
    const { deviceKey, mfaKey, recoveryKey } = log.args;
    const ids = {
      device: zKeyId.parse(deviceKey),
      mfa: zKeyId.parse(mfaKey),
      recovery: zKeyId.parse(recoveryKey),
    };
    const follows = (salt: Hex) =>
      sameAddress(accountAddress(factory, implementation, { ...ids, salt }), account);
    if (follows(NO_SALT)) return { ...ids, salt: NO_SALT };
    const { to, input } = await client.getTransaction({ hash: log.transactionHash });
    const salt = saltIn(to, factory, zHex.parse(input));
    if (salt === undefined || !follows(salt)) throw unknownBeginning();
    return { ...ids, salt };
  });
}

/**
 * Looks for the account that a person means, and proves that it is one: a clone of this network's implementation, made
 * by its factory, at the address that follows from its first keys. For one that is not on the chain yet the exit kit has
 * to say these.
 * @throws WalletError "wrong-network", "account-not-found", "not-an-account", "first-keys-unknown", "chain-unreachable"
 */
export async function findAccount(chain: ChainClient, meant: MeantAccount): Promise<FirstKeys> {
  const { config, read } = chain;
  const { factory, implementation } = config.contracts;
  const { account, chainId, kit } = meant;
  if (chainId !== undefined && chainId !== config.chain.id) throw otherChain(chainId, config.chain);
  const code = await read((client) => client.getCode({ address: account }));
  if (code !== undefined && code !== "0x") {
    const runs = cloneOf(code);
    if (!runs || !sameAddress(runs, implementation)) throw notAnAccount();
    return firstKeysOnChain(chain, account);
  }
  if (!kit) throw notOnChain(config.chain.name);
  // The kit names factory and implementation, too; those of this network count.
  if (!sameAddress(accountAddress(factory, implementation, kit.firstKeys), account)) throw notAnAccount();
  return kit.firstKeys;
}
