import { describe, expect, it } from "vitest";
import { zGateCid } from "#core/key-network/gate-cid.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Gate, GatesView, GateStanding } from "#core/wallet-api/gates.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import {} from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const CIDS = [
  zGateCid.parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"),
  zGateCid.parse("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"),
] as const;
const ONE: Gate = { cid: CIDS[0], release: { number: 1, date: "2026-11-01", changes: ["The first."] } };
const TWO: Gate = {
  cid: CIDS[1],
  release: { number: 2, date: "2026-11-20", changes: ["It counts passkeys."] },
};
const UNKNOWN: Gate = { cid: CIDS[1] };

const keysAt = (gate: Gate, standing: GateStanding): GatesView["keys"] => [
  { role: "mfa", gate, standing },
  { role: "recovery", gate, standing },
];
const OFFERED: GatesView = {
  verdict: "offered",
  keys: keysAt(ONE, "previous"),
  canonical: TWO,
  since: 1_795_000_000,
  governance: toAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
  declined: false,
  movable: ["mfa", "recovery"],
};
const NEED: ProofNeed = {
  action: "move-gate",
  role: "recovery",
  ways: [["E"]],
  given: [],
  stale: ["E"],
  factors: [{ proof: "E", type: "email", id: "email-1", name: "a**@example.org", available: true }],
};

/** The app with these gates; `asked` tells what it was told to do. */
async function openApp(
  first: GatesView,
  answers: Partial<Record<"gates.move" | "gates.stay", GatesView>> = {},
) {
  const asked: unknown[] = [];
  let now = first;
  const answer = (method: "gates.move" | "gates.stay") => (input: unknown) => {
    asked.push([method, input]);
    now = answers[method] ?? now;
    return now;
  };
  const handlers: Handlers = {
    ...ofOpenAccount,
    "gates.view": () => now,
    "gates.move": answer("gates.move"),
    "gates.stay": answer("gates.stay"),
  };
  const { page } = await openPage(pages.browser, pages.urls.app, { handlers });
  return { page, asked, read: () => page.getByRole("button", { name: "Read about the gate" }).click() };
}

describe("the gate's screen", () => {
  it("says on every screen that a gate is published, and there what changes, who says so and what follows", async () => {
    const { page, asked, read } = await openApp(OFFERED, {
      "gates.move": { ...OFFERED, verdict: "up-to-date", keys: keysAt(TWO, "canonical"), movable: [] },
    });
    await page.getByText("Gate 2 is published").waitFor();
    await read();
    const offer = page.getByRole("region", { name: "The gate on offer" });
    await offer.getByText("It counts passkeys.").waitFor();
    await offer.getByText(CIDS[1]).waitFor();
    await offer.getByText("If you do nothing").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await offer.getByRole("button", { name: "Move to gate 2" }).click();
    await page.getByText("Your keys are at the current gate").waitFor();
    expect(asked).toEqual([["gates.move", { gate: CIDS[1] }]]);
  });

  it("takes a no, says so no more on other screens, and still lets the account move", async () => {
    const { page, asked, read } = await openApp(OFFERED, { "gates.stay": { ...OFFERED, declined: true } });
    await read();
    await page.getByRole("button", { name: "Stay at gate 1" }).click();
    await page.getByText("You chose to stay. You can still move.").waitFor();
    expect(asked).toEqual([["gates.stay", { gate: CIDS[1] }]]);
    await page.getByRole("link", { name: "Home" }).click();
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
    expect(await page.getByRole("button", { name: "Read about the gate" }).count()).toBe(0);
  });

  it("goes on with a move that stopped between the two keys, and asks for the proof that is missing", async () => {
    const { page, read } = await openApp({
      ...OFFERED,
      keys: [
        { role: "mfa", gate: TWO, standing: "canonical" },
        { role: "recovery", gate: ONE, standing: "previous" },
      ],
      movable: ["recovery"],
      move: { to: TWO, done: ["mfa"], next: "recovery", need: NEED },
    });
    await page.getByText("Your account is on its way to gate 2").waitFor();
    await read();
    await page.getByText("Moved: your MFA key. Next: your Recovery key.").waitFor();
    await page.getByRole("heading", { name: "Prove that it is you" }).waitFor();
    await page.getByRole("button", { name: "Stop here" }).waitFor();
  });

  it("says what to do when a gate was withdrawn, and leads to the keys", async () => {
    const { page, read } = await openApp({
      ...OFFERED,
      verdict: "withdrawn",
      keys: keysAt(TWO, "rolled-back"),
      canonical: ONE,
      movable: [],
    });
    await page.getByText("The key network no longer signs with your MFA key and your Recovery key").waitFor();
    await read();
    await page.getByText("Until then you cannot withdraw with it.").waitFor();
    expect(await page.getByRole("button", { name: /^Move to/ }).count()).toBe(0);
    await page.getByRole("button", { name: "See your keys" }).click();
    await page.getByRole("heading", { level: 1, name: "Keys" }).waitFor();
  });

  it("asks for an update of Trivet where it does not know the gate of a key", async () => {
    const { page, read } = await openApp({
      ...OFFERED,
      verdict: "unknown-gate",
      keys: keysAt(UNKNOWN, "canonical"),
      canonical: UNKNOWN,
      movable: [],
    });
    await read();
    await page.getByText("Update Trivet here too. Nothing is lost.").waitFor();
    await page.getByText(CIDS[1]).first().waitFor();
  });
});
