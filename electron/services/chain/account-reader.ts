import { erc20Abi } from "viem";
import { accountAbi, factorRegistryAbi } from "#contracts/abi.ts";
import { namedTokens } from "#core/config/tokens.ts";
import { codeAt } from "#core/friends/contract-calls.ts";
import { roleFromNumber, type Role } from "#core/keys/role.ts";
import { makeNonce, nonceLane, nonceSequence } from "#core/operations/nonce.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Effect, EFFECTS } from "#core/policy/policy.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import {
  type FactorId,
  type GateDigest,
  type KeyId,
  type OperationId,
  type TransactionHash,
  zFactorId,
  zGateDigest,
  zKeyId,
} from "#core/primitives/hex.ts";
import type { Token, TokenAmount } from "#core/wallet-api/state.ts";
import type { ChainClient } from "./client.ts";
import { chainRequest } from "./contracts-asked.ts";
import { isPlaceTakenIn, takenIn } from "./taken.ts";
import { tokenAnswer, tokenAnswerIfAny } from "./token-answer.ts";

/** What the account knows of an operation that it accepted and that waits. */
export interface ScheduledEntry {
  readonly effect: Effect;
  /** The keys that proposed it; its event names the first. */
  readonly proposers: readonly KeyId[];
  /** Seconds since 1970. */
  readonly executableAt: number;
  /** It has to be armed again before it can run. */
  readonly asleep: boolean;
}

/** How long a key that locked the account cannot lock it again, in seconds (Freeze.sol, LOCK_COOLDOWN). */
const LOCK_COOLDOWN = 30 * 86_400;

/** Reads one account from the chain. */
export interface AccountReader {
  readonly tokens: readonly Token[];
  readonly isDeployed: (account: Address) => Promise<boolean>;
  /** Whether an address is a contract; a plain key that borrows a contract's code (EIP-7702) is none. */
  readonly isContract: (address: Address) => Promise<boolean>;
  /** The next nonce of a lane; the first one while the account is not deployed. */
  readonly nextNonce: (account: Address, lane: bigint) => Promise<bigint>;
  /** Whether the account has used a nonce: the operation that carries it has run, or another one with the same. */
  readonly isNonceUsed: (account: Address, nonce: bigint) => Promise<boolean>;
  /** What a key may spend of a token by itself within a day; nothing where the account is not deployed. */
  readonly limit: (account: Address, key: KeyId, token: Address) => Promise<bigint>;
  /** In which hours (bit h: from h:00 UTC) a key may not spend by itself. */
  readonly closedHours: (account: Address, key: KeyId) => Promise<number>;
  /** Whether a device key may withdraw something by itself: to an allowed recipient, or within its limit and hours. */
  readonly mayWithdrawAlone: (
    account: Address,
    key: KeyId,
    wish: { readonly token: Address; readonly to: Address; readonly amount: bigint },
  ) => Promise<boolean>;
  /** When a key can lock the account again, in seconds since 1970; undefined when it can now. */
  readonly lockableFrom: (account: Address, key: KeyId) => Promise<number | undefined>;
  /** What the account has scheduled under an operation's id; undefined when nothing. */
  readonly scheduled: (account: Address, operation: OperationId) => Promise<ScheduledEntry | undefined>;
  readonly roleOfKey: (account: Address, key: KeyId) => Promise<Role | undefined>;
  /** The record that the factor registry holds for a network key; version 0 when there is none. */
  readonly factorRecord: (
    key: Address,
  ) => Promise<{ gate: GateDigest; version: bigint; factors: FactorId[] }>;
  /** Of every configured token; a token that does not answer has no amount, and hides no other. */
  readonly balances: (account: Address) => Promise<TokenAmount[]>;
  /** @throws WalletError "token-silent" when the token does not answer */
  readonly balance: (account: Address, token: Address) => Promise<bigint>;
  /**
   * The transaction in which the account took exactly this operation: ran it, or scheduled it where it has to wait.
   * Undefined when it did neither, or when another operation used its nonce.
   */
  readonly transactionOf: (operation: Operation) => Promise<TransactionHash | undefined>;
  /** Whether the account shows which operation used this one's nonce: a node that lags shows less than another told. */
  readonly showsPlaceTaken: (operation: Operation) => Promise<boolean>;
}

export function accountReader(chain: ChainClient): AccountReader {
  const { config, read } = chain;
  const tokens = namedTokens(config);

  const hasCode = (address: Address) =>
    read(async (client) => ((await client.getCode({ address })) ?? "0x") !== "0x");

  const balanceOf = (account: Address, token: Address) =>
    read((client) =>
      sameAddress(token, NATIVE_TOKEN)
        ? client.getBalance({ address: account })
        : client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [account] }),
    );

  const logsOf = (address: Address) => read((client) => client.getLogs({ address, fromBlock: "earliest" }));

  async function nextNonce(account: Address, lane: bigint): Promise<bigint> {
    if (!(await hasCode(account))) return makeNonce(lane, 0n);
    return read((client) =>
      client.readContract({ address: account, abi: accountAbi, functionName: "getNonce", args: [lane] }),
    );
  }

  async function keyDetails(account: Address, key: KeyId) {
    if (!(await hasCode(account))) return undefined;
    const [details] = await read((client) =>
      client.readContract({
        address: account,
        abi: accountAbi,
        functionName: "getKeyDetails",
        args: [key],
      }),
    );
    return details;
  }

  return {
    tokens,
    isDeployed: hasCode,
    isContract: async (address) => (await codeAt(chainRequest(chain), address)) === "contract",
    nextNonce,
    async isNonceUsed(account, nonce) {
      const next = await nextNonce(account, nonceLane(nonce));
      return nonceSequence(next) > nonceSequence(nonce);
    },
    async limit(account, key, token) {
      if (!(await hasCode(account))) return 0n;
      const [limit] = await read((client) =>
        client.readContract({
          address: account,
          abi: accountAbi,
          functionName: "getLimit",
          args: [key, token],
        }),
      );
      return limit;
    },
    closedHours: async (account, key) => (await keyDetails(account, key))?.closedHours ?? 0,
    async mayWithdrawAlone(account, key, { token, to, amount }) {
      if (!(await hasCode(account))) return false;
      const at = { address: account, abi: accountAbi } as const;
      return read(async (client) => {
        const [isAllowed, [limit, available], [{ closedHours }], { timestamp }] = await Promise.all([
          client.readContract({ ...at, functionName: "isAllowlisted", args: [to] }),
          client.readContract({ ...at, functionName: "getLimit", args: [key, token] }),
          client.readContract({ ...at, functionName: "getKeyDetails", args: [key] }),
          client.getBlock(),
        ]);
        const hour = Number((timestamp / 3600n) % 24n);
        const isOpen = (closedHours & (1 << hour)) === 0;
        return isAllowed || (isOpen && limit > 0n && amount <= available);
      });
    },
    async lockableFrom(account, key) {
      const lockedAt = (await keyDetails(account, key))?.lockedAt ?? 0;
      if (lockedAt === 0) return undefined;
      const from = lockedAt + LOCK_COOLDOWN;
      const { timestamp } = await read((client) => client.getBlock());
      return timestamp < BigInt(from) ? from : undefined;
    },
    async scheduled(account, operation) {
      if (!(await hasCode(account))) return undefined;
      const [entry, asleep] = await read((client) =>
        client.readContract({
          address: account,
          abi: accountAbi,
          functionName: "getScheduled",
          args: [operation],
        }),
      );
      if (entry.executableAt === 0) return undefined;
      return {
        effect: EFFECTS[entry.effect] ?? "never",
        proposers: [entry.proposer, ...entry.others].map((key) => zKeyId.parse(key)),
        executableAt: entry.executableAt,
        asleep,
      };
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
    balance: (account, token) => tokenAnswer(balanceOf(account, token)),
    balances: (account) =>
      Promise.all(
        tokens.map(async (token) => ({
          token,
          amount: await tokenAnswerIfAny(balanceOf(account, token.address)),
        })),
      ),
    async transactionOf(operation) {
      return takenIn(operation, await logsOf(operation.account));
    },
    async showsPlaceTaken(operation) {
      return isPlaceTakenIn(operation, await logsOf(operation.account));
    },
  };
}
