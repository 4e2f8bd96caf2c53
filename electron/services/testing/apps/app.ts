import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import { createSystemBrowser } from "../../browser/system-browser.ts";
import { accountReader } from "../../chain/account-reader.ts";
import { createChainClient } from "../../chain/client.ts";
import { type Journal, type JournalEntry, openJournal } from "../../operations/journal.ts";
import { createOperations } from "../../operations/operations.ts";
import { type Profile, profileFile } from "../../profile.ts";
import { createProofs } from "../../proofs/proofs.ts";
import { type CrashPoint, onlyCrashes } from "../crash.ts";
import { give } from "../proving.ts";
import type { Surroundings } from "../surroundings.ts";
import { Rest } from "./rest.ts";

export type App = Awaited<ReturnType<typeof startApp>>;

/** The profile of an app that may crash before and after it writes it. */
export function crashingProfile({ file, get }: Pick<App, "file" | "get">, crash: CrashPoint) {
  return {
    get,
    update: (change: (old: Profile) => Profile) => crash.around(async () => file.write(change(await get()))),
  };
}

/**
 * The app as it is after its start with the profile of `directory`, signed in.
 * @param disk what happens before an entry is written
 * @param inBrowser what the person does with an address that their browser opens
 */
export async function startApp(
  world: Surroundings,
  directory: string,
  crash: CrashPoint,
  disk: (entry: JournalEntry) => Promise<void>,
  signsIn: string,
  inBrowser: (url: string) => Promise<void>,
) {
  const { authenticator } = world;
  const vault = await world.startVault(directory);
  // The authenticator sends only so many codes in ten minutes.
  if (!world.realTime) authenticator.advance(600);
  const { email } = (await profileFile(directory).read()) ?? { email: signsIn };
  await vault.call("sendCode", { email });
  await vault.call("verifyCode", { code: await authenticator.codeFor(email) });
  const chain = createChainClient(world.config, world.patience);
  const file = profileFile(directory);
  const get = async () => {
    const profile = await file.read();
    if (!profile) throw new Error("no profile");
    return profile;
  };
  const journal = openJournal(directory);
  const crashing: Journal = {
    list: journal.list,
    save: (entry) =>
      crash.around(async () => {
        await disk(entry);
        await journal.save(entry);
      }),
  };
  const relay = world.relay();
  const person = world.person(directory);
  const browser = createSystemBrowser({
    openExternal: inBrowser,
    startsAt: [world.config.authenticator.baseUrl],
  });
  const proofs = createProofs({ vault, profile: { get }, browser, now: authenticator.time });
  const resting = new Rest<OperationView>();
  const operations = createOperations({
    proofs,
    chain,
    reader: accountReader(chain),
    relay: (call) => crash.around(() => relay(call)),
    vault: {
      call: async (method, input) => {
        crash.pass();
        return vault.call(method, input);
      },
    },
    keyNetwork: await world.keyNetwork(vault),
    profile: crashingProfile({ file, get }, crash),
    journal: crashing,
    browser,
    now: authenticator.time,
    onChange: resting.tell,
    onUnexpected: onlyCrashes,
  });
  await operations.load();
  const rest = ({ id }: OperationView) =>
    resting.of(id, () => operations.list().find((one) => one.id === id), crash);
  const prove = (need: ProofNeed) => give(proofs, person, need);
  /** Proves what is asked for until the operation comes to rest without a question. */
  const finish = async (view: OperationView): Promise<OperationView> => {
    const seen = await rest(view);
    if (seen.needs?.kind !== "proofs" || crash.crashed) return seen;
    await prove(seen.needs.need);
    return finish(operations.continue(seen.id));
  };
  return { vault, chain, relay, file, get, browser, operations, proofs, prove, rest, finish };
}
