import { recoverMessageAddress } from "viem/utils";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cidOfDigest } from "#core/key-network/gate-cid.ts";
import { type SessionGrant, sessionMessage } from "#core/key-network/session-message.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import { zAddress } from "#core/primitives/address.ts";
import { type GateDigest, zGateDigest } from "#core/primitives/hex.ts";
import { profileFile } from "../profile.ts";
import { CrashPoint } from "../testing/crash.ts";
import { GATES, World } from "../testing/world.ts";

const [FIRST = fail(), SECOND = fail()] = GATES;
const FOREIGN = zGateDigest.parse(`0x${"5a".repeat(32)}`);
const cid = cidOfDigest;

function fail(): never {
  throw new Error("Trivet ships two gates");
}

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});
/** Governance stands behind the first gate only. */
afterEach(async () => {
  for (const other of ["5b", "5c"]) await world.publishGate(zGateDigest.parse(`0x${other.repeat(32)}`));
  await world.publishGate(FIRST);
});

/** The gates that the account's records name, by role. */
async function registered(directory: string): Promise<GateDigest[]> {
  const profile = (await profileFile(directory).read()) ?? fail();
  return Promise.all(REPLACEABLE_ROLES.map(async (role) => (await world.registered(profile, role)).gate));
}

/** An account at level 2, whose records name an authenticator app and the Ledger's wallet besides the email address. */
async function accountWithWallet() {
  const { directory } = await world.createAccount();
  const wallet = world.ledgerAddress;
  const enrolled = await world.person(directory).enrol(["totp"]);
  const records = await world.startRecords(directory);
  for (const factor of [...enrolled, { type: "wallet", id: wallet.toLowerCase() } as const]) {
    for (const role of REPLACEABLE_ROLES) {
      const factors = (await records.read(role))?.record.factors ?? [];
      await records.change(role, { factors: [...factors, factor] });
    }
  }
  return { directory, wallet };
}

describe("an account whose keys the network holds", () => {
  test("is up to date at the canonical gate, and says since when and by whom it is that", async () => {
    const { directory } = await world.createAccount();
    const { gates } = await world.startGates(directory);
    const view = await gates.view();
    expect(view).toMatchObject({
      verdict: "up-to-date",
      keys: REPLACEABLE_ROLES.map((role) => ({
        role,
        standing: "canonical",
        gate: { release: { number: 1 } },
      })),
      canonical: { cid: cid(FIRST), release: { number: 1 } },
      declined: false,
      movable: [],
    });
    expect(view.since).toBeGreaterThan(1_700_000_000);
    expect(view.governance).toMatch(/^0x[0-9a-fA-F]{40}$/);
    expect(view.move).toBeUndefined();
  });

  test("is moved by nobody when governance publishes another gate, and moves by one decision of the person", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(SECOND);
    expect(await registered(directory)).toEqual([FIRST, FIRST]);
    const { gates } = await world.startGates(directory);
    expect(await gates.view()).toMatchObject({
      verdict: "offered",
      keys: [{ standing: "previous" }, { standing: "previous" }],
      canonical: { cid: cid(SECOND), release: { number: 2 } },
      movable: ["mfa", "recovery"],
    });

    const approvals = world.approvals;
    expect(await gates.move(cid(SECOND))).toMatchObject({ verdict: "up-to-date", movable: [] });
    expect(world.approvals).toBe(approvals + 1);
    expect(await registered(directory)).toEqual([SECOND, SECOND]);
  });

  test("waits for what has to be proven, and goes on from there", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(SECOND);
    const { gates, prove } = await world.startGates(directory);
    world.passTime(700);
    const waiting = await gates.move(cid(SECOND));
    expect(waiting).toMatchObject({
      verdict: "offered",
      move: {
        to: { cid: cid(SECOND) },
        done: [],
        next: "mfa",
        need: { action: "move-gate", role: "mfa", stale: ["E"] },
      },
    });
    expect(await registered(directory)).toEqual([FIRST, FIRST]);
    await prove();
    expect((await gates.move(cid(SECOND))).verdict).toBe("up-to-date");
  });

  test("moves by the signature of a wallet that its records name, whichever proof is given first", async () => {
    for (const first of ["wallet", "email"] as const) {
      const { directory, wallet } = await accountWithWallet();
      await world.publishGate(SECOND);
      const { gates, prove } = await world.startGates(directory);
      world.passTime(700);
      const asked = await gates.move(cid(SECOND));
      expect(asked.move?.need?.ways).toContainEqual(["E", "W"]);
      if (first === "email") await prove();
      const signing = await gates.move(cid(SECOND), wallet);
      if (first === "wallet") {
        // The wallet is remembered for what is still missing.
        expect(signing.move?.need?.given.map(({ proof }) => proof)).toEqual(["W"]);
        await prove();
        await gates.move(cid(SECOND));
      }
      expect((await gates.view()).verdict, `${first} first`).toBe("up-to-date");
      expect(await registered(directory)).toEqual([SECOND, SECOND]);
      await world.rollBackGate();
    }
  });

  test("asks again how to prove it when the wallet does not sign after all", async () => {
    const { directory, wallet } = await accountWithWallet();
    await world.publishGate(SECOND);
    const { gates, prove } = await world.startGates(directory);
    world.passTime(700);
    await prove();
    world.ledger.lock();
    await expect(gates.move(cid(SECOND), wallet)).rejects.toMatchObject({ code: /^ledger-/ });
    world.ledger.unlock();
    expect(await registered(directory)).toEqual([FIRST, FIRST]);
    expect((await gates.move(cid(SECOND))).move?.need?.given.map(({ proof }) => proof)).toEqual(["E"]);
    expect((await gates.move(cid(SECOND), wallet)).verdict).toBe("up-to-date");
  });

  test("stays where it is when the person says so, and can move later all the same", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(SECOND);
    const { gates } = await world.startGates(directory);
    expect(await gates.stay(cid(SECOND))).toMatchObject({ verdict: "offered", declined: true });
    const later = await world.startGates(directory);
    expect(await later.gates.view()).toMatchObject({ verdict: "offered", declined: true });
    expect(await later.gates.move(cid(SECOND))).toMatchObject({ verdict: "up-to-date", declined: false });
  });

  test("moves all of its keys wherever Trivet stopped in the middle", async () => {
    for (let at = 0, crashed = true; crashed; at++) {
      const { directory } = await world.createAccount();
      await world.publishGate(SECOND);
      const crash = new CrashPoint(at);
      const crashing = await world.startGates(directory, crash);
      await crashing.gates.move(cid(SECOND)).catch(() => undefined);
      crashed = crash.crashed;

      const { gates } = await world.startGates(directory);
      const view = await gates.view();
      const here = await registered(directory);
      const done = REPLACEABLE_ROLES.filter((_, index) => here[index] === SECOND);
      if (view.move)
        expect(view.move, `crashed at ${at}`).toMatchObject({ done, next: done.length ? "recovery" : "mfa" });
      expect((await gates.move(cid(SECOND))).verdict, `crashed at ${at}`).toBe("up-to-date");
      expect(await registered(directory), `crashed at ${at}`).toEqual([SECOND, SECOND]);
      await world.rollBackGate();
    }
  });

  test("that said no between its two keys keeps both where they are", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(SECOND);
    const first = await world.startGates(directory);
    await first.records.change("mfa", { gate: SECOND });
    const { gates } = await world.startGates(directory);
    const view = await gates.stay(cid(SECOND));
    expect(view).toMatchObject({ verdict: "offered", declined: true, movable: ["recovery"] });
    expect(view.move).toBeUndefined();
    expect(await registered(directory)).toEqual([SECOND, FIRST]);
  });
});

describe("when governance goes back to the gate before,", () => {
  test("an account that stayed notices nothing, and one that moved is told that its keys sign nothing", async () => {
    const stayed = await world.createAccount();
    const moved = await world.createAccount();
    await world.publishGate(SECOND);
    await (await world.startGates(moved.directory)).gates.move(cid(SECOND));
    await world.rollBackGate();

    expect((await (await world.startGates(stayed.directory)).gates.view()).verdict).toBe("up-to-date");
    const { gates } = await world.startGates(moved.directory);
    expect(await gates.view()).toMatchObject({
      verdict: "withdrawn",
      keys: [{ standing: "rolled-back" }, { standing: "rolled-back" }],
      canonical: { cid: cid(FIRST) },
      movable: [],
    });
    await expect(gates.move(cid(FIRST))).rejects.toMatchObject({ code: "gate-withdrawn" });
    await world.publishGate(SECOND);
    expect((await gates.view()).verdict).toBe("up-to-date");
  });

  test("a move that had begun ends, and the key that is left behind stays where it works", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(SECOND);
    const crash = new CrashPoint(8);
    const { gates: crashing } = await world.startGates(directory, crash);
    await crashing.move(cid(SECOND)).catch(() => undefined);
    expect(await registered(directory)).toEqual([SECOND, FIRST]);
    await world.rollBackGate();
    const { gates } = await world.startGates(directory);
    const view = await gates.view();
    expect(view).toMatchObject({
      verdict: "withdrawn",
      keys: [{ standing: "rolled-back" }, { standing: "canonical" }],
    });
    expect(view.move).toBeUndefined();
    await expect(gates.move(cid(SECOND))).rejects.toMatchObject({ code: "gate-changed" });
  });
});

describe("a gate that this version of Trivet does not ship", () => {
  test("is not moved to: the person is told to update", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(FOREIGN);
    const { gates, records } = await world.startGates(directory);
    const view = await gates.view();
    expect(view).toMatchObject({ verdict: "update-trivet", canonical: { cid: cid(FOREIGN) }, movable: [] });
    expect(view.canonical?.release).toBeUndefined();
    await expect(gates.move(cid(FOREIGN))).rejects.toMatchObject({ code: "gate-unknown" });
    // Nor does the vault sign for it, whoever asks.
    await expect(records.change("mfa", { gate: FOREIGN })).rejects.toMatchObject({ code: "gate-unknown" });
    expect(await registered(directory)).toEqual([FIRST, FIRST]);
  });

  test("was replaced so long ago that keys at it sign no more", async () => {
    const { directory } = await world.createAccount();
    await world.publishGate(FOREIGN);
    await world.publishGate(SECOND);
    const { gates } = await world.startGates(directory);
    expect(await gates.view()).toMatchObject({
      verdict: "withdrawn",
      keys: [{ standing: "outdated" }, { standing: "outdated" }],
      movable: [],
    });
  });
});

describe("the vault, asked by whoever took over main or the key-network process,", () => {
  async function startVault() {
    const { directory } = await world.createAccount();
    const { vault, get } = await world.startApp(directory);
    const { keys, account } = await get();
    const device = keys.device[0]?.key.signer ?? fail();
    const key = keys.mfa[0]?.key.signer ?? fail();
    const now = world.now();
    const grant: SessionGrant = {
      address: zAddress.parse(device),
      sessionKey: "ab".repeat(32),
      chainId: world.config.chain.id,
      nonce: "0123456789abcdef",
      issuedAt: new Date(now).toISOString(),
      expirationTime: new Date(now + 60_000).toISOString(),
      gate: cid(FIRST),
    };
    return { vault, grant, key: zAddress.parse(key), account: account?.address ?? fail() };
  }

  test("opens sessions for every gate that came with Trivet", async () => {
    const { vault, grant } = await startVault();
    for (const gate of [FIRST, SECOND]) {
      const own = { ...grant, gate: cid(gate) };
      const { signature } = await vault.call("signNetworkSession", own);
      expect(await recoverMessageAddress({ message: sessionMessage(own), signature })).toBe(grant.address);
    }
  });

  test("opens none for a foreign gate, whatever the registry says of it", async () => {
    const { vault, grant } = await startVault();
    await world.publishGate(FOREIGN);
    const asking = async () => vault.call("signNetworkSession", { ...grant, gate: cid(FOREIGN) });
    await expect(asking()).rejects.toMatchObject({ code: "session-grant-refused" });
  });

  test("allows no first record that names a foreign gate", async () => {
    const { vault, key, account } = await startVault();
    await expect(vault.call("authorizeFirstRecord", { key, account, gate: FOREIGN })).rejects.toMatchObject({
      code: "gate-unknown",
    });
  });
});
