import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { newSalt, newSigner, type TestSigner } from "#contracts/testing/world.ts";
import { type Key, keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Own } from "./wishes.ts";

const forBothRoles = () => ({ mfa: newSigner(newSalt()), recovery: newSigner(newSalt()) });

/** The keys that somebody makes for themselves, to be put in the place of the owner's or beside them. */
export class OwnKeys {
  readonly device = newSigner();
  /** For what mfa and recovery keys add together: the account takes a key once. */
  readonly otherDevice = newSigner();
  readonly emergency = privateKeyToAccount(generatePrivateKey());
  readonly #replacement = forBothRoles();
  readonly #further = forBothRoles();

  /** What is asked for with them. */
  get named(): Own {
    return {
      device: this.device.key,
      otherDevice: this.otherDevice.key,
      replacement: { mfa: this.#replacement.mfa.key, recovery: this.#replacement.recovery.key },
      further: { mfa: this.#further.mfa.key, recovery: this.#further.recovery.key },
      emergency: toAddress(this.emergency.address),
    };
  }

  deviceOf(key: Key): TestSigner | undefined {
    return [this.device, this.otherDevice].find((signer) => keyId(signer.key) === keyId(key));
  }

  /** Of the keys for the other two roles. */
  signerOf(key: Key): TestSigner | undefined {
    return REPLACEABLE_ROLES.flatMap((role) => [this.#replacement[role], this.#further[role]]).find(
      (signer) => keyId(signer.key) === keyId(key),
    );
  }
}
