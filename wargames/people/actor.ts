/**
 * Somebody who acts on an account with exactly what they hold: the owner, or a thief. Whatever they bring about, they
 * bring about on the chain, at the authenticator and at the key nodes; they ask nobody what would be allowed.
 */
import { parseEventLogs } from "viem";
import { accountAbi } from "#contracts/abi.ts";
import type { Wish } from "#contracts/testing/perform.ts";
import { keyId } from "#core/keys/key.ts";
import { type Role, ROLES } from "#core/keys/role.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import { type Operation, zOperation } from "#core/operations/operation.ts";
import type { KeySignature } from "#core/operations/signatures.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import { type Hex, zKeyId, zOperationId } from "#core/primitives/hex.ts";
import { choices } from "#core/security/rules/sufficiency.ts";
import type { WargameWorld } from "../world/world.ts";
import { AccountOnChain, revertName, waits } from "./account-on-chain.ts";
import type { Belongings, Target } from "./belongings.ts";
import { Powers } from "./powers.ts";
import { identityOf, moneyWishes, nameOf, powerWishes } from "./wishes.ts";

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

let lanes = 1n;

export class Actor {
  readonly #world: WargameWorld;
  readonly #target: Target;
  readonly #account: AccountOnChain;
  readonly #powers: Powers;
  readonly #refusals: Map<string, string>;
  readonly steps: string[] = [];

  private constructor(
    world: WargameWorld,
    target: Target,
    account: AccountOnChain,
    powers: Powers,
    refusals: Map<string, string>,
  ) {
    this.#world = world;
    this.#target = target;
    this.#account = account;
    this.#powers = powers;
    this.#refusals = refusals;
  }

  /** Somebody with these belongings, who has proven at the authenticator whatever they can. */
  static async create(world: WargameWorld, target: Target, holds: Belongings): Promise<Actor> {
    const account = new AccountOnChain(world, target);
    const refusals = new Map<string, string>();
    const refused = (what: string, why: string) => void refusals.set(what, why);
    const powers = await Powers.create({ world, target, holds, account, refused });
    return new Actor(world, target, account, powers, refusals);
  }

  /** Hangs up on the key network. */
  leave(): Promise<void> {
    return this.#powers.leave();
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
    const before = await this.#account.balance(to);
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
    const gotFunds = (await this.#account.balance(to)) > before;
    return { gotFunds, afterSeconds: gotFunds ? waited : null, steps: this.steps };
  }

  /** Takes everything if that goes at once. */
  async takeAtOnce(to: Address): Promise<boolean> {
    const before = await this.#account.balance(to);
    await this.#takeNow(to, new Map());
    return (await this.#account.balance(to)) > before;
  }

  /** Everything that takes effect at once, until nothing does. @returns whether the money came */
  async #takeNow(to: Address, proposals: Map<string, Proposal>): Promise<boolean> {
    const before = await this.#account.balance(to);
    const done = new Set<string>();
    for (;;) {
      const seen = await this.#account.see();
      await this.#emergencyWithdrawal(to);
      for (const wish of seen.funds > 0n ? moneyWishes(seen, to) : []) {
        if ((await this.#account.balance(to)) === before) await this.#want(wish, proposals);
      }
      if ((await this.#account.balance(to)) > before) return true;
      const { gains } = this.#powers;
      for (const wish of powerWishes(this.#powers.own.named, seen, to)) {
        const name = identityOf(wish);
        if (done.has(name)) continue;
        if ((await this.#want(wish, proposals)) === "now") {
          done.add(name);
          await this.#powers.gain(wish);
          break;
        }
      }
      if (this.#powers.gains === gains) return false;
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
    const sign = this.#powers.signaturesFor(wish, operation);
    const later: Proposal[] = [];
    const { testClient } = this.#world.contracts.chain;
    for (const roles of ROLE_SETS) {
      const byRole: (readonly KeySignature[])[] = [];
      for (const role of roles) byRole.push(await sign(role));
      if (byRole.some((signatures) => signatures.length === 0)) continue;
      const call = encodeOperation(operation, byRole.flat());
      const refused = await this.#account.refusalOf(call);
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
    return together === (keyId(wish.key) === keyId(this.#powers.own.otherDevice.key));
  }

  /** Asks for something that waits. */
  async #propose({ wish, operation, roles, call }: Proposal): Promise<Waiting | undefined> {
    const refused = await this.#account.refusalOf(call);
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
      const refused = await this.#account.refusalOf(call);
      if (refused !== undefined) {
        this.#refusals.set(`${nameOf(wish)} after its delay`, refused);
        return;
      }
      await this.#world.contracts.send(operation.account, call);
      this.steps.push(`${nameOf(wish)} after its delay`);
    }
    await this.#powers.gain(wish);
  }

  /** Withdraws with the emergency addresses one holds; they send their own transactions. */
  async #emergencyWithdrawal(to: Address): Promise<void> {
    const { chain } = this.#world.contracts;
    for (const account of this.#powers.emergencies) {
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

  #operationOf(wish: Wish): Operation {
    // Each on a lane of its own, so that nothing one signed is made void by what one sends.
    return zOperation.parse({ ...wish, account: this.#target.account, nonce: makeNonce((lanes += 1n), 0n) });
  }
}
