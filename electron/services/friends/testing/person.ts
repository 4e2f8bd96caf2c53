import type { OpenedLetter } from "#core/wallet-api/friends.ts";
import type { World } from "../../testing/world.ts";
import { createFriends } from "../friends.ts";
import { friendNotes } from "../notes.ts";

/** A person with an account and a Trivet of their own; `app` is opened anew as often as a test wants. */
export async function person(world: World) {
  const { directory, account } = await world.createAccount();
  const open = async () => {
    const app = await world.startApp(directory);
    const saved: string[] = [];
    let passed = 0;
    const friends = createFriends({
      chain: app.chain,
      vault: app.vault,
      profile: { get: app.get },
      operations: app.operations,
      notes: friendNotes(directory),
      save: (name) => {
        saved.push(name);
        return Promise.resolve(name);
      },
      page: () => Promise.resolve("the page"),
      now: () => world.now() + passed * 1000,
    });
    return { ...app, friends, saved, pass: (seconds: number) => (passed += seconds) };
  };
  return { ...(await open()), account, directory, open };
}
export type Person = Awaited<ReturnType<typeof person>>;

/** An opened letter, which has to be of that kind. */
export function as<K extends OpenedLetter["kind"]>(
  opened: OpenedLetter,
  kind: K,
): Extract<OpenedLetter, { kind: K }> {
  if (opened.kind !== kind) throw new Error(`opened a ${opened.kind}`);
  // The kind was just compared; TypeScript does not narrow a union by a generic.
  return opened as Extract<OpenedLetter, { kind: K }>;
}
