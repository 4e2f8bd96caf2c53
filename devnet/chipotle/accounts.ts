/** Who may do what: accounts, the groups in them, and the usage keys that they give out. All of it in memory. */
import { randomBytes } from "node:crypto";
import { privateKeyToAddress } from "viem/accounts";
import { keccak256, stringToHex } from "viem/utils";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { ServiceError } from "./errors.ts";
import type { Secrets } from "./secrets.ts";

/** What a usage key may do. A group with the number 0 stands for all of them, and for what is in none. */
export interface UsageRights {
  readonly name: string;
  readonly description: string;
  readonly can_create_groups: boolean;
  readonly can_delete_groups: boolean;
  readonly can_create_pkps: boolean;
  readonly manage_ipfs_ids_in_groups: readonly number[];
  readonly add_pkp_to_groups: readonly number[];
  readonly remove_pkp_from_groups: readonly number[];
  readonly execute_in_groups: readonly number[];
}

/** Which wallets the programs of a group may use. */
interface Group {
  /** keccak256 of the CIDs. */
  readonly programs: Set<Hex>;
  /** Addresses in lower case. */
  readonly wallets: Set<string>;
}

interface Account {
  readonly groups: Map<number, Group>;
  /** By the hash of the key. */
  readonly usageKeys: Map<Hex, UsageRights>;
  readonly wallets: Map<string, Hex>;
  cents: number;
}

/** A request's key, and the account it belongs to. */
export interface Caller {
  readonly account: Account;
  /** Undefined for the account's own key, which administers everything. */
  readonly rights: UsageRights | undefined;
}

/** What every billed call costs, and what an account is given to begin with. */
const PRICE_CENTS = 1;

export const hashOf = (text: string): Hex => keccak256(stringToHex(text));

const forbidden = () => new ServiceError(403, "Permission denied");

export class Accounts {
  readonly #secrets: Secrets;
  readonly #accounts = new Map<Hex, Account>();
  #wallets = 0;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** @param cents what it may spend */
  create(cents: number): { key: string; address: Address } {
    const key = newKey();
    const account: Account = { groups: new Map(), usageKeys: new Map(), wallets: new Map(), cents };
    this.#accounts.set(hashOf(key), account);
    return { key, address: this.#makeWallet(account) };
  }

  /** Who calls. @throws ServiceError 401 */
  callerOf(key: string): Caller {
    const hash = hashOf(key);
    const own = this.#accounts.get(hash);
    if (own) return { account: own, rights: undefined };
    for (const account of this.#accounts.values()) {
      const rights = account.usageKeys.get(hash);
      if (rights) return { account, rights };
    }
    throw new ServiceError(401, "Unauthorized");
  }

  /** Takes the price of a call. @throws ServiceError 402 */
  charge({ account }: Caller): void {
    if (account.cents < PRICE_CENTS) throw new ServiceError(402, "Payment Required");
    account.cents -= PRICE_CENTS;
  }

  /** Adds money to an account, or takes it away. */
  setBalance(key: string, cents: number): void {
    this.callerOf(key).account.cents = cents;
  }

  createWallet({ account, rights }: Caller): Address {
    if (rights && !rights.can_create_pkps) throw forbidden();
    return this.#makeWallet(account);
  }

  addGroup({ account, rights }: Caller, programs: readonly Hex[], wallets: readonly string[]): number {
    if (rights && !rights.can_create_groups) throw forbidden();
    const number = account.groups.size + 1;
    account.groups.set(number, {
      programs: new Set(programs),
      wallets: new Set(wallets.map((wallet) => wallet.toLowerCase())),
    });
    return number;
  }

  addUsageKey({ account, rights }: Caller, granted: UsageRights): string {
    if (rights) throw forbidden();
    const key = newKey();
    account.usageKeys.set(hashOf(key), granted);
    return key;
  }

  addProgram(caller: Caller, group: number, cid: string): void {
    if (caller.rights && !caller.rights.manage_ipfs_ids_in_groups.includes(group)) throw forbidden();
    groupOf(caller, group).programs.add(hashOf(cid));
  }

  removeProgram(caller: Caller, group: number, hash: Hex): void {
    if (caller.rights && !caller.rights.manage_ipfs_ids_in_groups.includes(group)) throw forbidden();
    groupOf(caller, group).programs.delete(hash);
  }

  addWalletToGroup(caller: Caller, group: number, wallet: string): void {
    if (caller.rights && !caller.rights.add_pkp_to_groups.includes(group)) throw forbidden();
    groupOf(caller, group).wallets.add(wallet.toLowerCase());
  }

  /** Whether a key may have a program run; with a wallet: whether the program may then use it. */
  mayRun({ account, rights }: Caller, cid: string, wallet?: string): boolean {
    if (!rights) return false;
    if (rights.execute_in_groups.includes(0)) return true;
    return [...account.groups].some(
      ([number, { programs, wallets }]) =>
        rights.execute_in_groups.includes(number) &&
        programs.has(hashOf(cid)) &&
        (wallet === undefined || wallets.has(wallet.toLowerCase())),
    );
  }

  /** The private key of one of the account's wallets. */
  secretOf({ account }: Caller, wallet: string): Hex {
    const secret = account.wallets.get(wallet.toLowerCase());
    if (!secret) throw new ServiceError(500, "Unable to get derivation path for private key");
    return secret;
  }

  #makeWallet(account: Account): Address {
    const secret = this.#secrets.ofWallet(++this.#wallets);
    const address = toAddress(privateKeyToAddress(secret));
    account.wallets.set(address.toLowerCase(), secret);
    return address;
  }
}

const newKey = (): string => randomBytes(32).toString("base64");

function groupOf({ account }: Caller, number: number): Group {
  const group = account.groups.get(number);
  if (!group) throw new ServiceError(500, "GroupDoesNotExist");
  return group;
}
