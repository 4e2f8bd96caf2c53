import { listWords } from "#core/security/rules/words.ts";
import type { ContactCheck, Resemblance } from "#core/wallet-api/contacts.ts";
import type { Words } from "./operations.ts";

/** How somebody is called who is known: by the name, or as somebody who was paid. */
const known = ({ known: { name } }: Resemblance): string => name ?? "an address that you paid before";

/** That somebody may be taken for somebody else, as a warning. */
export function resemblanceWords(one: Resemblance): Words {
  const scripts =
    one.otherScripts.length > 0
      ? ` It has ${listWords(one.otherScripts, "and")} letters that only look the same.`
      : "";
  switch (one.likeness) {
    case "same-ends":
      return {
        title: `This address looks like ${known(one)}, but is not`,
        detail:
          "It begins and ends in the same way and differs between. Such addresses are made to be copied by mistake. Compare every group with the right one:",
      };
    case "few-digits-differ":
      return {
        title: `This address is almost that of ${known(one)}, but is not`,
        detail: "A few characters differ. Compare every group with the right one:",
      };
    case "same-name":
      return {
        title: `You know ${known(one)} by another address`,
        detail: "Ask them over another channel whether this one is theirs, too. The one you know:",
      };
    case "looks-like-name":
      return {
        title: `This name is read as ${known(one)}, but is another`,
        detail: `It is written with other characters.${scripts} The address that you know:`,
      };
    case "similar-name":
      return {
        title: `This name is one letter away from ${known(one)}`,
        detail: "Is it somebody else? The address that you know:",
      };
  }
}

/** That a name mixes alphabets. */
export const mixedScriptsWords = (scripts: readonly string[]): Words => ({
  title: `A word of this name mixes ${listWords(scripts, "and")} letters`,
  detail: "Nobody writes so; imitations do. Type the name by hand instead of pasting it.",
});

/** Whether there is anything to warn of. */
export const isSuspicious = ({ resemblances, mixedScripts }: ContactCheck): boolean =>
  resemblances.length > 0 || mixedScripts.length > 0;
