import type { Wish } from "#contracts/testing/perform.ts";
import type { TestSigner } from "#contracts/testing/world.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { type Operation, operationToJson } from "#core/operations/operation.ts";
import { gateRequestTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { toAddress } from "#core/primitives/address.ts";
import { type Digest, NO_SALT } from "#core/primitives/hex.ts";
import { FACTOR_TYPES, type FactorType } from "#core/security/factors.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { sessionClaims } from "#devnet/testing/token-issuer.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import type { WargameWorld } from "../world/world.ts";
import type { Belongings, Target } from "./belongings.ts";
import { type Answer, GateCaller } from "./gate-caller.ts";
import { errorCode, proveEverything, walletProof } from "./proving.ts";
import { nameOf } from "./wishes.ts";

/** Told what somebody tried, and by what it was refused. */
export type OnRefused = (what: string, why: string) => void;

/** What is to be signed, and what for. */
export interface Asked {
  readonly wish: Wish;
  readonly operation: Operation;
  readonly digest: Digest;
}

/** Wishes that every gate is asked for; the rest only where it signed one of them. */
const PROBES = new Set(["withdraw", "addKey device", "replaceKey mfa", "unfreeze", "cancel", "rejectKey"]);

/** What the network's silence is called. */
const NO_NETWORK = "network-failed";

const ALL_NODES = [1, 2, 3, 4];
/** So many nodes sign together. */
const ENOUGH_NODES = 3;

/** Somebody who asks the key network, with what they could prove at the authenticator. */
export class NetworkSigner {
  readonly #world: WargameWorld;
  readonly #target: Target;
  readonly #holds: Belongings;
  /** A device key of one's own, for who has none of the account's. */
  readonly #stranger: TestSigner;
  /** What the gate refused, by role and kind, and how much somebody had gained by then. */
  readonly #said = new Map<string, { gains: number; refused: string }>();
  readonly #callers = new Map<string, GateCaller>();
  #session: AuthenticatorSession | undefined;
  /** Whether the network did not sign though no gate refused: asking again takes long and changes nothing. */
  #failed = false;
  /** Whether the nodes themselves have been asked. */
  #askedNodes = false;

  private constructor(world: WargameWorld, target: Target, holds: Belongings, stranger: TestSigner) {
    this.#world = world;
    this.#target = target;
    this.#holds = holds;
    this.#stranger = stranger;
  }

  /** Proves whatever somebody can; and, without a device key, names the one that is to be added. */
  static async create(
    world: WargameWorld,
    target: Target,
    holds: Belongings,
    stranger: TestSigner,
    refused: OnRefused,
  ): Promise<NetworkSigner> {
    const signer = new NetworkSigner(world, target, holds, stranger);
    if (!holds.forge) await signer.#prove(refused);
    return signer;
  }

  async #prove(refused: OnRefused): Promise<void> {
    const client = this.#world.authenticator.client();
    this.#session = await proveEverything(client, this.#holds, this.#target, (what, why) => {
      refused(`authenticator, ${what}`, why);
    });
    if (!this.#session || this.#holds.devices.length > 0) return;
    try {
      this.#session = await walletProof(this.#stranger)(client, this.#session);
    } catch (error) {
      refused("authenticator, naming a new device", errorCode(error));
    }
  }

  /** Hangs up. */
  async leave(): Promise<void> {
    for (const caller of this.#callers.values()) await caller.close();
    this.#callers.clear();
  }

  /**
   * Has the network sign with the key of a role, unless it said no to the same before, while nothing changed since.
   * @param device the device key that asks, if somebody has one of the account's
   * @param gains how much somebody has gained so far
   */
  async sign(
    role: ReplaceableRole,
    asked: Asked,
    device: TestSigner | undefined,
    gains: number,
  ): Promise<Answer> {
    const what = `${role} ${nameOf(asked.wish)}`;
    const before = this.#said.get(what);
    if (before?.gains === gains) return before;
    const refusedAll = [...this.#said].some(([key, said]) => key.startsWith(role) && said.gains === gains);
    if (!PROBES.has(nameOf(asked.wish)) && refusedAll) return { refused: "not-asked-again" };
    if (this.#failed) return { refused: NO_NETWORK };
    // Connecting fails, too, where nobody answers.
    const answer = await this.#ask(role, asked, device ?? this.#stranger).catch(() => ({
      refused: NO_NETWORK,
    }));
    this.#failed = "refused" in answer && answer.refused === NO_NETWORK;
    if ("refused" in answer) this.#said.set(what, { gains, refused: answer.refused });
    return answer;
  }

  async #ask(role: ReplaceableRole, { operation, digest }: Asked, device: TestSigner): Promise<Answer> {
    const publicKey = this.#target.networkKeys[role];
    if (!publicKey) return { refused: "no-key" };
    const { gate } = this.#world;
    const { nodes, wallet } = this.#holds;
    if (nodes) {
      const exclude = ALL_NODES.filter((index) => !nodes.includes(index));
      const caller = await this.#caller(this.#stranger);
      return caller.conspire(gate.code, digest, publicKey, nodes.length >= ENOUGH_NODES ? exclude : []);
    }
    const jwt = await this.#jwt(device);
    if (jwt === undefined) return { refused: "no-session" };
    const hash = typedDataDigest(gateRequestTypedData(this.#world.contracts.domain, digest, jwtHash(jwt)));
    const request = {
      action: "sign-operation",
      role,
      publicKey,
      salt: NO_SALT,
      jwt,
      deviceKey: device.key,
      deviceSignature: await device.account.sign({ hash }),
      ...(wallet && { walletSignature: await wallet.account.sign({ hash }) }),
      opened: this.#target.record,
      operation: operationToJson(operation),
      form: "compact",
    } as const;
    // All nodes run the same bytes over the same chain: one refusal tells what the others would say. The first is
    // heard from all of them.
    const refused = await this.#world.refusalOfGate(request, toAddress(device.account.address));
    if (refused !== undefined && this.#askedNodes) return { refused };
    this.#askedNodes = true;
    return (await this.#caller(device)).ask(gate.code, request);
  }

  async #caller(device: TestSigner): Promise<GateCaller> {
    const address = device.account.address;
    const caller = this.#callers.get(address) ?? (await GateCaller.connect(this.#world, device));
    this.#callers.set(address, caller);
    return caller;
  }

  /** A session JWT as young as can be; a forged one where somebody can forge. */
  async #jwt(device: TestSigner): Promise<string | undefined> {
    const { forge } = this.#holds;
    if (forge) return forge(this.#forgedClaims(device));
    if (!this.#session) return undefined;
    this.#session = await this.#world.authenticator.client().refreshSession(this.#session);
    return this.#session.jwt;
  }

  /** Everything the authenticator could say for the account's person: all its factors, and the forger's device. */
  #forgedClaims(device: TestSigner): Record<string, unknown> {
    const { record, user } = this.#target;
    const idOf = (type: FactorType) =>
      record.factors.find((factor) => factor.type === type)?.id ?? `none-${type}`;
    const known = FACTOR_TYPES.filter((type) => record.factors.some((factor) => factor.type === type));
    return sessionClaims(
      {
        sub: user,
        ids: {
          email: idOf("email"),
          sms: idOf("sms"),
          totp: idOf("totp"),
          passkey: idOf("passkey"),
          password: idOf("password"),
          oauth: idOf("oauth"),
        },
      },
      {
        proven: Object.fromEntries(known.map((type) => [type, 0])),
        wallets: { [device.account.address]: 0 },
      },
    );
  }
}
