import { parseEther } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import type { Wish } from "#contracts/testing/perform.ts";
import type { TestSigner } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import type { ReplaceableRole, Role } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { KeySignature } from "#core/operations/signatures.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import type { WargameWorld } from "../world/world.ts";
import type { AccountOnChain } from "./account-on-chain.ts";
import type { Belongings, RoleSigner, Target } from "./belongings.ts";
import { type Asked, NetworkSigner, type OnRefused } from "./network-signer.ts";
import { OwnKeys } from "./own-keys.ts";
import { nameOf } from "./wishes.ts";

async function signedBy({ key, kind, sign }: RoleSigner, digest: Digest): Promise<KeySignature> {
  return { key, signer: kind, form: "compact", signature: await sign(digest) };
}

/** What somebody can sign with: what they brought, what the key network signs for them, and what they gained. */
export class Powers {
  readonly own: OwnKeys;
  readonly #world: WargameWorld;
  readonly #target: Target;
  readonly #account: AccountOnChain;
  readonly #network: NetworkSigner;
  readonly #refused: OnRefused;
  readonly #devices: TestSigner[];
  readonly #keys: Record<ReplaceableRole, RoleSigner[]>;
  readonly #emergencies: PrivateKeyAccount[];
  readonly #networkReplaced = new Set<ReplaceableRole>();
  #gains = 0;

  private constructor(
    { world, target, holds, account, refused }: PowersOptions,
    own: OwnKeys,
    network: NetworkSigner,
  ) {
    this.#world = world;
    this.#target = target;
    this.#account = account;
    this.#refused = refused;
    this.own = own;
    this.#network = network;
    this.#devices = [...holds.devices];
    this.#keys = { mfa: [...holds.keys.mfa], recovery: [...holds.keys.recovery] };
    this.#emergencies = holds.emergency ? [holds.emergency] : [];
  }

  static async create(options: PowersOptions): Promise<Powers> {
    const { world, target, holds, refused } = options;
    const own = new OwnKeys();
    return new Powers(options, own, await NetworkSigner.create(world, target, holds, own.device, refused));
  }

  /** How often something was gained. */
  get gains(): number {
    return this.#gains;
  }

  /** The emergency addresses that somebody has the keys of. */
  get emergencies(): readonly PrivateKeyAccount[] {
    return this.#emergencies;
  }

  /** Hangs up on the key network. */
  leave(): Promise<void> {
    return this.#network.leave();
  }

  /** Signs an operation with the keys of a role, as far as somebody can; each role is asked once. */
  signaturesFor(wish: Wish, operation: Operation): (role: Role) => Promise<readonly KeySignature[]> {
    const digest = operationDigest(operation, "compact", this.#world.contracts.domain);
    const signed = new Map<Role, Promise<readonly KeySignature[]>>();
    const sign = async (role: Role) => {
      if (role !== "device") return this.#roleSignatures(role, { wish, operation, digest });
      const [device] = this.#devices;
      return device ? [await this.#world.contracts.sign(operation, device)] : [];
    };
    return (role) => {
      const asked = signed.get(role) ?? sign(role);
      signed.set(role, asked);
      return asked;
    };
  }

  async #roleSignatures(role: ReplaceableRole, asked: Asked): Promise<KeySignature[]> {
    const held = await Promise.all(this.#keys[role].map((signer) => signedBy(signer, asked.digest)));
    if (held.length > 0 || !this.#target.networkKeys[role] || this.#networkReplaced.has(role)) return held;
    const answer = await this.#network.sign(role, asked, this.#devices[0], this.#gains);
    if ("refused" in answer) {
      this.#refused(`${nameOf(asked.wish)}, ${role} key in the network`, answer.refused);
      return [];
    }
    return [
      { key: this.#target.firstKeys[role], signer: "plain", form: "compact", signature: answer.signature },
    ];
  }

  /** Counts in what a wish that came true gives. */
  async gain(wish: Wish): Promise<void> {
    this.#gains += 1;
    switch (wish.kind) {
      case "addKey":
        if (wish.role === "device") await this.#gainDevice(wish);
        else this.#hold(wish.role, wish.key);
        return;
      case "replaceKey":
        this.#networkReplaced.add(wish.role);
        this.#keys[wish.role] = this.#keys[wish.role].filter(
          (held) => keyId(held.key) !== keyId(wish.oldKey),
        );
        this.#hold(wish.role, wish.newKey);
        return;
      case "setEmergencyAddress": {
        const { emergency } = this.own;
        await this.#world.contracts.send(toAddress(emergency.address), "0x", parseEther("1"));
        this.#emergencies.push(emergency);
        return;
      }
      default:
        // Nothing to sign with.
        return;
    }
  }

  async #gainDevice(wish: Extract<Wish, { kind: "addKey" }>): Promise<void> {
    const signer = this.own.deviceOf(wish.key);
    if (!signer || this.#devices.includes(signer)) return;
    if (await this.#account.isActiveDevice(wish.key)) this.#devices.push(signer);
    else this.#refused(`${nameOf(wish)} after its delay`, "not-active");
  }

  /** A key of one's own counts for a role now. */
  #hold(role: ReplaceableRole, key: RoleSigner["key"]): void {
    const signer = this.own.signerOf(key);
    if (signer) this.#keys[role].push({ key, kind: "plain", sign: (hash) => signer.account.sign({ hash }) });
  }
}

interface PowersOptions {
  readonly world: WargameWorld;
  readonly target: Target;
  readonly holds: Belongings;
  readonly account: AccountOnChain;
  readonly refused: OnRefused;
}
