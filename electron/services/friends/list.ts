import { WalletError } from "#core/errors/wallet-error.ts";
import { invitationHash } from "#core/friends/messages.ts";
import { addressOfKey, keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import type { Friend, FriendsView } from "#core/wallet-api/friends.ts";
import { readContractState } from "../security/contract-state.ts";
import { dueFrom, type FriendsContext } from "./context.ts";

/** The friends of this account, what is asked of them, and whose friend this person is. */
export function createList({ chain, profile, domain, seconds, read, update, contractOf }: FriendsContext) {
  async function view(): Promise<FriendsView> {
    const { account, keys } = await profile.get();
    if (!account) throw new WalletError("no-account", "There is no account yet.", "Make the account first.");
    const [contract, all] = await Promise.all([readContractState(chain, account), read()]);
    const now = seconds();
    const known = REPLACEABLE_ROLES.flatMap((role) =>
      keys[role].flatMap((held): Friend[] => {
        const signer = addressOfKey(held.key);
        if (held.holder !== "friend" || !signer) return [];
        const id = keyId(held.key);
        const lastAnswer = all.answers.find(({ key }) => key === id)?.at;
        const open = all.checks.find(({ key }) => key === id)?.check;
        return [
          {
            role,
            id,
            name: held.detail,
            signer,
            hidden: held.key.salt !== NO_SALT,
            active: contract.keys.some((key) => key.id === id && key.active),
            ...(lastAnswer !== undefined && { lastAnswer }),
            checkDue: now > dueFrom(all, id),
            ...(open && open.expiresAt >= now && { checkedUntil: open.expiresAt }),
          },
        ];
      }),
    );
    const friends = await Promise.all(
      known.map(async (friend) => {
        const contractWallet = await contractOf(friend.signer);
        return { ...friend, ...(contractWallet && { contract: contractWallet }) };
      }),
    );
    return {
      friends,
      roles: REPLACEABLE_ROLES.map((role) => ({
        role,
        threshold: Math.max(1, contract.thresholds[role]),
        keys: contract.keys.filter((key) => key.role === role && key.active).length,
      })),
      invitations: all.invitations.map(({ name, invitation }) => ({
        id: invitationHash(invitation),
        name,
        role: invitation.role,
        expiresAt: invitation.expiresAt,
        expired: invitation.expiresAt < now,
      })),
      standings: all.standings
        .filter(({ chainId }) => chainId === domain.chainId)
        .map(({ account: of, from, role, key, since }) => ({
          account: of,
          from,
          role,
          signer: key.signer,
          since,
        })),
      ...(all.ownName !== undefined && { ownName: all.ownName }),
    };
  }

  /** The friends whose yearly check fell due since this was asked last; see Friends.fallenDue. */
  async function fallenDue(): Promise<string[]> {
    const { account, keys } = await profile.get();
    const all = await read();
    const due = REPLACEABLE_ROLES.flatMap((role) => keys[role])
      .filter(({ holder }) => holder === "friend")
      .map(({ key, detail }) => ({ name: detail, key: keyId(key), from: dueFrom(all, keyId(key)) }))
      .filter(
        ({ key, from }) =>
          seconds() > from && !all.reminded.some((one) => one.key === key && one.due === from),
      );
    if (!account || due.length === 0) return [];
    // Whose key the account no longer counts need not be asked.
    const contract = await readContractState(chain, account);
    const fresh = due.filter(({ key }) => contract.keys.some(({ id, active }) => id === key && active));
    if (fresh.length === 0) return [];
    await update((old) => ({
      ...old,
      reminded: [
        ...old.reminded.filter(({ key }) => !fresh.some((one) => one.key === key)),
        ...fresh.map(({ key, from }) => ({ key, due: from })),
      ],
    }));
    return fresh.map(({ name }) => name);
  }

  return { view, fallenDue };
}
