import { Secret, TOTP } from "otpauth";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { RecordFactor } from "#core/security/opened-record.ts";
import type { FactorChangeView, FactorWish } from "#core/wallet-api/factors.ts";
import { SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import { CrashPoint } from "../testing/crash.ts";
import { World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});
afterEach(() => {
  world.cents = undefined;
});

type App = Awaited<ReturnType<World["startFactors"]>>;

let numbers = 0;
const newNumber = () => `+4179000${String((numbers += 1)).padStart(4, "0")}`;

const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.authenticator.time() });

/** What the person has at hand: it answers whatever a change asks for, until that comes to rest. */
class Person {
  readonly directory: string;
  secret = "";
  recoveryCodes: string[] = [];
  number = newNumber();
  newEmail = "";
  /** Whether the phone with app and number is there. */
  hasPhone = true;
  /** The wallet that they sign with, and how often they chose to. */
  wallet: Address | undefined;
  signed = 0;

  constructor(directory: string) {
    this.directory = directory;
  }

  async finish(app: App, change: FactorChangeView): Promise<FactorChangeView> {
    const { rest } = app;
    let seen = await rest(change);
    for (let round = 0; round < 20; round += 1) {
      const { needs, status } = seen;
      if (!needs || status !== "waiting") return seen;
      seen = await rest(await this.#answer(app, seen, needs));
    }
    throw new Error(`it goes on for ever: ${JSON.stringify(seen)}`);
  }

  async #answer(app: App, { id, type }: FactorChangeView, needs: NonNullable<FactorChangeView["needs"]>) {
    const { factors, proofs } = app;
    switch (needs.kind) {
      case "set-up":
        return this.#setUp(app, id, type);
      case "recovery-codes":
        // Whatever was on the screen before, they are to be had until they are kept.
        this.recoveryCodes = (await factors.recoveryCodes(id)).codes;
        return factors.keptCodes(id);
      case "confirm":
        throw new Error("the confirm window approves by itself");
      case "proof": {
        const { ways, factors: known } = needs.need;
        if (needs.of === "gate" && this.wallet && ways.some((one) => one.includes("W"))) {
          this.signed += 1;
          return factors.continue(id, this.wallet);
        }
        const can = (proof: string) => (this.hasPhone || (proof !== "A" && proof !== "S")) && proof !== "W";
        // The app is what the person has at hand without asking anybody.
        const way =
          ways.findLast((one) => one.every(can) && one.includes("A")) ?? ways.find((one) => one.every(can));
        if (!way) {
          const [code] = this.recoveryCodes.splice(0, 1);
          if (needs.of !== "authenticator" || code === undefined) throw new Error("no way");
          return factors.useRecoveryCode(id, code);
        }
        for (const proof of way) {
          const factor = known.find((one) => one.proof === proof && one.available);
          if (!factor) throw new Error(`no factor for ${proof}`);
          if (proof === "E") {
            await proofs.sendCode({ kind: "email", id: factor.id });
            await proofs.give({ kind: "email", code: await this.#newestMail(app, factor.id) });
          } else if (proof === "S") {
            await proofs.sendCode({ kind: "sms", id: factor.id });
            await proofs.give({ kind: "sms", code: await world.authenticator.smsFor(this.number) });
          } else if (proof === "A") {
            world.authenticator.advance(30);
            await proofs.give({ kind: "totp", code: codeOf(this.secret) });
          } else throw new Error(`cannot prove ${proof}`);
        }
        return factors.continue(id);
      }
    }
  }

  /** Reads the mailbox of one of the addresses: during a change there are two. */
  async #newestMail({ vault }: App, id: string): Promise<string> {
    const { factors } = await vault.call("knownFactors", undefined);
    return world.authenticator.codeFor(factors.find((factor) => factor.id === id)?.name ?? "");
  }

  async #setUp({ factors }: App, id: string, type: FactorChangeView["type"]): Promise<FactorChangeView> {
    if (type === "totp") {
      const { secret } = await factors.beginApp(id);
      this.secret = secret;
      const { change, recoveryCodes } = await factors.verifyCode(id, codeOf(secret));
      this.recoveryCodes = recoveryCodes;
      return change;
    }
    const address = type === "sms" ? this.number : this.newEmail;
    await factors.sendCode(id, address);
    const code =
      type === "sms" ? await world.authenticator.smsFor(address) : await world.authenticator.codeFor(address);
    return (await factors.verifyCode(id, code)).change;
  }
}

async function newPerson() {
  const { directory } = await world.createAccount();
  return { person: new Person(directory), directory };
}

const only = async (app: App, type: RecordFactor["type"]): Promise<RecordFactor> => {
  const { factors } = await app.factors.state();
  const found = factors.find((one) => one.type === type);
  if (!found) throw new Error(`no ${type}`);
  return { type, id: found.id };
};

/** What the authenticator and both records hold, by type. */
async function everywhere(app: App) {
  const state = await app.factors.state();
  const of = (is: (row: (typeof state.factors)[number]) => boolean) =>
    state.factors
      .filter(is)
      .map(({ type }) => type)
      .sort();
  return {
    authenticator: of(({ atAuthenticator }) => atAuthenticator === true),
    mfa: of(({ inRecordOf }) => inRecordOf.includes("mfa")),
    recovery: of(({ inRecordOf }) => inRecordOf.includes("recovery")),
    differences: state.differences.map(({ kind, factor }) => `${kind} ${factor.type}`),
  };
}

const same = (...types: string[]) => ({ authenticator: types, mfa: types, recovery: types, differences: [] });

async function add(app: App, person: Person, type: FactorWish["type"]): Promise<FactorChangeView> {
  const done = await person.finish(app, await app.factors.start({ kind: "add", type }));
  expect(done).toMatchObject({ status: "done" });
  return done;
}

describe("a factor", () => {
  test("is added at the authenticator and in both records, and both are approved by one decision", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    expect(await everywhere(app)).toEqual(same("email"));
    const approvals = world.approvals;
    const done = await add(app, person, "totp");
    expect(done.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "prove done",
      "set-up done",
      "keep-codes done",
      "mfa done",
      "recovery done",
    ]);
    expect(world.approvals).toBe(approvals + 1);
    expect(person.recoveryCodes).toHaveLength(10);
    expect(await everywhere(app)).toEqual(same("email", "totp"));
    const [row] = (await app.factors.state()).factors.filter(({ type }) => type === "totp");
    expect(row?.since).toBe(world.authenticator.time());
  });

  test("of a second kind asks for a proof of the first, as the authenticator does", async () => {
    const { person, directory } = await newPerson();
    await add(await world.startFactors(directory), person, "totp");
    const app = await world.startFactors(directory);
    const asked = await app.rest(await app.factors.start({ kind: "add", type: "sms" }));
    expect(asked.needs).toMatchObject({ kind: "proof", of: "authenticator", need: { ways: [["A"]] } });
    expect(await person.finish(app, asked)).toMatchObject({ status: "done" });
    expect(await everywhere(app)).toEqual(same("email", "sms", "totp"));
  });

  test("that was removed opens nothing, and is gone from the authenticator last", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    await add(app, person, "sms");
    const old = await only(app, "sms");
    const removed = await person.finish(app, await app.factors.start({ kind: "remove", type: "sms", old }));
    expect(removed.steps.map(({ id }) => id)).toEqual(["prove", "mfa", "recovery", "tidy-up"]);
    expect(await everywhere(app)).toEqual(same("email", "totp"));
  });

  test("is changed: the email address, which unlocks the wallet from then on", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    person.newEmail = `new-${world.emailOf(directory)}`;
    const old = await only(app, "email");
    // With the mailbox alone the authenticator would never let go of the old address.
    await expect(
      person.finish(app, await app.factors.start({ kind: "change", type: "email", old })),
    ).resolves.toMatchObject({ steps: [{ error: { code: "factors-of-one-kind" } }, {}, {}, {}, {}] });
    await app.factors.drop(app.factors.current()?.id ?? "");
    await add(app, person, "totp");
    const changed = await person.finish(app, await app.factors.start({ kind: "change", type: "email", old }));
    expect(changed.status).toBe("done");
    expect(await everywhere(app)).toEqual(same("email", "totp"));
    expect((await app.get()).email).toBe(person.newEmail);
    expect((await app.factors.state()).factors[0]?.name).toBe(person.newEmail);
  });

  test("is replaced: a lost authenticator app, by a recovery code and the mailbox", async () => {
    const { person, directory } = await newPerson();
    await add(await world.startFactors(directory), person, "totp");
    const app = await world.startFactors(directory);
    const old = await only(app, "totp");
    person.hasPhone = false;
    const codes = person.recoveryCodes;
    const replaced = await person.finish(app, await app.factors.start({ kind: "change", type: "totp", old }));
    expect(replaced.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "prove done",
      "release done",
      "set-up done",
      "keep-codes done",
      "mfa done",
      "recovery done",
    ]);
    expect(await everywhere(app)).toEqual(same("email", "totp"));
    expect((await only(app, "totp")).id).not.toBe(old.id);
    expect(person.recoveryCodes).not.toEqual(codes);
  });

  test("is added in the browser: a passkey", async () => {
    const { directory } = await newPerson();
    const inBrowser = async (url: string) => {
      const page = await (await fetch(url)).text();
      const { options } = JSON.parse(
        /<script type="application\/json" id="asked">(.*?)<\/script>/.exec(page)?.[1] ?? "{}",
      ) as { options: string };
      const credential = new SoftPasskey(new URL(url).origin).create(options);
      await fetch(`${url}/answer`, {
        method: "POST",
        headers: { origin: new URL(url).origin },
        body: JSON.stringify({ credential }),
      });
    };
    const app = await world.startFactors(directory, undefined, inBrowser);
    const waiting = await app.rest(await app.factors.start({ kind: "add", type: "passkey" }));
    const done = await app.rest(await app.factors.passkey(waiting.id, "Laptop"));
    expect(done).toMatchObject({ status: "done", name: "Laptop" });
    expect(await everywhere(app)).toEqual(same("email", "passkey"));
  });

  test("is added in the browser: a social login, whose token only this wallet can redeem", async () => {
    const { directory } = await newPerson();
    const inBrowser = async (url: string) => {
      const at = async (place: string | URL, init: RequestInit = {}) => {
        const { headers } = await fetch(place, { redirect: "manual", ...init });
        return new URL(headers.get("location") ?? "", url);
      };
      const provider = await at(url);
      const body = new URLSearchParams({
        state: provider.searchParams.get("state") ?? "",
        decision: "continue",
        email: world.emailOf(directory),
      });
      const { origin, pathname } = provider;
      await fetch(await at(await at(`${origin}${pathname}`, { method: "POST", headers: { origin }, body })));
    };
    const app = await world.startFactors(directory, undefined, inBrowser);
    const waiting = await app.rest(await app.factors.start({ kind: "add", type: "oauth" }));
    expect(await app.rest(await app.factors.login(waiting.id, "google"))).toMatchObject({ status: "done" });
    expect(await everywhere(app)).toEqual(same("email", "oauth"));
  });

  test("is added without the authenticator: a wallet, which signs for both records", async () => {
    const { directory } = await newPerson();
    const app = await world.startFactors(directory);
    const { key } = await world.ledgerHolder();
    const waiting = await app.rest(await app.factors.start({ kind: "add", type: "wallet" }));
    const done = await app.rest(await app.factors.wallet(waiting.id, toAddress(key.signer)));
    expect(done).toMatchObject({ status: "done" });
    expect(await everywhere(app)).toEqual({
      authenticator: ["email"],
      mfa: ["email", "wallet"],
      recovery: ["email", "wallet"],
      differences: [],
    });
  });

  test("is changed by the signature of a wallet that the records name already", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    const adding = await app.rest(await app.factors.start({ kind: "add", type: "wallet" }));
    await app.rest(await app.factors.wallet(adding.id, world.ledgerAddress));
    person.wallet = world.ledgerAddress;
    await add(app, person, "totp");
    // With the app gone, mailbox and wallet have to suffice; the authenticator takes a recovery code for the app.
    person.hasPhone = false;
    const old = await only(app, "totp");
    world.authenticator.advance(700);
    const replaced = await person.finish(app, await app.factors.start({ kind: "change", type: "totp", old }));
    expect(replaced.status).toBe("done");
    expect(await everywhere(app)).toEqual({
      authenticator: ["email", "totp"],
      mfa: ["email", "totp", "wallet"],
      recovery: ["email", "totp", "wallet"],
      differences: [],
    });
    expect((await only(app, "totp")).id).not.toBe(old.id);
    expect(person.signed).toBe(1);
  });

  test("is proven in another way by who cannot sign with the wallet after all", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    const adding = await app.rest(await app.factors.start({ kind: "add", type: "wallet" }));
    await app.rest(await app.factors.wallet(adding.id, world.ledgerAddress));
    world.authenticator.advance(700);
    const sms = await app.rest(await app.factors.start({ kind: "add", type: "sms" }));
    expect(sms.needs).toMatchObject({ kind: "proof", of: "gate" });
    const setUp = await app.rest(app.factors.continue(sms.id, world.ledgerAddress));
    expect(setUp.needs).toEqual({ kind: "set-up" });
    await app.factors.sendCode(sms.id, person.number);
    world.ledger.lock();
    const { change } = await app.factors.verifyCode(sms.id, await world.authenticator.smsFor(person.number));
    const failed = await app.rest(change);
    world.ledger.unlock();
    expect(failed.steps.find(({ id }) => id === "mfa")).toMatchObject({ status: "failed" });
    const asked = await app.rest(app.factors.continue(sms.id));
    expect(asked.needs).toMatchObject({ kind: "proof", of: "gate" });
    expect((await app.rest(app.factors.continue(sms.id, world.ledgerAddress))).status).toBe("done");
  });

  test("that no key asks for, a password, is set at the authenticator and is in no record", async () => {
    const { directory } = await newPerson();
    const app = await world.startFactors(directory);
    const waiting = await app.rest(await app.factors.start({ kind: "add", type: "password" }));
    const weak = app.factors.password(waiting.id, "password");
    await expect(weak).rejects.toMatchObject({ code: "password-weak" });
    const done = await app.rest(await app.factors.password(waiting.id, "otter gravel lantern dusk"));
    expect(done.steps.map(({ id }) => id)).toEqual(["prove", "set-up"]);
    expect(await everywhere(app)).toEqual({
      authenticator: ["email", "password"],
      mfa: ["email"],
      recovery: ["email"],
      differences: [],
    });
  });

  test("is shown to fall short of what the account's value asks for, and can be removed all the same", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    const wish = { kind: "remove", type: "totp", old: await only(app, "totp") } as const;
    const shortfallAt = async (cents: bigint | undefined, of: FactorWish = wish) => {
      world.cents = cents;
      const { shortfall } = await app.factors.review(of);
      return shortfall;
    };
    expect(await shortfallAt(undefined)).toBeUndefined();
    expect(await shortfallAt(999_999n)).toBeUndefined();
    expect(await shortfallAt(1_000_000n)).toEqual({
      cents: 1_000_000n,
      level: 0,
      dollars: 10_000,
      enforced: 1,
    });
    // From here on level 2 is asked for, which the account did not have before either; what falls is said all the same.
    expect(await shortfallAt(5_000_000n)).toMatchObject({ level: 0, dollars: 50_000, enforced: 2 });
    expect(await shortfallAt(5_000_000n, { ...wish, kind: "change" })).toBeUndefined();
    expect(await shortfallAt(5_000_000n, { kind: "add", type: "sms" })).toBeUndefined();
    const { before, after, refusal } = await app.factors.review(wish);
    expect([before.level, after.level]).toEqual([1, 0]);
    expect(after.theft.length).toBeGreaterThan(0);
    expect(after.failure).toBeGreaterThan(before.failure);
    expect(refusal).toBeUndefined();
    expect(await person.finish(app, await app.factors.start(wish))).toMatchObject({ status: "done" });
    expect(await everywhere(app)).toEqual(same("email"));
    const email = { kind: "remove", type: "email", old: await only(app, "email") } as const;
    await expect(app.factors.start(email)).rejects.toMatchObject({ code: "email-stays" });
  });

  test("of one key's record only counts for no level, which is that of the weakest record", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    await add(app, person, "sms");
    const records = await world.startRecords(directory);
    const held = (await records.read("mfa"))?.record.factors ?? [];
    await records.change("mfa", { factors: held.filter(({ type }) => type !== "sms") });
    world.cents = 1_500_000n;
    const sms = { kind: "remove", type: "sms", old: await only(app, "sms") } as const;
    const totp = { kind: "remove", type: "totp", old: await only(app, "totp") } as const;
    const [shortfall, other] = [await app.factors.review(totp), await app.factors.review(sms)];
    expect(shortfall.shortfall).toMatchObject({ level: 0, enforced: 1 });
    expect(other.shortfall).toBeUndefined();
  });
});

describe("a change that is dropped", () => {
  test("deletes what it had set up at the authenticator, and leaves the rest alone", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    const waiting = await app.rest(await app.factors.start({ kind: "add", type: "sms" }));
    expect(waiting.drop).toBe("nothing-done");
    await app.factors.sendCode(waiting.id, person.number);
    expect((await app.factors.drop(waiting.id)).status).toBe("dropped");
    expect(await everywhere(app)).toEqual(same("email", "totp"));
  });

  test("is turned around once the authenticator has the factor", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    const waiting = await app.rest(await app.factors.start({ kind: "add", type: "totp" }));
    const { secret } = await app.factors.beginApp(waiting.id);
    const { change } = await app.factors.verifyCode(waiting.id, codeOf(secret));
    person.secret = secret;
    const codes = await app.rest(change);
    expect(codes).toMatchObject({ drop: "turn-around", needs: { kind: "recovery-codes" } });
    expect((await person.finish(app, await app.factors.drop(codes.id))).status).toBe("done");
    expect(await everywhere(app)).toEqual(same("email"));
  });
});

/**
 * Starts a change in an app that dies at its n-th chance, and finishes it in a second one.
 * @returns whether there was an n-th chance
 */
async function crashAndResume(person: Person, at: number, wish: (app: App) => Promise<FactorWish>) {
  const crash = new CrashPoint(at);
  const first = await world.startFactors(person.directory, crash);
  const wanted = await wish(first);
  await first.factors
    .start(wanted)
    .then((change) => person.finish(first, change))
    .catch(() => undefined);
  const second = await world.startFactors(person.directory);
  const { change } = await second.factors.state();
  const ended = change
    ? await person.finish(second, second.factors.continue(change.id))
    : await person.finish(second, await second.factors.start(wanted)).catch(() => undefined);
  return { crashed: crash.crashed, second, ended };
}

describe("a change that Trivet dies in", () => {
  test.each(["add", "change", "remove"] as const)(
    "is finished at every point: %s",
    async (kind) => {
      for (let at = 0, crashed = true; crashed; at += 1) {
        const { person, directory } = await newPerson();
        const before = await world.startFactors(directory);
        await add(before, person, "totp");
        if (kind !== "add") await add(before, person, "sms");
        const oldNumber = person.number;
        if (kind === "change") person.number = newNumber();
        const old = kind === "add" ? undefined : await only(before, "sms");
        const result = await crashAndResume(person, at, () =>
          Promise.resolve({ kind, type: "sms", ...(old && { old }) }),
        );
        crashed = result.crashed;
        const expected = kind === "remove" ? ["email", "totp"] : ["email", "sms", "totp"];
        const now = await everywhere(result.second);
        if (now.differences.length > 0 || now.mfa.join() !== expected.join()) {
          // Set up at the authenticator, and dead before that was written down: it is noticed, and can be settled.
          expect(now.differences, `crashed at ${at}`).toEqual(["not-registered sms"]);
          continue;
        }
        expect(now, `crashed at ${at}`).toEqual(same(...expected));
        if (kind === "change") expect(oldNumber).not.toBe(person.number);
      }
    },
    300_000,
  );
});

describe("a change that the authenticator has an order of its own for", () => {
  test("is finished wherever Trivet dies in it: another authenticator app", async () => {
    for (let at = 0, crashed = true; crashed; at += 1) {
      const { person, directory } = await newPerson();
      const before = await world.startFactors(directory);
      await add(before, person, "totp");
      const old = await only(before, "totp");
      const result = await crashAndResume(person, at, () =>
        Promise.resolve({ kind: "change", type: "totp", old }),
      );
      crashed = result.crashed;
      // The last points are after its end: nothing is left to go on with.
      if (result.ended) expect(result.ended.status, `crashed at ${at}`).toBe("done");
      expect(await everywhere(result.second), `crashed at ${at}`).toEqual(same("email", "totp"));
      expect((await only(result.second, "totp")).id, `crashed at ${at}`).not.toBe(old.id);
      expect(person.recoveryCodes, `crashed at ${at}`).toHaveLength(10);
    }
  }, 300_000);

  test("is finished wherever Trivet dies in it: another email address", async () => {
    for (let at = 0, crashed = true; crashed; at += 1) {
      const { person, directory } = await newPerson();
      const before = await world.startFactors(directory);
      await add(before, person, "totp");
      const old = await only(before, "email");
      person.newEmail = `new-${world.emailOf(directory)}`;
      const result = await crashAndResume(person, at, () =>
        Promise.resolve({ kind: "change", type: "email", old }),
      );
      crashed = result.crashed;
      const { email } = await result.second.get();
      const now = await everywhere(result.second);
      if (now.differences.length > 0) {
        // Set up at the authenticator, and dead before that was written down: it is noticed, and can be settled.
        expect(now.differences, `crashed at ${at}`).toEqual(["not-registered email"]);
        expect(email).toBe(world.emailOf(directory));
        continue;
      }
      expect(now, `crashed at ${at}`).toEqual(same("email", "totp"));
      expect(email, `crashed at ${at}`).toBe(person.newEmail);
      expect((await only(result.second, "email")).id, `crashed at ${at}`).not.toBe(old.id);
      // And the next unlock sends its code there.
      expect((await (await world.startFactors(directory)).get()).email).toBe(person.newEmail);
    }
  }, 300_000);
});

describe("a difference between authenticator and registry", () => {
  test("made by a thief with a session gets into no record by itself, and can be undone", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    // The thief has a session of two categories: nothing at the authenticator stops them.
    const thief = await world.authenticator.logIn(world.emailOf(directory));
    world.authenticator.advance(30);
    await world.authenticator.sdk(
      "POST",
      "/totps/authenticate",
      { totp_code: codeOf(person.secret), session_duration_minutes: 60 },
      thief,
    );
    const stolen = newNumber();
    await world.authenticator.provePhone(stolen, thief);

    const again = await world.startFactors(directory);
    expect(await everywhere(again)).toEqual({
      authenticator: ["email", "sms", "totp"],
      mfa: ["email", "totp"],
      recovery: ["email", "totp"],
      differences: ["not-registered sms"],
    });
    const old = await only(again, "sms");
    const undone = await person.finish(
      again,
      await again.factors.start({ kind: "remove", type: "sms", old }),
    );
    expect(undone.status).toBe("done");
    expect(await everywhere(again)).toEqual(same("email", "totp"));
  });

  test("is settled in the registry once the person proved the factor again", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    const session = await world.authenticator.logIn(world.emailOf(directory));
    world.authenticator.advance(30);
    await world.authenticator.sdk(
      "POST",
      "/totps/authenticate",
      { totp_code: codeOf(person.secret), session_duration_minutes: 60 },
      session,
    );
    await world.authenticator.provePhone(person.number, session);

    const again = await world.startFactors(directory);
    const existing = await only(again, "sms");
    const change = await again.factors.start({ kind: "add", type: "sms", existing });
    const asked = await again.rest(change);
    expect(asked.needs?.kind).toBe("proof");
    expect((await person.finish(again, asked)).status).toBe("done");
    expect(await everywhere(again)).toEqual(same("email", "sms", "totp"));
  });

  test("is found where a record still names what the authenticator lost", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    await add(app, person, "totp");
    await add(app, person, "sms");
    const old = await only(app, "sms");
    await app.vault.call("deleteFactor", { type: "sms", id: old.id });
    expect((await everywhere(app)).differences).toEqual(["not-enrolled sms"]);
    const removed = await person.finish(app, await app.factors.start({ kind: "remove", type: "sms", old }));
    expect(removed.status).toBe("done");
    expect(await everywhere(app)).toEqual(same("email", "totp"));
  });

  test("is none where only the profile is old, and is not guessed where nothing explains a record", async () => {
    const { person, directory } = await newPerson();
    const app = await world.startFactors(directory);
    const old = await app.get();
    await add(app, person, "totp");
    await app.profile.update(() => old);
    expect(await everywhere(app)).toEqual(same("email", "totp"));
    expect((await app.get()).keys.mfa[0]?.record?.factors).toHaveLength(2);

    await add(app, person, "sms");
    await app.vault.call("deleteFactor", { type: "sms", id: (await only(app, "sms")).id });
    await app.profile.update(() => old);
    const { unreadable, differences } = await app.factors.state();
    expect(unreadable).toEqual(["mfa", "recovery"]);
    expect(differences).toEqual([]);
    const refused = await app.rest(await app.factors.start({ kind: "add", type: "sms" }));
    expect(refused.steps[0]).toMatchObject({ status: "failed", error: { code: "record-unknown" } });
  });
});
