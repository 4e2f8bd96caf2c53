import { WalletError } from "#core/errors/wallet-error.ts";
import { addressOfKey, keyId } from "#core/keys/key.ts";
import type { ReplaceableRole, Role } from "#core/keys/role.ts";
import { isFreshTime } from "#core/security/gate-rules.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { Intent } from "../operations/intents/intent.ts";
import { replaceKey } from "../operations/intents/replace-key.ts";
import type { Operations } from "../operations/operations.ts";
import { ownDeviceKey, type ProfileStore } from "../profile.ts";
import type { VaultClient } from "../vault.ts";
import type { NetworkKeys } from "./network-keys.ts";

export interface ReplacementOptions {
  readonly networkKeys: NetworkKeys;
  readonly operations: Pick<Operations, "start">;
  readonly vault: VaultClient;
  readonly profile: ProfileStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Gives a key back to the key network, which makes a new one for it. */
export interface ReturnToNetwork {
  /**
   * What the person has to prove first: a new key's record names the factors that were proven lately, and without an
   * email address it signs for nobody.
   */
  readonly need: (role: ReplaceableRole) => Promise<ProofNeed | undefined>;
  readonly start: (role: ReplaceableRole, signedBy?: readonly Role[]) => Promise<OperationView>;
}

const ACTION = { mfa: "sign-with-mfa-key", recovery: "sign-with-recovery-key" } as const;

/** An intent whose signers the person chose. */
export const signedBy =
  (roles: readonly Role[] | undefined, intent: Intent): Intent =>
  async (standing) => ({ ...(await intent(standing)), signedBy: roles });

export function createReturnToNetwork(options: ReplacementOptions): ReturnToNetwork {
  const { networkKeys, operations, vault, profile, now } = options;
  return {
    async need(role) {
      const { email: name } = await profile.get();
      const factors = await vault.call("factors", undefined);
      const emails = factors.filter(({ type }) => type === "email");
      const seconds = Math.floor(now() / 1000);
      const isFresh = emails.some(({ lastAuthenticatedAt }) =>
        isFreshTime(lastAuthenticatedAt, seconds, "add-factor"),
      );
      if (isFresh) return undefined;
      return {
        action: ACTION[role],
        role,
        ways: [["E"]],
        given: [],
        stale: emails.length > 0 ? ["E"] : [],
        factors: emails.map(({ id }) => ({ proof: "E", type: "email", id, name, available: true })),
      };
    },
    async start(role, roles) {
      const { account, keys } = await profile.get();
      const device = ownDeviceKey(keys);
      const creator = device && addressOfKey(device.key);
      if (!account || !creator) throw new Error("the account is not complete");
      if (keys[role].some(({ holder }) => holder === "network")) throw alreadyThere();
      const held = await networkKeys.make(creator);
      const record = await networkKeys.writeFirstRecord(role, held, account.address);
      // Of several keys of a role, the one that somebody else holds is not meant: this is offered for one's own.
      const former = keys[role].find(({ holder }) => holder !== "friend");
      const which = former && keyId(former.key);
      return operations.start(signedBy(roles, replaceKey(role, { ...held, record }, which)));
    },
  };
}

const alreadyThere = () =>
  new WalletError(
    "key-in-use",
    "The key network holds a key of this role already.",
    "Nothing was changed. See the keys screen for who holds the account's keys.",
  );
