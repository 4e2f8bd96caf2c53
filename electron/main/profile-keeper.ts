import type { Profile } from "../services/profile.ts";
import type { JsonFile } from "../services/storage/json-file.ts";

/** Reads and changes the profile, one change after another, so that two changes never overwrite each other. */
export function profileKeeper(file: JsonFile<Profile>) {
  let last: Promise<unknown> = Promise.resolve();

  async function get(): Promise<Profile> {
    const profile = await file.read();
    if (!profile) throw new Error("there is no profile yet");
    return profile;
  }

  return {
    get,
    update(change: (profile: Profile) => Profile): Promise<void> {
      const next = last.then(async () => {
        await file.write(change(await get()));
      });
      // A failed change is the caller's to handle; the next one starts all the same.
      last = next.catch(() => undefined);
      return next;
    },
  };
}
