import { accountReader } from "../../chain/account-reader.ts";
import { createRecords, type Records } from "../../records/records.ts";
import { signedRecords } from "../../records/signed-records.ts";
import type { CrashPoint } from "../crash.ts";
import type { Surroundings } from "../surroundings.ts";
import { type App, crashingProfile } from "./app.ts";

/** The records of an app's account. */
export async function startRecords(
  world: Surroundings,
  directory: string,
  app: App,
  crash: CrashPoint,
): Promise<Records> {
  const { vault, chain, relay } = app;
  const signed = signedRecords(directory);
  await signed.load();
  return createRecords({
    chain,
    reader: accountReader(chain),
    relay: (call) => crash.around(() => relay(call)),
    vault,
    keyNetwork: await world.keyNetwork(vault),
    profile: crashingProfile(app, crash),
    signed,
  });
}
