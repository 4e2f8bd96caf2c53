import { erc20Abi } from "viem";
import { accountAbi, factorRegistryAbi } from "#contracts/abi.ts";
import { keyId } from "#core/keys/key.ts";
import { roleFromNumber, type Role } from "#core/keys/role.ts";
import { makeNonce, nonceLane, nonceSequence } from "#core/operations/nonce.ts";
import type { StartableOperation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import {
  type FactorId,
  type GateDigest,
  type KeyId,
  type TransactionHash,
  zFactorId,
  zGateDigest,
  zTransactionHash,
} from "#core/primitives/hex.ts";
import type { Balance, Token } from "#core/wallet-api/state.ts";
import type { ChainClient } from "./client.ts";

/** Reads one account from the chain. */
export interface AccountReader {
  readonly tokens: readonly Token[];
  readonly isDeployed: (account: Address) => Promise<boolean>;
  readonly hasCode: (address: Address) => Promise<boolean>;
  /** The next nonce of a lane; the first one while the account is not deployed. */
  readonly nextNonce: (account: Address, lane: bigint) => Promise<bigint>;
  /** Whether the account has used a nonce: the operation that carries it has run, or another one with the same. */
  readonly isNonceUsed: (account: Address, nonce: bigint) => Promise<boolean>;
  readonly roleOfKey: (account: Address, key: KeyId) => Promise<Role | undefined>;
  /** The record that the factor registry holds for a network key; version 0 when there is none. */
  readonly factorRecord: (
    key: Address,
  ) => Promise<{ gate: GateDigest; version: bigint; factors: FactorId[] }>;
  readonly balances: (account: Address) => Promise<Balance[]>;
  readonly balance: (account: Address, token: Address) => Promise<bigint>;
  /**
   * The transaction in which the account ran exactly this operation; undefined when it did not run, or when another
   * operation used its nonce.
   */
  readonly transactionOf: (operation: StartableOperation) => Promise<TransactionHash | undefined>;
}

export function accountReader(chain: ChainClient): AccountReader {
  const { config, read } = chain;
  const tokens: readonly Token[] = [
    {
      address: NATIVE_TOKEN,
      symbol: config.chain.nativeSymbol,
      name: config.chain.nativeSymbol === "ETH" ? "Ether" : config.chain.nativeSymbol,
      decimals: 18,
    },
    ...config.tokens,
  ];

  const hasCode = (address: Address) =>
    read(async (client) => ((await client.getCode({ address })) ?? "0x") !== "0x");

  const balance = (account: Address, token: Address) =>
    read((client) =>
      sameAddress(token, NATIVE_TOKEN)
        ? client.getBalance({ address: account })
        : client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [account] }),
    );

  async function nextNonce(account: Address, lane: bigint): Promise<bigint> {
    if (!(await hasCode(account))) return makeNonce(lane, 0n);
    return read((client) =>
      client.readContract({ address: account, abi: accountAbi, functionName: "getNonce", args: [lane] }),
    );
  }

  return {
    tokens,
    hasCode,
    isDeployed: hasCode,
    nextNonce,
    async isNonceUsed(account, nonce) {
      const next = await nextNonce(account, nonceLane(nonce));
      return nonceSequence(next) > nonceSequence(nonce);
    },
    async roleOfKey(account, key) {
      if (!(await hasCode(account))) return undefined;
      const [role] = await read((client) =>
        client.readContract({ address: account, abi: accountAbi, functionName: "getKey", args: [key] }),
      );
      return roleFromNumber(role);
    },
    async factorRecord(key) {
      const [gate, version, factors] = await read((client) =>
        client.readContract({
          address: config.contracts.factorRegistry,
          abi: factorRegistryAbi,
          functionName: "recordOf",
          args: [key],
        }),
      );
      return {
        gate: zGateDigest.parse(gate),
        version,
        factors: factors.map((factor) => zFactorId.parse(factor)),
      };
    },
    balance,
    balances: (account) =>
      Promise.all(tokens.map(async (token) => ({ token, amount: await balance(account, token.address) }))),
    async transactionOf(operation) {
      const logs = await read((client) =>
        client.getContractEvents({
          address: operation.account,
          abi: accountAbi,
          fromBlock: "earliest",
          strict: true,
        }),
      );
      const log = logs.find((one) => {
        if (operation.kind === "withdraw") {
          return (
            one.eventName === "Withdrawn" &&
            one.args.nonce === operation.nonce &&
            one.args.amount === operation.amount &&
            sameAddress(one.args.token, operation.token) &&
            sameAddress(one.args.to, operation.to)
          );
        }
        return (
          one.eventName === "KeyReplaced" &&
          one.args.nonce === operation.nonce &&
          one.args.oldKey === keyId(operation.oldKey) &&
          one.args.newKey === keyId(operation.newKey)
        );
      });
      return log && zTransactionHash.parse(log.transactionHash);
    },
  };
}
