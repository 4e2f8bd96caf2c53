import { type Address as ViemAddress, erc20Abi, type PublicClient } from "viem";
import { accountAbi, accountFactoryAbi } from "#contracts/abi.ts";
import { REPLACEABLE_ROLES, roleFromNumber } from "#core/keys/role.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import { zTransactionHash } from "#core/primitives/hex.ts";
import type { ActivityItem } from "#core/wallet-api/operation-view.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { ChainClient } from "./client.ts";

interface Place {
  readonly transactionHash: string;
  readonly logIndex: number;
  readonly blockNumber: bigint;
}

type Found = Omit<ActivityItem, "id" | "timestamp" | "transactionHash" | "blockNumber"> & Place;

const fromStart = { fromBlock: "earliest", toBlock: "latest" } as const;

async function accountEvents(
  client: PublicClient,
  account: Address,
  tokens: readonly Token[],
): Promise<Found[]> {
  const logs = await client.getContractEvents({
    address: account,
    abi: accountAbi,
    strict: true,
    ...fromStart,
  });
  const token = (address: ViemAddress) => tokens.find((one) => sameAddress(one.address, address));
  return logs.flatMap((log): Found[] => {
    const { transactionHash, logIndex, blockNumber } = log;
    const place = { transactionHash, logIndex, blockNumber };
    switch (log.eventName) {
      case "Withdrawn":
        return [
          {
            kind: "withdrawn",
            token: token(log.args.token),
            amount: log.args.amount,
            counterparty: toAddress(log.args.to),
            ...place,
          },
        ];
      case "KeyReplaced": {
        const named = roleFromNumber(log.args.role);
        const role = REPLACEABLE_ROLES.find((one) => one === named);
        return [{ kind: "key-replaced", role, ...place }];
      }
      default:
        return [];
    }
  });
}

async function receipts(client: PublicClient, account: Address, tokens: readonly Token[]): Promise<Found[]> {
  const perToken = tokens.map(async (token) => {
    const logs = await client.getContractEvents({
      address: token.address,
      abi: erc20Abi,
      eventName: "Transfer",
      args: { to: account },
      strict: true,
      ...fromStart,
    });
    return logs.map(({ args, transactionHash, logIndex, blockNumber }): Found => ({
      kind: "received",
      token,
      amount: args.value,
      counterparty: toAddress(args.from),
      transactionHash,
      logIndex,
      blockNumber,
    }));
  });
  return (await Promise.all(perToken)).flat();
}

async function creation(client: PublicClient, factory: Address, account: Address): Promise<Found[]> {
  const logs = await client.getContractEvents({
    address: factory,
    abi: accountFactoryAbi,
    eventName: "AccountCreated",
    args: { account },
    ...fromStart,
  });
  return logs.map(({ transactionHash, logIndex, blockNumber }): Found => ({
    kind: "created",
    transactionHash,
    logIndex,
    blockNumber,
  }));
}

/**
 * The account's history from its events and its tokens' transfers, newest first. Coins of the chain itself leave no
 * event when they arrive before the account is deployed: those receipts show in the balance only.
 */
export async function accountActivity(
  chain: ChainClient,
  account: Address,
  tokens: readonly Token[],
): Promise<ActivityItem[]> {
  const erc20 = tokens.filter((token) =>
    chain.config.tokens.some(({ address }) => address === token.address),
  );
  return chain.read(async (client) => {
    const found = (
      await Promise.all([
        creation(client, chain.config.contracts.factory, account),
        accountEvents(client, account, tokens),
        receipts(client, account, erc20),
      ])
    ).flat();
    const blocks = [...new Set(found.map(({ blockNumber }) => blockNumber))];
    const times = new Map(
      await Promise.all(
        blocks.map(async (blockNumber) => {
          const block = await client.getBlock({ blockNumber });
          return [blockNumber, Number(block.timestamp)] as const;
        }),
      ),
    );
    return found
      .sort((a, b) => Number(b.blockNumber - a.blockNumber) || b.logIndex - a.logIndex)
      .map(({ logIndex, transactionHash, ...item }) => ({
        ...item,
        id: `${transactionHash}-${logIndex}`,
        transactionHash: zTransactionHash.parse(transactionHash),
        timestamp: times.get(item.blockNumber) ?? 0,
      }));
  });
}
