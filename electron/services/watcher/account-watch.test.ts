import { expect, test } from "vitest";
import { zAddress } from "#core/primitives/address.ts";
import { alertsOf, tellingOf } from "#core/watch/alerts.ts";
import { zPlacedFact } from "#core/watch/facts.ts";
import { BLANK, withFact } from "#core/watch/picture.ts";
import { alertWords } from "#core/watch/words.ts";
import { watchAccount } from "./account-watch.ts";
import type { IsOwn } from "./own.ts";
import type { WatchView } from "./watcher.ts";

const ACCOUNT = zAddress.parse(`0x${"5a".repeat(20)}`);
const bytes = (digit: string) => `0x${digit.repeat(64)}`;
const TIME = 2_000_000;

/** What a watcher knows after these facts, each in a transaction of its own; the chain's clock is an hour ahead. */
function viewAfter(...facts: readonly unknown[]): WatchView {
  const picture = facts
    .map((fact, index) =>
      zPlacedFact.parse({
        fact,
        place: { block: index, blockHash: bytes("b"), transaction: bytes(index.toString()), time: TIME },
      }),
    )
    .reduce(withFact, BLANK);
  const alerts = alertsOf(ACCOUNT, picture, TIME + 1).map((alert) => ({
    alert,
    words: alertWords(alert),
    said: { confirmedBy: ["one"], contradictedBy: [], notYet: [] },
    seen: false,
  }));
  return { alerts, sources: [], differences: [], upToDate: true, chainAhead: 3600, unsent: 0 };
}

const change = { kind: "changed", operation: bytes("c"), change: { kind: "setLimit", fields: {} } };
const lock = { kind: "locked", until: TIME + 86_400 * 7 };

/** A watch that looks as often as `looks` has views, and then stops. */
async function watched(looks: readonly WatchView[], isOwn: IsOwn = () => false) {
  const shown: unknown[] = [];
  const left = [...looks];
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  const watch = watchAccount({
    watcher: {
      step: () => {
        const next = left.shift();
        return next ? Promise.resolve(next) : Promise.reject(new Error("no more views"));
      },
      see: () => Promise.resolve(),
    },
    account: () => Promise.resolve(ACCOUNT),
    isOwn,
    pause: () => {
      if (left.length === 0) {
        watch.stop();
        end(undefined);
      }
      return Promise.resolve();
    },
    onChange: (view) => shown.push(view),
    onUnexpected: (_, cause) => {
      throw cause;
    },
  });
  await ended;
  return { watch, shown };
}

test("the window hears of changes only, and counts down by this computer's clock", async () => {
  const { watch, shown } = await watched([viewAfter(lock), viewAfter(lock)]);
  expect(shown).toHaveLength(1);
  expect(watch.view().warnings).toMatchObject([
    { title: expect.stringContaining("locked"), standing: true, until: (lock.until - 3600) * 1000 },
  ]);
});

test("what this computer did itself is no news; what goes on is shown all the same", async () => {
  const all = await watched([viewAfter(change, lock)]);
  expect(all.watch.view().warnings.map(({ standing }) => standing)).toEqual([true, false]);
  const own = await watched([viewAfter(change, lock)], () => true);
  expect(own.watch.view().warnings.map(({ standing }) => standing)).toEqual([true]);
});

test("news are put away, what goes on is not", async () => {
  const view = viewAfter(change, lock);
  const { watch } = await watched([view]);
  for (const { alert } of view.alerts) await watch.see(tellingOf(alert));
  expect(watch.view().warnings.map(({ standing }) => standing)).toEqual([true]);
});

test("what concerns all accounts alike has screens of its own", async () => {
  const gate = alertsOf(
    undefined,
    withFact(
      BLANK,
      zPlacedFact.parse({
        fact: { kind: "gatePublished", gate: bytes("9") },
        place: { block: 1, blockHash: bytes("b"), transaction: bytes("1"), time: TIME },
      }),
    ),
    TIME + 1,
  );
  const view: WatchView = {
    ...viewAfter(),
    alerts: gate.map((alert) => ({
      alert,
      words: alertWords(alert),
      said: { confirmedBy: ["one"], contradictedBy: [], notYet: [] },
      seen: false,
    })),
  };
  expect((await watched([view])).watch.view().warnings).toEqual([]);
});
