/** Plays a scenario against the complete system, and compares with what the explorer says. */
import { isDeepStrictEqual } from "node:util";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type Account, parseAccount, thingsOf } from "#core/security/explorer/account.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Course, Row } from "./course.ts";
import { Actor, type Outcome, type WhileWaiting } from "./people/actor.ts";
import type { Belongings } from "./people/belongings.ts";
import { FUNDS, Household } from "./people/household.ts";
import { unlock } from "./people/profile.ts";
import { predict, type Sides } from "./predict.ts";
import type { Scenario } from "./scenario.ts";
import type { WargameWorld } from "./world/world.ts";

const newAddress = (): Address => toAddress(privateKeyToAccount(generatePrivateKey()).address);

/** One account for each description; and one that nobody is after. */
export class Village {
  readonly #world: WargameWorld;
  readonly #households = new Map<string, Household>();
  readonly #bystander: Household;

  private constructor(world: WargameWorld, bystander: Household) {
    this.#world = world;
    this.#bystander = bystander;
  }

  static async found(world: WargameWorld): Promise<Village> {
    return new Village(world, await Household.create(world, parseAccount({})));
  }

  async householdOf(account: Account): Promise<Household> {
    const name = JSON.stringify(account);
    const home = this.#households.get(name) ?? (await Household.create(this.#world, account));
    this.#households.set(name, home);
    return home;
  }

  /** Whether the account that nobody is after is as it was. */
  async isBystanderUntouched(): Promise<boolean> {
    return (await this.#bystander.funds(this.#world)) === FUNDS;
  }

  async dissolve(): Promise<void> {
    for (const home of [this.#bystander, ...this.#households.values()]) await home.discard();
  }
}

function sidesOf(account: Account, { thief = [], lost = [], hostile, gone }: Scenario): Sides {
  const owner = thingsOf(account).filter((thing) => !lost.includes(thing));
  return { thief, owner, hostile, gone };
}

/** One game at one household; every attempt begins from the same moment. */
class Game {
  readonly #world: WargameWorld;
  readonly #home: Household;
  readonly #scenario: Scenario;
  readonly #sides: Sides;
  readonly how: string[] = [];

  constructor(world: WargameWorld, home: Household, scenario: Scenario, sides: Sides) {
    this.#world = world;
    this.#home = home;
    this.#scenario = scenario;
    this.#sides = sides;
  }

  async run(): Promise<Course> {
    const attacked = await this.#fromHere(() => this.#attackUnopposed());
    const { gotFunds: attackerGotFunds, afterSeconds } = attacked;
    const nothingLeft = { ownerCouldStop: false, ownerCanExit: false, blocked: false };
    if (attackerGotFunds && afterSeconds === 0) return { attackerGotFunds, afterSeconds, ...nothingLeft };
    const stopped = attackerGotFunds ? await this.#fromHere(() => this.#attackWatched()) : true;
    if (!stopped) return { attackerGotFunds, afterSeconds, ...nothingLeft };
    const exit = await this.#fromHere(() => this.#exit(undefined));
    this.how.push(
      exit.gotFunds
        ? `the owner gets out${exit.afterSeconds ? ` after ${days(exit.afterSeconds)}` : ""}: ${exit.steps.join(", ")}`
        : `the owner does not get out (${exit.steps.join(", ")})`,
    );
    const mightBlock = exit.gotFunds && exit.afterSeconds !== 0 && this.#sides.thief.length > 0;
    const blocked = mightBlock && !(await this.#fromHere(() => this.#exitUnderVeto()));
    if (blocked) this.how.push("an attacker who vetoes keeps the owner out");
    return {
      attackerGotFunds,
      afterSeconds,
      ownerCouldStop: true,
      ownerCanExit: exit.gotFunds,
      blocked,
    };
  }

  /** Plays from how things are now, and puts everything back. */
  async #fromHere<T>(play: () => Promise<T>): Promise<T> {
    const moment = await this.#world.keep();
    const { network } = this.#world;
    for (const index of this.#hostileNodes()) await network.setFault(index, "no-gate");
    const { disturb } = this.#scenario;
    const restore = disturb && (await disturb(this.#world, this.#home, await this.#loot()));
    try {
      return await play();
    } finally {
      await restore?.();
      for (const index of this.#hostileNodes()) await network.setFault(index, "none");
      await this.#world.takeBack(moment);
    }
  }

  async #attackUnopposed(): Promise<Outcome> {
    const { attack } = this.#scenario;
    const to = newAddress();
    if (attack) {
      const { target } = this.#home;
      const outcome = await attack({ world: this.#world, target, holds: await this.#loot(), to }, this.#home);
      this.how.push(...outcome.steps);
      return outcome;
    }
    if (this.#sides.thief.length === 0 && !this.#sides.hostile && !this.#scenario.nodes) {
      return { gotFunds: false, afterSeconds: null, steps: [] };
    }
    const thief = await this.#thief();
    const outcome = await thief.takeAll(to);
    this.how.push(
      outcome.gotFunds ? `the attacker: ${outcome.steps.join(", ")}` : `refused: ${thief.codes().join(", ")}`,
    );
    await thief.leave();
    return outcome;
  }

  /** The same attack, while the owner watches. @returns whether the attacker went without */
  async #attackWatched(): Promise<boolean> {
    const [thief, owner] = [await this.#thief(), await this.#owner()];
    const haven = newAddress();
    let how = "the owner could not stop it";
    const watch: WhileWaiting = async (waiting) => {
      const vetoed = await owner.veto(waiting);
      if (vetoed > 0) how = `the owner vetoed ${vetoed} of ${waiting.length}`;
      if (vetoed < waiting.length && (await owner.takeAtOnce(haven))) how = "the owner got out first";
    };
    const { gotFunds } = await thief.takeAll(newAddress(), watch);
    this.how.push(how);
    await Promise.all([thief.leave(), owner.leave()]);
    return !gotFunds;
  }

  /** The owner takes everything to safety. */
  async #exit(veto: WhileWaiting | undefined): Promise<Outcome> {
    const owner = await this.#owner();
    const outcome = await owner.takeAll(newAddress(), veto);
    if (!outcome.gotFunds) this.how.push(`the owner was refused: ${owner.codes().join(", ")}`);
    await owner.leave();
    return outcome;
  }

  /** The same, while the attacker vetoes whatever waits. */
  async #exitUnderVeto(): Promise<boolean> {
    const thief = await this.#thief();
    const { gotFunds } = await this.#exit(async (waiting) => {
      await thief.veto(waiting);
    });
    await thief.leave();
    return gotFunds;
  }

  async #thief(): Promise<Actor> {
    return Actor.create(this.#world, this.#home.target, await this.#loot());
  }

  /** Exactly what the scenario gives the attacker. */
  async #loot(): Promise<Belongings> {
    const { hostile } = this.#scenario;
    const holds = this.#home.belongings(new Set(this.#sides.thief));
    const nodes = this.#hostileNodes();
    return {
      ...holds,
      ...(hostile === "authenticator" && { forge: await this.#world.authenticator.forge() }),
      ...(nodes.length > 0 && { nodes }),
    };
  }

  #hostileNodes(): readonly number[] {
    const { hostile, nodes = hostile === "key network" ? 3 : 0 } = this.#scenario;
    return [1, 2, 3, 4].slice(0, nodes);
  }

  /** Exactly what is left to the owner. A device key has to be unlocked: by the authenticator, or by a code on paper. */
  async #owner(): Promise<Actor> {
    const holds = this.#home.belongings(new Set(this.#sides.owner));
    const { target } = this.#home;
    const { gone, voids } = this.#scenario;
    const { unlockCode } = this.#home.account;
    if (gone !== "authenticator" && !voids?.includes("D") && !unlockCode)
      return Actor.create(this.#world, target, holds);
    const has = { keyStore: true, mailbox: !unlockCode, unlockCode };
    const opened = await unlock(this.#world, this.#home.profile(has));
    const devices = "device" in opened ? [opened.device] : [];
    return Actor.create(this.#world, target, { ...holds, devices });
  }
}

const days = (seconds: number): string => `${seconds / 86_400} days`;

/** What a design promises and a game did not keep. */
function brokenPromises({ promises, ownerExits = true }: Scenario, course: Course): string[] {
  const broken: string[] = [];
  if (promises === "safe" && course.attackerGotFunds) broken.push("the attacker should never get the money");
  if (promises !== "none" && course.attackerGotFunds && !course.ownerCouldStop) {
    broken.push("the owner should be able to stop it");
  }
  if (ownerExits !== course.ownerCanExit) {
    broken.push(`the owner should ${ownerExits ? "" : "not "}get out`);
  }
  return broken;
}

/** Plays a scenario at its household, and puts everything back as it was. */
export async function play(world: WargameWorld, village: Village, scenario: Scenario): Promise<Row> {
  const account = parseAccount(scenario.account);
  const home = await village.householdOf(account);
  const sides = sidesOf(account, scenario);
  const game = new Game(world, home, scenario, sides);
  const course = await game.run();
  const { voids = [] } = scenario;
  const owner = sides.owner.filter((thing) => !voids.includes(thing));
  const explorer = predict(account, { ...sides, owner });
  const agrees = isDeepStrictEqual(course, explorer);
  const broken = brokenPromises(scenario, course);
  if (!(await village.isBystanderUntouched())) broken.push("another account was touched");
  const { blocked, ...rest } = course;
  return {
    scenario: scenario.name,
    source: scenario.source,
    ...rest,
    explorerAgrees: agrees,
    configuration: describe(account, scenario),
    blocked,
    how: [...game.how, ...(scenario.note ? [scenario.note] : [])],
    ...(!agrees && { explorerSays: explorer }),
    broken,
  };
}

/** An account in a few words, and who has what. */
function describe(account: Account, scenario: Scenario): string {
  const { thief = [], lost = [], voids = [], hostile, gone, nodes } = scenario;
  const held = (name: "mfa" | "recovery") => {
    const holder = account[name];
    switch (holder.holder) {
      case "network":
        return [];
      case "friends":
        return [`${name}: ${holder.threshold} of ${holder.names.length} friends`];
      case "safe":
        return [`${name}: Safe ${holder.threshold} of ${holder.owners.length}`];
      default:
        return [`${name}: ${holder.name}`];
    }
  };
  const { recoveryDelayDays, singleKeyRoles, overrideDelayDays } = account.settings;
  const parts = [
    `level ${account.methods.length}${account.methods.length > 0 ? ` (${account.methods.join(", ")})` : ""}`,
    ...(account.credentials === "social-login" ? [] : [`credentials: ${account.credentials}`]),
    ...(account.devices > 1 ? [`${account.devices} devices`] : []),
    ...held("mfa"),
    ...held("recovery"),
    ...(account.emergencyAddress === undefined ? [] : ["emergency address"]),
    ...(account.unlockCode ? ["unlock code on paper"] : []),
    ...(recoveryDelayDays === 7 ? [] : [`recovery after ${recoveryDelayDays} days`]),
    ...(singleKeyRoles.length > 0 ? [`${singleKeyRoles.join(", ")} alone`] : []),
    ...(overrideDelayDays > 0 ? [`override after ${overrideDelayDays} days`] : []),
    ...(account.frozen === "no" ? [] : [account.frozen]),
    ...(thief.length > 0 ? [`attacker has ${thief.join(", ")}`] : []),
    ...(lost.length > 0 ? [`owner lost ${lost.join(", ")}`] : []),
    ...(voids.length > 0 ? [`owner cannot use ${voids.join(", ")}`] : []),
    ...(nodes === undefined ? [] : [`${nodes} of 4 nodes hostile`]),
    ...(hostile && nodes === undefined ? [`${hostile} hostile`] : []),
    ...(gone ? [`${gone} gone`] : []),
  ];
  return parts.join("; ");
}
