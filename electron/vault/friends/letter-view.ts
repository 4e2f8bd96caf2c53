import { randomUUID } from "node:crypto";
import type { NetworkConfig } from "#core/config/network.ts";
import type { Asking } from "#core/friends/answering.ts";
import { partOf, requestWords } from "#core/friends/words.ts";
import { ROLE_TEXT } from "#core/keys/role.ts";
import { typedDataDigest, type TypedData } from "#core/operations/typed-data.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { address, text } from "../signing/description.ts";
import type { FriendIdentity } from "./friend-key.ts";

const until = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

function words(letter: Asking): Pick<ConfirmView, "title" | "fields" | "then" | "otherwise" | "cannot"> {
  const { from, account } = letter;
  const asks = text("Who asks, as they call themselves", from);
  const theirs = address(`${from}'s account`, account);
  const end = text("Counts until", until(letter.expiresAt));
  switch (letter.kind) {
    case "invitation": {
      const { is, can, cannot, otherwise } = partOf(letter.role, from);
      return {
        title: `Become ${from}'s friend with a ${ROLE_TEXT[letter.role]}`,
        fields: [asks, theirs, text("Your part", is), end],
        then: `${from} gets your answer, and can put your key onto the account. ${can.join(" ")}`,
        otherwise,
        cannot: cannot.join(" "),
      };
    }
    case "request": {
      const { title, facts, then, otherwise, cannot } = requestWords(letter.operation, from);
      const reason = letter.reason === "" ? [] : [text("Why, in their words", letter.reason)];
      return {
        title: `Sign for ${from}: ${title}`,
        fields: [
          asks,
          ...reason,
          ...facts.map((one) => (one.address ? address(one.label, one.value) : text(one.label, one.value))),
          theirs,
          end,
        ],
        then,
        otherwise,
        cannot,
      };
    }
    case "check":
      return {
        title: `Tell ${from} that you are still there`,
        fields: [asks, theirs, text("Your key", ROLE_TEXT[letter.role]), end],
        then: `${from} sees that your key still works, and asks again in a year.`,
        otherwise: `If you do nothing, ${from} may give your part to somebody else.`,
        cannot: "This signature does nothing on the account: it moves no money and changes no key.",
      };
  }
}

/** What the confirm window shows before this person signs as a friend, derived from the very letter. */
export const letterView = (
  letter: Asking,
  typedData: TypedData,
  key: FriendIdentity,
  { chain }: NetworkConfig,
): ConfirmView => {
  const { fields, ...rest } = words(letter);
  return {
    id: randomUUID(),
    ...rest,
    fields: [...fields, address("You sign with", key.signer)],
    signers: [{ role: letter.role, holder: "this-computer", of: letter.from }],
    digest: typedDataDigest(typedData),
    chainName: chain.name,
  };
};
