import { accountAbi } from "#contracts/abi.ts";
import type { ActivityEntry } from "#core/activity/entry.ts";
import { keyRolesIn } from "#core/activity/history.ts";
import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type Role, ROLE_NUMBER, ROLE_TEXT, ROLES, rolesInMask } from "#core/keys/role.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import { type Hex, type KeyId, zHex, zKeyId } from "#core/primitives/hex.ts";
import type { ApiKey } from "#core/wallet-api/api-keys.ts";
import type { AccountSettings, KeySettings } from "#core/wallet-api/account-settings.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import { readAccountKeys } from "../chain/account-keys.ts";
import type { ChainClient } from "../chain/client.ts";
import { findKey, ownDeviceKey, type Profile } from "../profile.ts";

export interface AccountSettingsOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly profile: { readonly get: () => Promise<Profile> };
  /** What happened to the account, in the chain's order. */
  readonly entries: () => Promise<readonly ActivityEntry[]>;
  /** Keys of scripts, which are nobody's in the profile. */
  readonly scripts: () => Promise<ReadonlyMap<KeyId, ApiKey>>;
}

const DAY = 86_400;

/** The settings of an account that is not on the chain yet: its contract's defaults. */
const DEFAULTS: Omit<AccountSettings, "keys"> = {
  delays: { recovery: 7 * DAY, removal: 3 * DAY, singleKey: 7 * DAY, override: 0 },
  rules: { singleKeyRoles: [], pendingKeysMayCall: false, tripwireCount: 3, tripwireWindow: DAY },
  thresholds: { mfa: { needed: 1, keys: 1 }, recovery: { needed: 1, keys: 1 } },
  allowlist: [],
};

/** What the events say that was ever set, each once: it may stand there still. */
function mentioned(entries: readonly ActivityEntry[]) {
  const recipients = new Map<string, Address>();
  const limits = new Map<string, { readonly key: KeyId; readonly token: Address }>();
  const scopes = new Map<string, { readonly key: KeyId; readonly target: Address; readonly selector: Hex }>();
  for (const { event } of entries) {
    if (event.kind !== "fact" || event.fact.kind !== "changed") continue;
    const { kind, fields } = event.fact.change;
    if (kind === "setAllowlisted") {
      const recipient = toAddress(String(fields.recipient));
      recipients.set(recipient, recipient);
    }
    if (kind === "setLimit") {
      const token = toAddress(String(fields.token));
      const key = zKeyId.parse(fields.key);
      limits.set(`${key} ${token}`, { key, token });
    }
    if (kind === "setScope") {
      const key = zKeyId.parse(fields.key);
      const target = toAddress(String(fields.target));
      const selector = zHex.parse(fields.selector);
      scopes.set(`${key} ${target} ${selector}`, { key, target, selector });
    }
  }
  return { recipients: [...recipients.values()], limits: [...limits.values()], scopes: [...scopes.values()] };
}

/** What the owner has set. */
export interface AccountSettingsService {
  readonly view: () => Promise<AccountSettings>;
}

export function createAccountSettings(options: AccountSettingsOptions): AccountSettingsService {
  const { chain, reader, profile, entries, scripts } = options;

  const tokenOf = (address: Address): Token =>
    reader.tokens.find((token) => sameAddress(token.address, address)) ?? {
      address,
      symbol: "units",
      name: "Unknown token",
      decimals: 0,
    };

  async function nameOf(id: KeyId, role: Role): Promise<Pick<KeySettings, "name" | "own" | "script">> {
    const { keys } = await profile.get();
    const own = ownDeviceKey(keys);
    if (own && keyId(own.key) === id) return { name: "This computer", own: true };
    const script = (await scripts()).get(id);
    if (script) return { name: script.name, own: false, script: script.verifier ? "limited" : "plain" };
    const name = findKey(keys, id)?.held.detail;
    return { own: false, ...(name !== undefined && { name: name === "" ? ROLE_TEXT[role] : name }) };
  }

  async function beforeDeployment(): Promise<AccountSettings> {
    const { keys } = await profile.get();
    const own = ROLES.flatMap((role) => keys[role].map(({ key }) => ({ id: keyId(key), role })));
    return {
      ...DEFAULTS,
      keys: await Promise.all(
        own.map(async ({ id, role }) => ({
          id,
          role,
          ...(await nameOf(id, role)),
          active: true,
          expires: 0,
          closedHours: 0,
          limits: [],
          scopes: [],
        })),
      ),
    };
  }

  return {
    async view() {
      const { account } = await profile.get();
      if (!account) throw new Error("the account is not complete");
      const { address } = account;
      if (!(await reader.isDeployed(address))) return beforeDeployment();
      const told = await entries();
      const { recipients, limits, scopes } = mentioned(told);
      const ids = new Set<KeyId>([
        ...ROLES.map((role) => account.firstKeys[role]),
        ...[...keyRolesIn(told).keys()].map((id) => zKeyId.parse(id)),
      ]);
      const at = { address, abi: accountAbi } as const;

      return chain.read(async (client) => {
        const [[settings], allowed, keys, spending, calls, needed, counts] = await Promise.all([
          client.readContract({ ...at, functionName: "getSettings" }),
          Promise.all(
            recipients.map(async (recipient) => ({
              recipient,
              is: await client.readContract({ ...at, functionName: "isAllowlisted", args: [recipient] }),
            })),
          ),
          readAccountKeys(client, address, ids),
          Promise.all(
            limits.map(async ({ key, token }) => {
              const [limit, available] = await client.readContract({
                ...at,
                functionName: "getLimit",
                args: [key, token],
              });
              return { key, token: tokenOf(token), limit, available };
            }),
          ),
          Promise.all(
            scopes.map(async (scope) => ({
              ...scope,
              is: await client.readContract({
                ...at,
                functionName: "isInScope",
                args: [scope.key, scope.target, scope.selector],
              }),
            })),
          ),
          Promise.all(
            REPLACEABLE_ROLES.map((role) =>
              client.readContract({ ...at, functionName: "threshold", args: [ROLE_NUMBER[role]] }),
            ),
          ),
          Promise.all(
            REPLACEABLE_ROLES.map((role) =>
              client.readContract({ ...at, functionName: "keyCount", args: [ROLE_NUMBER[role]] }),
            ),
          ),
        ]);
        const threshold = (index: number) => ({
          needed: Number(needed[index] ?? 1n),
          keys: Number(counts[index] ?? 0n),
        });
        return {
          delays: {
            recovery: settings.recoveryDelay,
            removal: settings.removalDelay,
            singleKey: settings.singleKeyDelay,
            override: settings.overrideDelay,
          },
          rules: {
            singleKeyRoles: rolesInMask(settings.singleKeyRoles),
            pendingKeysMayCall: settings.pendingKeysMayCall,
            tripwireCount: settings.tripwireCount,
            tripwireWindow: settings.tripwireWindow,
          },
          thresholds: { mfa: threshold(0), recovery: threshold(1) },
          allowlist: allowed.filter(({ is }) => is).map(({ recipient }) => recipient),
          keys: await Promise.all(
            keys.map(async ({ id, role, key, active }) => ({
              id,
              role,
              ...(await nameOf(id, role)),
              active,
              expires: key.expires,
              closedHours: key.closedHours,
              limits: spending
                .filter((one) => one.key === id && one.limit > 0n)
                .map(({ token, limit, available }) => ({ token, limit, available })),
              scopes: calls
                .filter((one) => one.key === id && one.is)
                .map(({ target, selector }) => ({ target, selector })),
            })),
          ),
        };
      });
    },
  };
}
