/** What people hold. Nobody in a wargame can do anything but with what is listed here, and with what everybody knows. */
import type { PrivateKeyAccount } from "viem/accounts";
import type { PublicKey } from "#core/keys/public-key.ts";
import type { Key } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { SignerKind } from "#core/operations/signatures.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { TestSigner } from "#contracts/testing/world.ts";
import type { SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import type { Forge } from "../world/authenticator.ts";

/** A place where codes arrive, and its address. */
export interface CodeReader {
  readonly address: string;
  readonly newestCode: () => Promise<string>;
}

/** A key of the account that somebody holds outside the key network. */
export interface RoleSigner {
  readonly key: Key;
  readonly kind: SignerKind;
  readonly sign: (digest: Hex) => Promise<Hex> | Hex;
}

/** Whoever has the login at a provider gets through its pages as that person. */
export interface SocialLogin {
  /** Goes through the provider's pages. @returns where the browser ends, with the token */
  readonly visit: (start: URL) => Promise<URL>;
}

/** Exactly what somebody holds; what is left out, they do not have. */
export interface Belongings {
  /** Device keys, unlocked. */
  readonly devices: readonly TestSigner[];
  readonly mailbox?: CodeReader;
  readonly phone?: CodeReader;
  /** Shows the code of a moment; milliseconds since 1970. */
  readonly app?: (moment: number) => string;
  readonly passkey?: SoftPasskey;
  readonly social?: SocialLogin;
  readonly password?: string;
  readonly wallet?: TestSigner;
  readonly keys: Readonly<Record<ReplaceableRole, readonly RoleSigner[]>>;
  readonly emergency?: PrivateKeyAccount;
  /** What the authenticator's operator has. */
  readonly forge?: Forge;
  /** Key nodes that do what they are told, by index. */
  readonly nodes?: readonly number[];
}

/** What everybody may know: nothing of it is a secret. */
export interface Target {
  readonly account: Address;
  /** What the records of the network-held keys hold. */
  readonly record: OpenedRecord;
  /** `sub` at the authenticator. */
  readonly user: string;
  /** The network-held keys. */
  readonly networkKeys: Readonly<Partial<Record<ReplaceableRole, PublicKey>>>;
  /** The first key of each role. */
  readonly firstKeys: Readonly<Record<"device" | ReplaceableRole, Key>>;
  /** Every device key. */
  readonly deviceKeys: readonly Key[];
  /** The relying party of the passkey. */
  readonly passkeyDomain: string;
  /** Where mails go, and SMS. */
  readonly email: string;
  readonly phoneNumber: string;
}
