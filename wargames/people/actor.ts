/**
 * Somebody who acts on an account with exactly what they hold: the owner, or a thief. Whatever they bring about, they
 * bring about on the chain, at the authenticator and at the key nodes; they ask nobody what would be allowed.
 */
import { BaseError, decodeErrorResult, parseEther, parseEventLogs, type TransactionReceipt } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { accountAbi } from "#contracts/abi.ts";
import type { Wish } from "#contracts/testing/perform.ts";
import { newSalt, newSigner, type TestSigner } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLE_NUMBER, type ReplaceableRole, type Role, ROLES } from "#core/keys/role.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import { type Operation, operationToJson, zOperation } from "#core/operations/operation.ts";
import type { KeySignature } from "#core/operations/signatures.ts";
import { gateRequestTypedData, operationDigest, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Digest, type Hex, NO_SALT, zHex, zKeyId, zOperationId } from "#core/primitives/hex.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { choices } from "#core/security/rules/sufficiency.ts";
import { FACTOR_TYPES, type FactorType } from "#core/security/factors.ts";
import { sessionClaims } from "#devnet/testing/token-issuer.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import type { WargameWorld } from "../world/world.ts";
import type { Belongings, RoleSigner, Target } from "./belongings.ts";
import { type Answer, GateCaller } from "./gate-caller.ts";
import { errorCode, proveEverything, walletProof } from "./proving.ts";
import { identityOf, moneyWishes, nameOf, type Own, powerWishes, type Seen } from "./wishes.ts";

/** What came of a wish: it took effect, it would after a delay, or nobody did it. */
export type Result = "now" | "later" | "refused";

/** Something that waits on the chain for its time. */
export interface Waiting {
  readonly wish: Wish;
  readonly operation: Operation;
  /** Seconds from when it was asked for. */
  readonly delay: number;
  /** Unix seconds of the chain. */
  readonly readyAt: number;
  /** What a veto names: an operation that is scheduled, or a key that is pending. */
  readonly scheduled?: Hex;
  readonly pendingKey?: Hex;
}

/** What an actor achieved. */
export interface Outcome {
  readonly gotFunds: boolean;
  /** Seconds of delays that were waited for; null without funds. */
  readonly afterSeconds: number | null;
  /** The steps that led there, or how far somebody came. */
  readonly steps: readonly string[];
}

/** Others get the word while somebody waits. */
export type WhileWaiting = (waiting: readonly Waiting[]) => Promise<void>;

/** What would wait, signed and ready to be sent. */
interface Proposal {
  readonly wish: Wish;
  readonly operation: Operation;
  readonly roles: readonly Role[];
  readonly call: Hex;
}

/** Every choice of roles; those with the device first, because nobody is asked who is not needed. */
const ROLE_SETS = choices(ROLES)
  .filter((roles) => roles.length > 0)
  .sort((a, b) => Number(b.includes("device")) - Number(a.includes("device")));
/** Wishes that every gate is asked for; the rest only where it signed one of them. */
const PROBES = new Set(["withdraw", "addKey device", "replaceKey mfa", "unfreeze", "cancel", "rejectKey"]);

/** What the network's silence is called. */
const NO_NETWORK = "network-failed";

const hasData = (error: unknown) => error instanceof Error && "data" in error;

/** Why a contract refuses a call. */
function revertName(error: unknown): string {
  const cause = error instanceof BaseError ? error.walk(hasData) : undefined;
  const revert = z.object({ data: zHex }).safeParse(cause);
  if (!revert.success) return errorCode(error);
  try {
    return decodeErrorResult({ abi: accountAbi, data: revert.data.data }).errorName;
  } catch {
    return revert.data.data;
  }
}

/** Whether what was done only waits. */
const waits = ({ logs }: TransactionReceipt): boolean =>
  parseEventLogs({ abi: accountAbi, logs, eventName: ["OperationScheduled", "KeyPendingUntil"] }).length > 0;

async function signedBy({ key, kind, sign }: RoleSigner, digest: Digest): Promise<KeySignature> {
  return { key, signer: kind, form: "compact", signature: await sign(digest) };
}

let lanes = 1n;

export class Actor {
  readonly #world: WargameWorld;
  readonly #target: Target;
  readonly #holds: Belongings;
  readonly #own: {
    device: TestSigner;
    otherDevice: TestSigner;
    keys: Map<string, TestSigner>;
    emergency: PrivateKeyAccount;
  };
  readonly #devices: TestSigner[];
  readonly #keys: Record<ReplaceableRole, RoleSigner[]>;
  readonly #emergencies: PrivateKeyAccount[];
  readonly #refusals = new Map<string, string>();
  /** What a network-held key signs of: by role and kind, what the gate said with so much power. */
  readonly #gateSaid = new Map<string, { power: number; refused: string }>();
  readonly #networkReplaced = new Set<ReplaceableRole>();
  readonly #callers = new Map<string, GateCaller>();
  #session: AuthenticatorSession | undefined;
  #power = 0;
  /** Whether the network did not sign though no gate refused: asking again takes long and changes nothing. */
  #networkFailed = false;
  /** Whether the nodes themselves have been asked. */
  #askedNodes = false;
  readonly steps: string[] = [];

  private constructor(world: WargameWorld, target: Target, holds: Belongings) {
    this.#world = world;
    this.#target = target;
    this.#holds = holds;
    this.#devices = [...holds.devices];
    this.#keys = { mfa: [...holds.keys.mfa], recovery: [...holds.keys.recovery] };
    this.#emergencies = holds.emergency ? [holds.emergency] : [];
    this.#own = {
      device: newSigner(),
      otherDevice: newSigner(),
      keys: new Map(),
      emergency: privateKeyToAccount(generatePrivateKey()),
    };
  }

  /** Somebody with these belongings, who has proven at the authenticator whatever they can. */
  static async create(world: WargameWorld, target: Target, holds: Belongings): Promise<Actor> {
    const actor = new Actor(world, target, holds);
    await actor.#prove();
    return actor;
  }

  /** Hangs up on the key network. */
  async leave(): Promise<void> {
    for (const caller of this.#callers.values()) await caller.close();
    this.#callers.clear();
  }

  /** By what each attempt was refused, each refusal once. */
  refusals(): string[] {
    return [...new Set([...this.#refusals].map(([what, why]) => `${what}: ${why}`))];
  }

  why(wish: Wish): string {
    return [...this.#refusals]
      .filter(([what]) => what.includes(wish.kind))
      .map(([, why]) => why)
      .join(", ");
  }

  /** The refusals by code, without what was tried. */
  codes(): string[] {
    return [...new Set(this.#refusals.values())].sort();
  }

  /** Has the account do something, if it takes effect at once for whoever of these can sign. */
  async attempt(wish: Wish): Promise<Result> {
    return (await this.#tryNow(wish)).result;
  }

  /** Vetoes what it can of what waits. @returns how many of them */
  async veto(waiting: readonly Waiting[]): Promise<number> {
    let vetoed = 0;
    for (const { scheduled, pendingKey } of waiting) {
      const wish: Wish | undefined = scheduled
        ? { kind: "cancel", operation: zOperationId.parse(scheduled) }
        : pendingKey && { kind: "rejectKey", key: zKeyId.parse(pendingKey) };
      if (wish && (await this.attempt(wish)) === "now") vetoed += 1;
    }
    return vetoed;
  }

  /** Takes everything, by every way there is, the quickest first. */
  async takeAll(to: Address, whileWaiting: WhileWaiting = () => Promise.resolve()): Promise<Outcome> {
    const before = await this.#balance(to);
    const proposals = new Map<string, Proposal>();
    const proposed = new Set<string>();
    let waiting: Waiting[] = [];
    let waited = 0;
    for (;;) {
      if (await this.#takeNow(to, proposals)) break;
      for (const [name, proposal] of proposals) {
        // Once each: somebody who vetoes it once does so again.
        if (proposed.has(name) || !this.#isMeantFor(proposal)) continue;
        proposed.add(name);
        const entry = await this.#propose(proposal);
        if (entry) waiting.push(entry);
      }
      proposals.clear();
      if (waiting.length === 0) break;
      await whileWaiting(waiting);
      const [next, ...rest] = waiting.sort((a, b) => a.readyAt - b.readyAt);
      if (!next) break;
      waiting = rest;
      const now = await this.#world.time();
      if (next.readyAt > now) {
        waited += next.delay;
        await this.#world.waitUntil(next.readyAt);
        // What else waits has waited as long.
        waiting = waiting.map((one) => ({ ...one, delay: Math.max(0, one.delay - next.delay) }));
      }
      await this.#reap(next);
    }
    const gotFunds = (await this.#balance(to)) > before;
    return { gotFunds, afterSeconds: gotFunds ? waited : null, steps: this.steps };
  }

  /** Takes everything if that goes at once. */
  async takeAtOnce(to: Address): Promise<boolean> {
    const before = await this.#balance(to);
    await this.#takeNow(to, new Map());
    return (await this.#balance(to)) > before;
  }

  /** Everything that takes effect at once, until nothing does. @returns whether the money came */
  async #takeNow(to: Address, proposals: Map<string, Proposal>): Promise<boolean> {
    const before = await this.#balance(to);
    const done = new Set<string>();
    for (;;) {
      const seen = await this.#see();
      await this.#emergencyWithdrawal(to);
      for (const wish of seen.funds > 0n ? moneyWishes(seen, to) : []) {
        if ((await this.#balance(to)) === before) await this.#want(wish, proposals);
      }
      if ((await this.#balance(to)) > before) return true;
      const power = this.#power;
      for (const wish of powerWishes(this.#ownKeys(), seen, to)) {
        const name = identityOf(wish);
        if (done.has(name)) continue;
        if ((await this.#want(wish, proposals)) === "now") {
          done.add(name);
          await this.#gain(wish);
          break;
        }
      }
      if (this.#power === power) return false;
    }
  }

  /** Tries a wish, and remembers what of it would wait. */
  async #want(wish: Wish, proposals: Map<string, Proposal>): Promise<Result> {
    const { result, later } = await this.#tryNow(wish);
    for (const proposal of later) proposals.set(`${identityOf(wish)} ${proposal.roles.join("+")}`, proposal);
    return result;
  }

  /**
   * Tries every choice of roles whose keys can sign, until one takes effect. What would wait is taken back and handed
   * over.
   */
  async #tryNow(wish: Wish): Promise<{ result: Result; later: Proposal[] }> {
    const operation = this.#operationOf(wish);
    const sign = this.#signaturesFor(wish, operation);
    const later: Proposal[] = [];
    const { testClient } = this.#world.contracts.chain;
    for (const roles of ROLE_SETS) {
      const byRole: (readonly KeySignature[])[] = [];
      for (const role of roles) byRole.push(await sign(role));
      if (byRole.some((signatures) => signatures.length === 0)) continue;
      const call = encodeOperation(operation, byRole.flat());
      const refused = await this.#refusalOf(call);
      if (refused !== undefined) {
        this.#refusals.set(`${nameOf(wish)} by ${roles.join("+")}`, refused);
        continue;
      }
      const id = await testClient.snapshot();
      const receipt = await this.#world.contracts.send(operation.account, call);
      if (!waits(receipt)) {
        this.steps.push(`${nameOf(wish)} by ${roles.join("+")}`);
        return { result: "now", later: [] };
      }
      await testClient.revert({ id });
      later.push({ wish, operation, roles, call });
    }
    return { result: later.length > 0 ? "later" : "refused", later };
  }

  /** Of two device keys of one's own, one is for what mfa and recovery keys add together: the account takes a key once. */
  #isMeantFor({ wish, roles }: Proposal): boolean {
    if (wish.kind !== "addKey" || wish.role !== "device") return true;
    const together = roles.length === 2 && !roles.includes("device");
    return together === (keyId(wish.key) === keyId(this.#own.otherDevice.key));
  }

  /** Asks for something that waits. */
  async #propose({ wish, operation, roles, call }: Proposal): Promise<Waiting | undefined> {
    const refused = await this.#refusalOf(call);
    if (refused !== undefined) {
      this.#refusals.set(`${nameOf(wish)} by ${roles.join("+")}, later`, refused);
      return undefined;
    }
    const receipt = await this.#world.contracts.send(operation.account, call);
    const { timestamp } = await this.#world.contracts.chain.publicClient.getBlock({
      blockNumber: receipt.blockNumber,
    });
    const since = Number(timestamp);
    this.steps.push(`${nameOf(wish)} by ${roles.join("+")}, which waits`);
    for (const { eventName, args } of parseEventLogs({ abi: accountAbi, logs: receipt.logs })) {
      if (eventName === "OperationScheduled") {
        const readyAt = Number(args.executableAt);
        return { wish, operation, readyAt, delay: readyAt - since, scheduled: args.operation };
      }
      if (eventName === "KeyPendingUntil") {
        const readyAt = Number(args.activeFrom);
        return { wish, operation, readyAt, delay: readyAt - since, pendingKey: args.keyId };
      }
    }
    throw new Error(`${nameOf(wish)} neither happened nor waits`);
  }

  /** Gets what has waited, if nobody stopped it. */
  async #reap({ wish, operation, scheduled }: Waiting): Promise<void> {
    if (scheduled !== undefined) {
      const call = encodeOperation(operation, []);
      const refused = await this.#refusalOf(call);
      if (refused !== undefined) {
        this.#refusals.set(`${nameOf(wish)} after its delay`, refused);
        return;
      }
      await this.#world.contracts.send(operation.account, call);
      this.steps.push(`${nameOf(wish)} after its delay`);
    }
    await this.#gain(wish);
  }

  /** Counts in what a wish that came true gives. */
  async #gain(wish: Wish): Promise<void> {
    this.#power += 1;
    if (wish.kind === "addKey" && wish.role === "device") {
      const signer = [this.#own.device, this.#own.otherDevice].find(
        ({ key }) => keyId(key) === keyId(wish.key),
      );
      if (signer && (await this.#isActive(signer)) && !this.#devices.includes(signer))
        this.#devices.push(signer);
      else if (signer) this.#refusals.set(`${nameOf(wish)} after its delay`, "not-active");
      return;
    }
    if (wish.kind === "replaceKey" || (wish.kind === "addKey" && wish.role !== "device")) {
      const role = wish.role === "device" ? "mfa" : wish.role;
      const key = wish.kind === "replaceKey" ? wish.newKey : wish.key;
      const signer = this.#own.keys.get(keyId(key));
      if (!signer) return;
      if (wish.kind === "replaceKey") {
        this.#networkReplaced.add(role);
        this.#keys[role] = this.#keys[role].filter((held) => keyId(held.key) !== keyId(wish.oldKey));
      }
      this.#keys[role].push({ key, kind: "plain", sign: (hash) => signer.account.sign({ hash }) });
      return;
    }
    if (wish.kind === "setEmergencyAddress") {
      await this.#world.contracts.send(toAddress(this.#own.emergency.address), "0x", parseEther("1"));
      this.#emergencies.push(this.#own.emergency);
    }
  }

  async #isActive({ key }: TestSigner): Promise<boolean> {
    const [role, activeFrom] = await this.#world.contracts.chain.publicClient.readContract({
      address: this.#target.account,
      abi: accountAbi,
      functionName: "getKey",
      args: [keyId(key)],
    });
    return role === ROLE_NUMBER.device && activeFrom <= (await this.#world.time());
  }

  /** Withdraws with the emergency addresses one holds; they send their own transactions. */
  async #emergencyWithdrawal(to: Address): Promise<void> {
    const { chain } = this.#world.contracts;
    for (const account of this.#emergencies) {
      const amount = await chain.publicClient.getBalance({ address: this.#target.account });
      if (amount === 0n) return;
      const call = {
        abi: accountAbi,
        functionName: "emergencyWithdraw",
        args: [NATIVE_TOKEN, amount],
      } as const;
      try {
        const { request } = await chain.publicClient.simulateContract({
          ...call,
          account,
          address: this.#target.account,
        });
        await chain.publicClient.waitForTransactionReceipt({
          hash: await chain.walletClient.writeContract(request),
        });
        // What arrived goes on to where everything is gathered.
        const hash = await chain.walletClient.sendTransaction({ account, to, value: amount });
        await chain.publicClient.waitForTransactionReceipt({ hash });
        this.steps.push("withdraw by the emergency address");
      } catch (error) {
        this.#refusals.set("emergency withdrawal", revertName(error));
      }
    }
  }

  // ---- signatures

  /** Signs an operation with the keys of a role, as far as somebody can; each role is asked once. */
  #signaturesFor(wish: Wish, operation: Operation): (role: Role) => Promise<readonly KeySignature[]> {
    const digest = operationDigest(operation, "compact", this.#world.contracts.domain);
    const signed = new Map<Role, Promise<readonly KeySignature[]>>();
    const sign = async (role: Role) => {
      if (role !== "device") return this.#roleSignatures(role, wish, operation, digest);
      const [device] = this.#devices;
      return device ? [await this.#world.contracts.sign(operation, device)] : [];
    };
    return (role) => {
      const asked = signed.get(role) ?? sign(role);
      signed.set(role, asked);
      return asked;
    };
  }

  async #roleSignatures(
    role: ReplaceableRole,
    wish: Wish,
    operation: Operation,
    digest: Digest,
  ): Promise<KeySignature[]> {
    const held = await Promise.all(this.#keys[role].map((signer) => signedBy(signer, digest)));
    const publicKey = this.#target.networkKeys[role];
    if (held.length > 0 || !publicKey || this.#networkReplaced.has(role)) return held;
    const answer = await this.#askNetwork(role, wish, operation, digest);
    if ("refused" in answer) {
      this.#refusals.set(`${nameOf(wish)}, ${role} key in the network`, answer.refused);
      return [];
    }
    return [
      { key: this.#target.firstKeys[role], signer: "plain", form: "compact", signature: answer.signature },
    ];
  }

  /** Has the network sign, unless it said no to the same before, while nothing changed since. */
  async #askNetwork(
    role: ReplaceableRole,
    wish: Wish,
    operation: Operation,
    digest: Digest,
  ): Promise<Answer> {
    const what = `${role} ${nameOf(wish)}`;
    const before = this.#gateSaid.get(what);
    if (before?.power === this.#power) return before;
    const refusedAll = [...this.#gateSaid].some(
      ([key, said]) => key.startsWith(role) && said.power === this.#power,
    );
    if (!PROBES.has(nameOf(wish)) && refusedAll) return { refused: "not-asked-again" };
    if (this.#networkFailed) return { refused: NO_NETWORK };
    // Connecting fails, too, where nobody answers.
    const answer = await this.#ask(role, operation, digest).catch(() => ({ refused: NO_NETWORK }));
    this.#networkFailed = "refused" in answer && answer.refused === NO_NETWORK;
    if ("refused" in answer) this.#gateSaid.set(what, { power: this.#power, refused: answer.refused });
    return answer;
  }

  async #ask(role: ReplaceableRole, operation: Operation, digest: Digest): Promise<Answer> {
    const publicKey = this.#target.networkKeys[role];
    if (!publicKey) return { refused: "no-key" };
    const { gate } = this.#world;
    const { nodes } = this.#holds;
    if (nodes) {
      const exclude = [1, 2, 3, 4].filter((index) => !nodes.includes(index));
      const caller = await this.#caller(this.#own.device);
      return caller.conspire(gate.code, digest, publicKey, nodes.length >= 3 ? exclude : []);
    }
    const jwt = await this.#jwt();
    if (jwt === undefined) return { refused: "no-session" };
    const device = this.#devices[0] ?? this.#own.device;
    const hash = typedDataDigest(gateRequestTypedData(this.#world.contracts.domain, digest, jwtHash(jwt)));
    const { wallet } = this.#holds;
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

  // ---- the authenticator

  /** Proves everything once; and, without a device key, names the one that is to be added. */
  async #prove(): Promise<void> {
    if (this.#holds.forge) return;
    const client = this.#world.authenticator.client();
    this.#session = await proveEverything(client, this.#holds, this.#target, (what, why) => {
      this.#refusals.set(`authenticator, ${what}`, why);
    });
    if (!this.#session || this.#devices.length > 0) return;
    try {
      this.#session = await walletProof(this.#own.device)(client, this.#session);
    } catch (error) {
      this.#refusals.set("authenticator, naming a new device", errorCode(error));
    }
  }

  /** A session JWT as young as can be; a forged one where somebody can forge. */
  async #jwt(): Promise<string | undefined> {
    const { forge } = this.#holds;
    if (forge) return forge(this.#forgedClaims());
    if (!this.#session) return undefined;
    this.#session = await this.#world.authenticator.client().refreshSession(this.#session);
    return this.#session.jwt;
  }

  /** Everything the authenticator could say for the account's person: all its factors, and the forger's device. */
  #forgedClaims(): Record<string, unknown> {
    const { record, user } = this.#target;
    const idOf = (type: FactorType) =>
      record.factors.find((factor) => factor.type === type)?.id ?? `none-${type}`;
    const device = this.#devices[0] ?? this.#own.device;
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

  // ---- the chain

  #operationOf(wish: Wish): Operation {
    // Each on a lane of its own, so that nothing one signed is made void by what one sends.
    return zOperation.parse({ ...wish, account: this.#target.account, nonce: makeNonce((lanes += 1n), 0n) });
  }

  /** The keys that one makes for oneself; the same for the same purpose. */
  #ownKeys(): Own {
    const made = (role: ReplaceableRole, purpose: string) => {
      const known = [...this.#own.keys].find(([id]) => id === `${role} ${purpose}`);
      const signer = known?.[1] ?? newSigner(newSalt());
      this.#own.keys.set(`${role} ${purpose}`, signer);
      this.#own.keys.set(keyId(signer.key), signer);
      return signer.key;
    };
    return {
      device: this.#own.device.key,
      otherDevice: this.#own.otherDevice.key,
      replacement: { mfa: made("mfa", "replacement"), recovery: made("recovery", "replacement") },
      further: { mfa: made("mfa", "further"), recovery: made("recovery", "further") },
      emergency: toAddress(this.#own.emergency.address),
    };
  }

  async #see(): Promise<Seen> {
    const { firstKeys, deviceKeys, account } = this.#target;
    const { publicClient } = this.#world.contracts.chain;
    const here = { address: account, abi: accountAbi } as const;
    const [[frozen], mfa, recovery, funds] = await Promise.all([
      publicClient.readContract({ ...here, functionName: "getFreeze" }),
      publicClient.readContract({ ...here, functionName: "threshold", args: [ROLE_NUMBER.mfa] }),
      publicClient.readContract({ ...here, functionName: "threshold", args: [ROLE_NUMBER.recovery] }),
      publicClient.getBalance({ address: account }),
    ]);
    const thresholds = { mfa: Number(mfa), recovery: Number(recovery) };
    return { funds, firstKeys, deviceKeys, thresholds, frozen: frozen !== 0 };
  }

  #balance(address: Address): Promise<bigint> {
    return this.#world.contracts.chain.publicClient.getBalance({ address });
  }

  async #refusalOf(data: Hex): Promise<string | undefined> {
    const { publicClient, walletClient } = this.#world.contracts.chain;
    try {
      await publicClient.call({
        account: walletClient.account,
        to: this.#target.account,
        data,
        gas: 2_000_000n,
      });
      return undefined;
    } catch (error) {
      return revertName(error);
    }
  }
}
