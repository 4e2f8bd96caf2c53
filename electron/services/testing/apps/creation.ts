import { accountReader } from "../../chain/account-reader.ts";
import { createCreation } from "../../creation/creation.ts";
import { newProfile, type Profile } from "../../profile.ts";
import { type CrashPoint, onlyCrashes } from "../crash.ts";
import type { Surroundings } from "../surroundings.ts";
import { type App, crashingProfile } from "./app.ts";

/** Creates the account of a directory, or goes on with it, until it is complete or the app crashes. */
export async function runCreation(
  world: Surroundings,
  directory: string,
  app: App,
  crash: CrashPoint,
): Promise<Profile> {
  const { vault, chain, relay, file, get } = app;
  if (!(await file.read())) await file.write(newProfile(world.emailOf(directory), world.config.chain.id));
  const keyNetwork = await world.keyNetwork(vault);
  const creation = createCreation({
    chain,
    reader: accountReader(chain),
    relay: (call) => crash.around(() => relay(call)),
    vault,
    keyNetwork: {
      ...keyNetwork,
      createKey: (device) => crash.around(() => keyNetwork.createKey(device)),
      signRecord: (request) => crash.around(() => keyNetwork.signRecord(request)),
    },
    profile: crashingProfile(app, crash),
    onChange: () => undefined,
    onUnexpected: onlyCrashes,
  });
  await creation.run();
  return get();
}
