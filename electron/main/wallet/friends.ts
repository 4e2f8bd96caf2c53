import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";
import { waysShown } from "./ways.ts";

export const friendsHandlers = ({ account, friends }: Services): HandlersOf<"friends"> => ({
  "friends.view": async () => {
    await account();
    return friends.view();
  },
  "friends.invite": async (wish) => {
    await account();
    return friends.invite(wish);
  },
  "friends.invitation": ({ id }) => friends.invitation(id),
  "friends.withdrawInvitation": ({ id }) => friends.withdrawInvitation(id),
  "friends.open": async ({ text }) => {
    await account();
    return friends.open(text);
  },
  "friends.reviewAddition": async ({ text, instead }) => {
    await account();
    const { ways, deploysFirst } = await friends.reviewAddition(text, instead);
    return { ways: waysShown(ways), deploysFirst };
  },
  "friends.add": async ({ text, instead, signedBy }) => {
    await account();
    return friends.add(text, instead, signedBy);
  },
  "friends.answer": async ({ text }) => {
    await account();
    return friends.answer(text);
  },
  "friends.request": async ({ id, from, reason }) => {
    await account();
    return friends.request(id, { from, reason });
  },
  "friends.check": async ({ id }) => {
    await account();
    return friends.check(id);
  },
  "friends.savePage": async () => {
    const savedAs = await friends.savePage();
    return savedAs === undefined ? {} : { savedAs };
  },
  "friends.save": async ({ text }) => {
    const savedAs = await friends.save(text);
    return savedAs === undefined ? {} : { savedAs };
  },
});
