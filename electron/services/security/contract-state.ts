import { accountAbi } from "#contracts/abi.ts";
import { type Role, ROLE_NUMBER, ROLES, rolesInMask } from "#core/keys/role.ts";
import { CHANGES } from "#core/operations/changes.ts";
import { FROZEN, type Frozen } from "#core/policy/policy.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type KeyId, zKeyId } from "#core/primitives/hex.ts";
import { readAccountKeys } from "../chain/account-keys.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Profile } from "../profile.ts";

/** A key as the account knows it. */
export interface AccountKeyState {
  readonly id: KeyId;
  readonly role: Role;
  /** Whether it has authority now. */
  readonly active: boolean;
  /** Whether it gets authority by itself, later. */
  readonly pending: boolean;
}

/** What an account's contract says of itself. */
export interface ContractState {
  readonly keys: readonly AccountKeyState[];
  readonly thresholds: Readonly<Record<Role, number>>;
  /** Delays in seconds. */
  readonly recoveryDelay: number;
  readonly removalDelay: number;
  readonly singleKeyDelay: number;
  /** 0: mfa and recovery keys do not overrule a veto. */
  readonly overrideDelay: number;
  readonly singleKeyRoles: readonly Role[];
  readonly frozen: Frozen;
  readonly emergencyAddresses: readonly Address[];
}

const DAY = 86_400;

type AccountOfProfile = NonNullable<Profile["account"]>;

const firstKeyIds = ({ firstKeys: { device, mfa, recovery } }: AccountOfProfile): Record<Role, KeyId> => ({
  device,
  mfa,
  recovery,
});

/** An account that is not on the chain yet: its first keys, and every default of its contract. */
export function stateBeforeDeployment(account: AccountOfProfile): ContractState {
  const ids = firstKeyIds(account);
  return {
    keys: ROLES.map((role) => ({ id: ids[role], role, active: true, pending: false })),
    thresholds: { device: 1, mfa: 1, recovery: 1 },
    recoveryDelay: 7 * DAY,
    removalDelay: 3 * DAY,
    singleKeyDelay: 7 * DAY,
    overrideDelay: 0,
    singleKeyRoles: [],
    frozen: "no",
    emergencyAddresses: [],
  };
}

const CHANGE_NUMBER = {
  addKey: CHANGES.findIndex(({ kind }) => kind === "addKey"),
  setEmergencyAddress: CHANGES.findIndex(({ kind }) => kind === "setEmergencyAddress"),
};

/**
 * Reads the account's contract. The contract counts keys and does not list them, so that the list is made from its
 * events and then asked for one by one.
 * @throws WalletError when the chain cannot be reached
 */
export async function readContractState(
  { read }: Pick<ChainClient, "read">,
  account: AccountOfProfile,
): Promise<ContractState> {
  const at = { address: account.address, abi: accountAbi } as const;
  return read(async (client) => {
    const code = await client.getCode({ address: account.address });
    if (code === undefined || code === "0x") return stateBeforeDeployment(account);

    const logs = await client.getContractEvents({ ...at, fromBlock: "earliest", strict: true });
    const ids = new Set<KeyId>(Object.values(firstKeyIds(account)));
    const named = new Set<Address>();
    for (const log of logs) {
      if (log.eventName === "KeyReplaced") ids.add(zKeyId.parse(log.args.newKey));
      if (log.eventName !== "Changed") continue;
      const { change, values } = log.args;
      if (change === CHANGE_NUMBER.addKey) ids.add(zKeyId.parse(values[1]));
      if (change === CHANGE_NUMBER.setEmergencyAddress && values[0]) {
        named.add(toAddress(`0x${values[0].slice(-40)}`));
      }
    }

    const [[settings], [frozen], keys, emergency, thresholds, block] = await Promise.all([
      client.readContract({ ...at, functionName: "getSettings" }),
      client.readContract({ ...at, functionName: "getFreeze" }),
      readAccountKeys(client, account.address, ids),
      Promise.all(
        [...named].map(async (address) => ({
          address,
          counts: await client.readContract({ ...at, functionName: "isEmergencyAddress", args: [address] }),
        })),
      ),
      Promise.all(
        ROLES.map((role) =>
          client.readContract({ ...at, functionName: "threshold", args: [ROLE_NUMBER[role]] }),
        ),
      ),
      client.getBlock(),
    ]);

    const [device = 1n, mfa = 1n, recovery = 1n] = thresholds;
    return {
      keys: keys.map(({ id, role, key, active }) => ({
        id,
        role,
        active,
        // What expired has no authority and gets none.
        pending: !active && BigInt(key.activeFrom) > block.timestamp,
      })),
      thresholds: { device: Number(device), mfa: Number(mfa), recovery: Number(recovery) },
      recoveryDelay: settings.recoveryDelay,
      removalDelay: settings.removalDelay,
      singleKeyDelay: settings.singleKeyDelay,
      overrideDelay: settings.overrideDelay,
      singleKeyRoles: rolesInMask(settings.singleKeyRoles),
      frozen: FROZEN[frozen] ?? "archived",
      emergencyAddresses: emergency.filter(({ counts }) => counts).map(({ address }) => address),
    };
  });
}
