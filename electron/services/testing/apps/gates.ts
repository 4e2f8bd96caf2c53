import { createSystemBrowser } from "../../browser/system-browser.ts";
import { createGates } from "../../gates/gates.ts";
import { gateNotes } from "../../gates/notes.ts";
import { createProofs } from "../../proofs/proofs.ts";
import type { CrashPoint } from "../crash.ts";
import type { Surroundings } from "../surroundings.ts";
import { type App, crashingProfile } from "./app.ts";
import { startRecords } from "./records.ts";

/** The gates of an app's account. */
export async function startGates(world: Surroundings, directory: string, app: App, crash: CrashPoint) {
  const { vault, chain } = app;
  const records = await startRecords(world, directory, app, crash);
  const browser = createSystemBrowser({ openExternal: () => Promise.resolve(), startsAt: [] });
  const profile = crashingProfile(app, crash);
  const proofs = createProofs({ vault, profile, browser, now: world.authenticator.time });
  const notes = gateNotes(directory);
  const gates = createGates({
    chain,
    records,
    proofs,
    notes: { read: () => notes.read(), write: (value) => crash.around(() => notes.write(value)) },
  });
  /** Proves the email address again. */
  const prove = async () => {
    const [email] = (await records.read("mfa"))?.record.factors ?? [];
    if (!email) throw new Error("no email address");
    await proofs.sendCode({ kind: "email", id: email.id });
    const code = await world.authenticator.codeFor(world.emailOf(directory));
    await proofs.give({ kind: "email", code });
  };
  return { gates, records, prove };
}
