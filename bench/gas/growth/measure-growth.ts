import { encodeFunctionData, erc20Abi } from "viem";
import { gasSigner, GAS_START } from "#contracts/gas.ts";
import { perform, type Signing, type Wish } from "#contracts/testing/perform.ts";
import { type Owner, type TestSigner, World } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import type { Chart } from "./chart.ts";
import type { Point } from "./least-squares.ts";

const TOKENS = 25_000_000n;
const owner: Owner = { device: gasSigner("device"), mfa: gasSigner("mfa"), recovery: gasSigner("recovery") };
const both = [owner.device, owner.mfa];
const RECIPIENT = toAddress("0x00000000219ab540356cBB839Cbe05303d7705Fa");

/** How many there are of what grows, for each picture. */
export interface Counts {
  readonly keys: readonly number[];
  readonly friends: readonly number[];
  readonly scheduled: readonly number[];
  readonly batch: readonly number[];
  readonly limits: readonly number[];
}

/** What the committed pictures are drawn from. */
export const COUNTS: Counts = {
  keys: [3, 6, 12, 24, 48],
  friends: [1, 2, 4, 8, 12, 16],
  scheduled: [0, 5, 10, 20, 40],
  batch: [1, 2, 5, 10, 20, 40],
  limits: [1, 5, 10, 20, 40],
};

/** A picture, and the file it is for. */
export interface GrowthChart extends Chart {
  readonly file: string;
}

/** An account that has been used, and what its owner does with it. */
class Subject {
  readonly #world: World;
  readonly #account: Address;

  private constructor(world: World, account: Address) {
    this.#world = world;
    this.#account = account;
  }

  /** An account of its own for each series, told apart by its salt. */
  static async create(world: World, salt: number): Promise<Subject> {
    const account = await world.createAccount(owner, zHex.parse(`0x${salt.toString(16).padStart(64, "0")}`));
    await world.mint(account, 1_000_000_000_000n);
    await world.mint(RECIPIENT, 1n);
    const subject = new Subject(world, account);
    await subject.do(subject.send(), both);
    return subject;
  }

  send = (amount = TOKENS): Wish => {
    return { kind: "withdraw", token: this.#world.contracts.tusd, to: RECIPIENT, amount };
  };

  async do(wish: Wish, signings: readonly Signing[]): Promise<number> {
    return Number((await perform(this.#world, this.#account, wish, signings)).gasUsed);
  }
}

const add = (role: "device" | "mfa" | "recovery", { key }: TestSigner): Wish => {
  return { kind: "addKey", role, key, expires: 0 };
};

async function growKeys(subject: Subject, counts: readonly number[]): Promise<GrowthChart> {
  const [sending, adding]: [Point[], Point[]] = [[], []];
  let keys = 3;
  for (const count of counts) {
    for (; keys < count; keys++) await subject.do(add("mfa", gasSigner(`mfa ${keys}`)), both);
    sending.push({ count, gas: await subject.do(subject.send(), both) });
    adding.push({ count, gas: await subject.do(add("mfa", gasSigner(`mfa ${keys++}`)), both) });
  }
  return {
    file: "gas-keys.svg",
    title: "Keys of the account",
    grows: "keys the account has",
    series: [
      { label: "send tokens, two signatures", points: sending },
      { label: "add a key, two signatures", points: adding },
    ],
  };
}

async function growFriends(subject: Subject, counts: readonly number[]): Promise<GrowthChart> {
  const friends = [owner.recovery];
  const points: Point[] = [];
  for (const count of counts) {
    for (let next = friends.length; next < count; next++) {
      const friend = gasSigner(`friend ${next}`);
      await subject.do(add("recovery", friend), both);
      friends.push(friend);
    }
    await subject.do({ kind: "setThreshold", role: "recovery", threshold: count }, both);
    const newDevice = gasSigner(`device ${count}`);
    points.push({ count, gas: await subject.do(add("device", newDevice), friends.slice(0, count)) });
    await subject.do({ kind: "rejectKey", key: keyId(newDevice.key) }, [owner.device]);
  }
  return {
    file: "gas-friends.svg",
    title: "Friends who have to sign a recovery",
    grows: "recovery keys of the threshold, all of which sign",
    series: [{ label: "start a recovery", points }],
  };
}

async function growScheduled(subject: Subject, counts: readonly number[]): Promise<GrowthChart> {
  const [sending, scheduling]: [Point[], Point[]] = [[], []];
  await subject.do(
    { kind: "setRules", singleKeyRoles: 2, pendingKeysMayCall: false, tripwireCount: 255, tripwireWindow: 0 },
    both,
  );
  let scheduled = 0;
  for (const count of counts) {
    for (; scheduled < count; scheduled++) await subject.do(subject.send(), [owner.device]);
    sending.push({ count, gas: await subject.do(subject.send(), both) });
    scheduling.push({ count, gas: await subject.do(subject.send(), [owner.device]) });
    scheduled++;
  }
  return {
    file: "gas-scheduled.svg",
    title: "Operations that wait for their time",
    grows: "operations that wait",
    series: [
      { label: "send tokens, two signatures", points: sending },
      { label: "schedule one more", points: scheduling },
    ],
  };
}

async function growBatch(world: World, subject: Subject, counts: readonly number[]): Promise<GrowthChart> {
  const call = (index: number) => {
    const to = toAddress(gasSigner(`recipient ${index}`).account.address);
    const args = [to, TOKENS] as const;
    const data: Hex = zHex.parse(encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args }));
    return { to, call: { target: world.contracts.tusd, value: 0n, data } };
  };
  const all = Array.from({ length: Math.max(...counts) }, (_, index) => call(index));
  for (const { to } of all) await world.mint(to, 1n);
  const points: Point[] = [];
  for (const count of counts) {
    const calls = all.slice(0, count).map((one) => one.call);
    points.push({ count, gas: await subject.do({ kind: "execute", calls }, both) });
  }
  return {
    file: "gas-batch.svg",
    title: "Token transfers in one batch",
    grows: "transfers, each to somebody else",
    series: [{ label: "the batch, two signatures", points }],
  };
}

async function growLimits(world: World, subject: Subject, counts: readonly number[]): Promise<GrowthChart> {
  const [spending, setting]: [Point[], Point[]] = [[], []];
  const setLimit = (token: Address): Wish => {
    return { kind: "setLimit", key: keyId(owner.device.key), token, limit: 10n ** 18n };
  };
  const token = (index: number) => toAddress(gasSigner(`token ${index}`).account.address);
  await subject.do(setLimit(world.contracts.tusd), both);
  await subject.do(subject.send(), [owner.device]);
  let limits = 1;
  for (const count of counts) {
    for (; limits < count; limits++) await subject.do(setLimit(token(limits)), both);
    spending.push({ count, gas: await subject.do(subject.send(), [owner.device]) });
    setting.push({ count, gas: await subject.do(setLimit(token(limits++)), both) });
  }
  return {
    file: "gas-limits.svg",
    title: "Daily limits of a key",
    grows: "tokens that the key has a limit for",
    series: [
      { label: "spend within a limit, one signature", points: spending },
      { label: "set one more limit, two signatures", points: setting },
    ],
  };
}

/** Measures how the cost of using an account grows, each kind of growth on an account of its own. */
export async function measureGrowth(counts: Counts): Promise<GrowthChart[]> {
  const world = await World.start();
  try {
    await world.chain.testClient.setNextBlockTimestamp({ timestamp: GAS_START });
    let salt = 1;
    const subject = async () => await Subject.create(world, salt++);
    return [
      await growKeys(await subject(), counts.keys),
      await growFriends(await subject(), counts.friends),
      await growScheduled(await subject(), counts.scheduled),
      await growBatch(world, await subject(), counts.batch),
      await growLimits(world, await subject(), counts.limits),
    ];
  } finally {
    await world.stop();
  }
}
