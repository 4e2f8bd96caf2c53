import type { FactorChangeView } from "#core/wallet-api/factors.ts";
import { createSystemBrowser } from "../../browser/system-browser.ts";
import { accountReader } from "../../chain/account-reader.ts";
import { createFactors } from "../../factors/factors.ts";
import { openFactorJournal } from "../../factors/journal.ts";
import { createProofs } from "../../proofs/proofs.ts";
import type { VaultClient } from "../../vault.ts";
import { type CrashPoint, onlyCrashes } from "../crash.ts";
import type { Surroundings } from "../surroundings.ts";
import { type App, crashingProfile } from "./app.ts";
import { startRecords } from "./records.ts";
import { Rest } from "./rest.ts";

/**
 * The factors of an app's account.
 * @param inBrowser what the person does with an address that is opened in the system's browser
 */
export async function startFactors(
  world: Surroundings,
  directory: string,
  app: App,
  crash: CrashPoint,
  inBrowser: (url: string) => Promise<void>,
) {
  const { vault, chain, get } = app;
  const now = world.authenticator.time;
  const profile = crashingProfile(app, crash);
  // What a thief or a lost connection interrupts: every call that changes something at the authenticator.
  const risky: VaultClient = {
    call: (method, input) =>
      /^(enrol|delete|useRecovery)/.test(method)
        ? crash.around(() => vault.call(method, input))
        : vault.call(method, input),
  };
  const browser = createSystemBrowser({
    openExternal: inBrowser,
    startsAt: [world.config.authenticator.baseUrl],
  });
  const journal = openFactorJournal(directory);
  const proofs = createProofs({ vault, profile, browser, now });
  const resting = new Rest<FactorChangeView>();
  const factors = createFactors({
    chainId: world.config.chain.id,
    reader: accountReader(chain),
    records: await startRecords(world, directory, app, crash),
    vault: risky,
    proofs,
    profile,
    browser,
    journal: {
      list: journal.list,
      save: (entry) => crash.around(() => journal.save(entry)),
    },
    cents: () => Promise.resolve(world.cents),
    now,
    onChange: resting.tell,
    onUnexpected: onlyCrashes,
  });
  await factors.load();
  const rest = ({ id }: FactorChangeView) => resting.of(id, () => factors.current(), crash);
  return { factors, proofs, vault, rest, profile, get };
}
