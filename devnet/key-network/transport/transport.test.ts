import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Identity, openIdentity } from "./identity.ts";
import { ABORT, Mailbox, SilentNodesError } from "./mailbox.ts";
import { groupOf, nameNodes, type Network, signersNeeded } from "./network.ts";
import { MAX_AGE_MS, type SealedMessage, Sealing } from "./sealing.ts";

const CEREMONY = "ab".repeat(32);

let folder: string;
let identities: Identity[];
let network: Network;
let now = 1_800_000_000_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trivet-transport-"));
  identities = await Promise.all(
    [1, 2, 3].map((index) => openIdentity(join(folder, `${index}`, "identity.json"))),
  );
  const nodes = identities.map(({ publicKey }, index) => {
    return { index: index + 1, url: `http://127.0.0.1:${5000 + index}`, publicKey };
  });
  network = { degree: 1, nodes };
});

afterAll(async () => rm(folder, { recursive: true, force: true }));

const sealingOf = (index: number) => new Sealing(index, identities[index - 1]!, network, () => now);

describe("an identity", () => {
  test("is made once, kept, and readable for its owner only", async () => {
    const file = join(folder, "1", "identity.json");
    expect((await openIdentity(file)).publicKey).toBe(identities[0]?.publicKey);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  test("agrees with another on the same secret", () => {
    const [one, two] = identities;
    expect(one!.agree(two!.publicKey).equals(two!.agree(one!.publicKey))).toBe(true);
  });
});

describe("a network", () => {
  test("of four nodes and degree one needs three signers", () => {
    expect(signersNeeded({ ...network, degree: 1 })).toBe(3);
    expect(groupOf(network).parties).toEqual([1, 2, 3]);
  });

  test("names nodes as people do", () => {
    expect(nameNodes([2])).toBe("node 2");
    expect(nameNodes([2, 4])).toBe("nodes 2 and 4");
    expect(nameNodes([1, 2, 4])).toBe("nodes 1, 2 and 4");
  });
});

describe("a sealed message", () => {
  test("is read by its receiver as it was sent", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.stringMatching(/^[a-z]{1,10}$/), (payload, round) => {
        const sealed = sealingOf(1).seal(2, CEREMONY, round, payload);
        const sent: unknown = JSON.parse(JSON.stringify(payload));
        expect(sealingOf(2).open(sealed)).toEqual({ from: 1, ceremony: CEREMONY, round, payload: sent });
      }),
      { numRuns: 50 },
    );
  });

  test("shows nothing of what it holds, and never looks the same twice", () => {
    const one = sealingOf(1).seal(2, CEREMONY, "deal", { share: "secret" });
    const two = sealingOf(1).seal(2, CEREMONY, "deal", { share: "secret" });
    expect(Buffer.from(one.body, "base64").includes("secret")).toBe(false);
    expect(one.body).not.toBe(two.body);
  });

  test.each<[string, Partial<SealedMessage>]>([
    ["names another sender", { from: 3 }],
    ["names another ceremony", { ceremony: "cd".repeat(32) }],
    ["names another round", { round: "open" }],
    ["names another time", { sentAt: 1_800_000_000_001 }],
    ["names a node that is not in the network", { from: 9 }],
    ["has another nonce", { nonce: Buffer.alloc(12).toString("base64") }],
    ["has another body", { body: Buffer.alloc(64).toString("base64") }],
    ["has no body", { body: "" }],
    ["is for another node", { to: 3 }],
  ])("is refused when it %s", (_what, change) => {
    const sealed = sealingOf(1).seal(2, CEREMONY, "deal", { share: "00" });
    expect(() => sealingOf(2).open({ ...sealed, ...change })).toThrow(
      expect.objectContaining({ code: "message-refused" }),
    );
  });

  test("cannot be turned around or passed on", () => {
    const sealed = sealingOf(1).seal(2, CEREMONY, "deal", {});
    expect(() => sealingOf(1).open({ ...sealed, from: 2, to: 1 })).toThrow(/refused/);
    expect(() => sealingOf(3).open({ ...sealed, to: 3 })).toThrow(/refused/);
  });

  test("is refused when it is old, or of the future", () => {
    const sealed = sealingOf(1).seal(2, CEREMONY, "deal", {});
    const sentAt = now;
    for (const time of [sentAt + MAX_AGE_MS + 1, sentAt - MAX_AGE_MS - 1]) {
      now = time;
      expect(() => sealingOf(2).open(sealed)).toThrow(/too old/);
    }
    now = sentAt;
    expect(sealingOf(2).open(sealed).payload).toEqual({});
  });
});

describe("a mailbox", () => {
  const zNumber = z.number();
  const message = (from: number, payload: unknown, round = "deal") => ({
    from,
    ceremony: CEREMONY,
    round,
    payload,
  });

  test("keeps what comes early, and waits for what comes late", async () => {
    const mailbox = new Mailbox();
    mailbox.deliver(message(2, 20));
    const collecting = mailbox.collect(CEREMONY, "deal", [2, 3], zNumber, 5_000);
    mailbox.deliver(message(3, 30, "open"));
    mailbox.deliver(message(3, 33));
    expect(await collecting).toEqual(
      new Map([
        [2, 20],
        [3, 33],
      ]),
    );
  });

  test("refuses a message that comes twice, also after it was read, and while it is young enough to be opened", async () => {
    let time = 0;
    const mailbox = new Mailbox(() => time);
    mailbox.deliver(message(2, 20));
    await mailbox.collect(CEREMONY, "deal", [2], zNumber, 5_000);
    for (const later of [0, MAX_AGE_MS, 2 * MAX_AGE_MS]) {
      time = later;
      mailbox.deliver({ ...message(2, 0), ceremony: `${later}`.padStart(64, "f") });
      expect(() => mailbox.deliver(message(2, 20))).toThrow(
        expect.objectContaining({ code: "message-replayed" }),
      );
    }
  });

  test("names the nodes that stay silent", async () => {
    vi.useFakeTimers();
    const mailbox = new Mailbox();
    mailbox.deliver(message(3, 30));
    const collecting = mailbox.collect(CEREMONY, "deal", [2, 3, 4], zNumber, 5_000);
    const failure = expect(collecting).rejects.toMatchObject({ parties: [2, 4] });
    await vi.advanceTimersByTimeAsync(5_000);
    await failure;
    await expect(collecting).rejects.toBeInstanceOf(SilentNodesError);
    vi.useRealTimers();
  });

  test("stops waiting when one of the nodes gives up, and says why", async () => {
    const mailbox = new Mailbox();
    const collecting = mailbox.collect(CEREMONY, "deal", [2, 3], zNumber, 5_000);
    mailbox.deliver(message(3, "its share is wrong", ABORT));
    await expect(collecting).rejects.toThrow("Node 3 gave up: its share is wrong");
  });

  test("refuses what has another shape, and names who sent it", async () => {
    const mailbox = new Mailbox();
    mailbox.deliver(message(2, "no number"));
    await expect(mailbox.collect(CEREMONY, "deal", [2], zNumber, 5_000)).rejects.toMatchObject({
      code: "message-malformed",
      message: expect.stringMatching(/Node 2/),
    });
  });

  test("opens only so many ceremonies, and forgets old ones", () => {
    let time = 0;
    const mailbox = new Mailbox(() => time);
    const open = (name: number) =>
      mailbox.deliver({ ...message(2, 1), ceremony: name.toString(16).padStart(64, "0") });
    for (let name = 0; name < 1024; name++) open(name);
    expect(() => open(5000)).toThrow(expect.objectContaining({ code: "busy" }));
    time = 2 * MAX_AGE_MS + 1;
    expect(() => open(5000)).not.toThrow();
  });
});
