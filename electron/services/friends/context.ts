import { WalletError } from "#core/errors/wallet-error.ts";
import type { Place } from "#core/friends/checks.ts";
import { readContractWallet } from "#core/friends/contract-wallet.ts";
import { CHECK_INTERVAL } from "#core/friends/limits.ts";
import type { SigningDomain } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { Friend } from "#core/wallet-api/friends.ts";
import type { ChainClient } from "../chain/client.ts";
import { chainRequest } from "../chain/contracts-asked.ts";
import type { Operations } from "../operations/operations.ts";
import type { ProfileStore } from "../profile.ts";
import type { JsonFile } from "../storage/json-file.ts";
import { type FriendNotes, NO_NOTES } from "./notes.ts";

export interface ContextOptions {
  readonly chain: ChainClient;
  readonly profile: Pick<ProfileStore, "get">;
  readonly operations: Pick<Operations, "question" | "answer" | "review" | "start">;
  readonly notes: JsonFile<FriendNotes>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What everything about friends works with. */
export type FriendsContext = ReturnType<typeof createContext>;

export function createContext({ chain, profile, operations, notes, now }: ContextOptions) {
  const domain: SigningDomain = {
    chainId: chain.config.chain.id,
    implementation: chain.config.contracts.implementation,
  };
  /** Seconds since 1970. */
  const seconds = () => Math.floor(now() / 1000);
  const read = async (): Promise<FriendNotes> => (await notes.read()) ?? NO_NOTES;

  let lastChange: Promise<unknown> = Promise.resolve();
  /** One change after the other, each from what the one before left. */
  function update(change: (old: FriendNotes) => FriendNotes): Promise<void> {
    const changed = lastChange.then(async () => notes.write(change(await read())));
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  /**
   * Signers without a contract. All of them have signed a letter, which without a contract only a plain key can: it stays
   * one. What stands behind a contract can change, and is asked for every time.
   */
  const plainKeys = new Set<Address>();

  /** The account of this computer, and the contracts it belongs to. @throws WalletError "no-account" */
  async function here(): Promise<Place> {
    const { account } = await profile.get();
    if (!account) throw new WalletError("no-account", "There is no account yet.", "Make the account first.");
    return { domain, account: account.address };
  }

  /** Remembers that a friend's key was seen to work. */
  const seen = (key: KeyId) =>
    update((old) => ({
      ...old,
      answers: [...old.answers.filter((one) => one.key !== key), { key, at: seconds() }],
      checks: old.checks.filter((one) => one.key !== key),
    }));

  /** What a signer that is a contract says of itself; undefined for a plain key. */
  async function contractOf(signer: Address): Promise<Friend["contract"]> {
    if (plainKeys.has(signer)) return undefined;
    const wallet = await readContractWallet(chainRequest(chain), signer);
    if (!wallet) plainKeys.add(signer);
    if (!wallet?.safe) return wallet && {};
    const { owners, threshold } = wallet.safe;
    return { safe: { owners: owners.length, threshold } };
  }

  return { chain, profile, operations, domain, seconds, read, update, here, seen, contractOf };
}

/** From when a friend is to be asked whether they are still there, in seconds since 1970: whoever never answered, at once. */
export function dueFrom({ answers }: FriendNotes, id: KeyId): number {
  const lastAnswer = answers.find(({ key }) => key === id)?.at;
  return lastAnswer === undefined ? 0 : lastAnswer + CHECK_INTERVAL;
}
