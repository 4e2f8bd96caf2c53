import type { PublicClient } from "viem";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ExitKit } from "#core/exit-kit/exit-kit.ts";
import { cloneOf } from "#core/keys/account-address.ts";
import { type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import { type Role, ROLE_NUMBER, roleFromNumber, ROLES, rolesInMask } from "#core/keys/role.ts";
import type { SigningDomain } from "#core/operations/typed-data.ts";
import { type Frozen, FROZEN, type PerRole } from "#core/policy/policy.ts";
import { type Address, NATIVE_TOKEN, sameAddress, toAddress } from "#core/primitives/address.ts";
import { type Hex, type KeyId, NO_SALT } from "#core/primitives/hex.ts";
import { accountAbi } from "./abi.ts";
import type { Connection } from "./connection.ts";

/** An account as the chain knows it at one moment. Times are seconds since 1970, delays seconds. */
export interface AccountState {
  readonly address: Address;
  readonly domain: SigningDomain;
  /** Before it is, nobody asked it to do anything yet, and its settings are the defaults. */
  readonly deployed: boolean;
  readonly thresholds: PerRole;
  readonly recoveryDelay: number;
  readonly singleKeyDelay: number;
  readonly overrideDelay: number;
  readonly singleKeyRoles: ReadonlySet<Role>;
  readonly frozen: Frozen;
  /** When a lock lapses. */
  readonly frozenUntil: bigint;
  readonly successor: Address | undefined;
  /** The chain's clock. */
  readonly time: number;
}

/** What an account that is not on the chain yet will begin with (Settings.sol). */
const FIRST_SETTINGS = { recoveryDelay: 7 * 86_400, singleKeyDelay: 7 * 86_400, overrideDelay: 0 };

const noAccount = (address: Address, chainId: number) =>
  new WalletError(
    "no-account",
    `There is no Trivet account at ${address} on chain ${chainId}.`,
    "Check the address and the RPC address. An account that was never used is known to its exit kit only.",
  );

/**
 * Reads an account.
 * @throws WalletError when there is none, or when it is not the one that the kit was made for
 */
export async function readAccount(
  { client, chainId }: Connection,
  address: Address,
  kit?: ExitKit,
): Promise<AccountState> {
  const [code, block] = await Promise.all([client.getCode({ address }), client.getBlock()]);
  const time = Number(block.timestamp);
  if (code === undefined || code === "0x") {
    if (!kit || !sameAddress(kit.account, address)) throw noAccount(address, chainId);
    return {
      address,
      domain: { chainId, implementation: kit.implementation },
      deployed: false,
      thresholds: { device: 1, mfa: 1, recovery: 1 },
      ...FIRST_SETTINGS,
      singleKeyRoles: new Set(),
      frozen: "no",
      frozenUntil: 0n,
      successor: undefined,
      time,
    };
  }
  const implementation = cloneOf(code);
  if (!implementation) throw noAccount(address, chainId);
  if (kit && sameAddress(kit.account, address) && !sameAddress(kit.implementation, implementation)) {
    throw new WalletError(
      "other-implementation",
      "What is at this address is not the account that this kit was made for.",
      "Do not go on. Check the RPC address: a server may answer wrongly.",
    );
  }
  const read = { address, abi: accountAbi } as const;
  const threshold = (role: Role) =>
    client.readContract({ ...read, functionName: "threshold", args: [ROLE_NUMBER[role]] });
  const [device, mfa, recovery, [settings, successor], [frozen, until]] = await Promise.all([
    threshold("device"),
    threshold("mfa"),
    threshold("recovery"),
    client.readContract({ ...read, functionName: "getSettings" }),
    client.readContract({ ...read, functionName: "getFreeze" }),
  ]);
  return {
    address,
    domain: { chainId, implementation },
    deployed: true,
    thresholds: { device: Number(device), mfa: Number(mfa), recovery: Number(recovery) },
    recoveryDelay: settings.recoveryDelay,
    singleKeyDelay: settings.singleKeyDelay,
    overrideDelay: settings.overrideDelay,
    singleKeyRoles: new Set(rolesInMask(settings.singleKeyRoles)),
    frozen: FROZEN[frozen] ?? "archived",
    frozenUntil: until,
    successor: sameAddress(successor, NATIVE_TOKEN) ? undefined : toAddress(successor),
    time,
  };
}

/** The account's next operation's place in its order. */
export async function nextNonce(client: PublicClient, { address, deployed }: AccountState): Promise<bigint> {
  if (!deployed) return 0n;
  return client.readContract({ address, abi: accountAbi, functionName: "getNonce", args: [0n] });
}

/** What the account makes of a key. Times are seconds since 1970. */
export interface KeyState {
  readonly id: KeyId;
  readonly role: Role;
  readonly standing: "active" | "pending" | "asleep" | "expired";
  readonly activeFrom: number;
  /** 0 when it never expires. */
  readonly expires: number;
  readonly vetoProof: boolean;
}

/** What the account knows of a key; undefined when it has no such key. */
export async function readKey(
  client: PublicClient,
  account: AccountState,
  id: KeyId,
  kit?: ExitKit,
): Promise<KeyState | undefined> {
  if (!account.deployed) {
    const role = ROLES.find((candidate) => kit?.firstKeys[candidate].toLowerCase() === id.toLowerCase());
    return role && { id, role, standing: "active", activeFrom: 1, expires: 0, vetoProof: false };
  }
  const [{ role: number, activeFrom, expires, vetoProof }, active] = await client.readContract({
    address: account.address,
    abi: accountAbi,
    functionName: "getKeyDetails",
    args: [id],
  });
  const role = roleFromNumber(number);
  if (!role) return undefined;
  const standing = active
    ? "active"
    : expires !== 0 && expires <= account.time
      ? "expired"
      : activeFrom > account.time
        ? "pending"
        : "asleep";
  return { id, role, standing, activeFrom, expires, vetoProof };
}

/** A key of the account, with what has to be known to sign with it. */
export interface KnownKey extends KeyState {
  readonly key: Key;
}

/**
 * The account's keys that a signer can be: those of the kit, and the one with the salt given, none unless one is.
 * @param signer an address, or verifier and public key (ERC-7913)
 */
export async function keysOfSigner(
  client: PublicClient,
  account: AccountState,
  signer: Hex,
  salt: Hex = NO_SALT,
  kit?: ExitKit,
): Promise<KnownKey[]> {
  const own: Key = signer.length === 42 ? keyOfAddress(signer, salt) : { signer, salt };
  const candidates = [
    own,
    ...(kit?.keys ?? [])
      .map(({ key }) => key)
      .filter((key) => key.signer.toLowerCase() === signer.toLowerCase()),
  ];
  const byId = new Map(candidates.map((key) => [keyId(key), key]));
  const found = await Promise.all(
    [...byId].map(async ([id, key]) => {
      const state = await readKey(client, account, id, kit);
      return state && { ...state, key };
    }),
  );
  return found.filter((key) => key !== undefined);
}

/** Whether an address may withdraw everything to itself. */
export async function isEmergencyAddress(
  client: PublicClient,
  account: AccountState,
  address: Address,
): Promise<boolean> {
  if (!account.deployed) return false;
  return client.readContract({
    address: account.address,
    abi: accountAbi,
    functionName: "isEmergencyAddress",
    args: [address],
  });
}
