import {
  newOwner,
  type Owner,
  newSalt,
  newSigner,
  type TestSigner,
  type World,
} from "#contracts/testing/world.ts";
import { type ExitKit, zExitKit } from "#core/exit-kit/exit-kit.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { keyId } from "#core/keys/key.ts";
import { type Role, ROLES } from "#core/keys/role.ts";
import { NO_SALT } from "#core/primitives/hex.ts";

export { newOwner, newSalt, newSigner, type Owner, type TestSigner };

/** What the app puts into the kit of an owner's account; keys that came later are added. */
export function kitOf(
  { contracts, domain }: World,
  owner: Owner,
  later: readonly (readonly [Role, TestSigner])[] = [],
): ExitKit {
  const { factory, implementation, tusd, webAuthnVerifier } = contracts;
  const firstKeys = {
    device: keyId(owner.device.key),
    mfa: keyId(owner.mfa.key),
    recovery: keyId(owner.recovery.key),
    salt: NO_SALT,
  };
  const keys = [...ROLES.map((role) => [role, owner[role]] as const), ...later];
  return zExitKit.parse({
    version: 1,
    createdAt: 1_795_269_780_000,
    chain: { id: domain.chainId, name: "Test chain", nativeSymbol: "ETH" },
    account: accountAddress(factory, implementation, firstKeys),
    implementation,
    factory,
    webAuthnVerifier,
    firstKeys,
    keys: keys.map(([role, { key }]) => ({ role, key, holder: "A test" })),
    tokens: [{ address: tusd, symbol: "TUSD", decimals: 6 }],
  });
}
