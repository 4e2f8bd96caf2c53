import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import type { OperationStepId, OperationView } from "#core/wallet-api/operation-view.ts";
import { World } from "../testing/world.ts";
import { replaceKey } from "./intents/replace-key.ts";
import { withdraw } from "./intents/withdraw.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const RECIPIENT = toAddress("0x00000000000000000000000000000000000c0ffe");
/** After this many seconds no proof counts any more. */
const TOO_OLD = 660;

/** A Ledger that is ready and approves. */
function ready(): void {
  world.ledger.plug();
  world.ledger.unlock();
  world.ledger.setApp({ open: true });
  world.ledger.screen.approval = "always";
}

const TROUBLES: readonly [what: string, cause: () => void, code: string][] = [
  ["unplugged", () => world.ledger.unplug(), "ledger-plug-in"],
  ["locked", () => world.ledger.lock(), "ledger-unlock"],
  ["with another app open", () => world.ledger.setApp({ open: false }), "ledger-open-app"],
  ["rejecting", () => (world.ledger.screen.approval = "never"), "ledger-rejected"],
];

/** Expects that an operation stopped at a step, by an error with this code. */
function expectStopped({ steps, status }: OperationView, id: OperationStepId, code: string): void {
  expect(status).toBe("waiting");
  expect(steps.find((step) => step.id === id)).toMatchObject({ status: "failed", error: { code } });
}

describe.each(TROUBLES)("a Ledger that is %s", (_, cause, code) => {
  test("stops a change of holder where it accepts and where it signs for trial, and each goes on", async () => {
    const { directory, account } = await world.createAccount();
    const { operations, rest, finish, prove } = await world.startApp(directory);
    const holder = await world.ledgerHolder();
    world.passTime(TOO_OLD);
    cause();
    const started = await rest(await operations.start(replaceKey("mfa", holder)));
    expectStopped(started, "accept", code);
    ready();
    const asking = await rest(operations.continue(started.id));
    if (asking.needs?.kind !== "proofs") throw new Error("no proof is asked for");
    await prove(asking.needs.need);
    cause();
    expectStopped(await rest(operations.continue(started.id)), "trial", code);
    ready();
    expect((await finish(operations.continue(started.id))).status).toBe("done");
    expect(await world.executed(account)).toHaveLength(1);
  });

  test("stops a withdrawal where it signs, before anything is sent, also over a restart of the app", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1");
    const first = await world.startApp(directory);
    await first.finish(await first.operations.start(replaceKey("mfa", await world.ledgerHolder())));
    cause();
    const wish = withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n });
    expectStopped(await first.rest(await first.operations.start(wish)), "cosign", code);
    expect(await world.executed(account)).toHaveLength(1);

    const second = await world.startApp(directory);
    const [waiting] = second.operations.list();
    if (!waiting) throw new Error("the operation did not survive");
    expectStopped(await second.rest(second.operations.continue(waiting.id)), "cosign", code);
    ready();
    expect((await second.finish(second.operations.continue(waiting.id))).status).toBe("done");
    expect(await world.executed(account)).toHaveLength(2);
  });
});
