import { accountReader } from "../../chain/account-reader.ts";
import { joiningFile } from "../../joining/file.ts";
import { createJoining } from "../../joining/joining.ts";
import { newProfile } from "../../profile.ts";
import { createSchedule } from "../../schedule/schedule.ts";
import { type CrashPoint, onlyCrashes } from "../crash.ts";
import type { Surroundings } from "../surroundings.ts";
import { type App, crashingProfile } from "./app.ts";

/**
 * A new computer that joins an account.
 * @param email who signed in there
 */
export function startJoining(
  world: Surroundings,
  directory: string,
  app: App,
  email: string,
  crash: CrashPoint,
) {
  const { vault, chain, relay, get, operations, file } = app;
  const kept = joiningFile(directory);
  const reader = accountReader(chain);
  const now = world.authenticator.time;
  const schedule = createSchedule({ chain, reader, relay, profile: { get }, now });
  let dropped = 0;
  const joining = createJoining({
    chain,
    reader,
    schedule,
    vault: {
      call: (method, input) =>
        method === "createDeviceKey" || method === "putDeviceKeyAway"
          ? crash.around(() => vault.call(method, input))
          : vault.call(method, input),
    },
    profile: crashingProfile(app, crash),
    profileFile: { ...file, remove: () => crash.around(file.remove) },
    file: {
      ...kept,
      write: (content) => crash.around(() => kept.write(content)),
      remove: () => crash.around(kept.remove),
    },
    name: "New laptop",
    isUnlocked: () => true,
    save: (suggested) => Promise.resolve(suggested),
    dropOperations: async () => {
      for (const { id, status } of operations.list()) if (status === "waiting") await operations.drop(id);
    },
    now,
    onChange: () => undefined,
    onPhase: () => Promise.resolve(),
    onDropped: () => {
      dropped += 1;
      return Promise.resolve();
    },
    onUnexpected: onlyCrashes,
  });
  /** What the wallet does once the person signed in. */
  const enter = async () => {
    if (!(await file.read())) await file.write(newProfile(email, world.config.chain.id));
    await joining.run();
  };
  return { ...app, joining, schedule, enter, kept, dropped: () => dropped };
}
