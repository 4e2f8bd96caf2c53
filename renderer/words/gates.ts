import { ROLE_TEXT } from "#core/keys/role.ts";
import type { Gate, GatesView, GateStanding, KeyGate } from "#core/wallet-api/gates.ts";
import type { Words } from "./operations.ts";

export const WHAT_A_GATE_IS =
  "A gate is the program with which the key network decides whether a key that it holds signs: it checks what you proved, and what you approved.";

/** What governance says of a gate, beside its name. */
export const STANDING_TEXT: Record<GateStanding, string> = {
  canonical: "the current one",
  previous: "the one before: it keeps signing",
  "rolled-back": "withdrawn: it signs nothing",
  outdated: "replaced long ago: it signs nothing",
};

/** "Gate 2", or that this version of Trivet has no name for it. */
export const gateName = ({ release }: Gate): string =>
  release ? `Gate ${release.number}` : "A gate that this version of Trivet does not know";

/** The same inside a sentence. */
const gateInSentence = ({ release }: Gate): string =>
  release ? `gate ${release.number}` : "an unknown gate";

const isStuck = ({ standing }: KeyGate): boolean => standing === "rolled-back" || standing === "outdated";

/** "your MFA key", "your MFA key and your Recovery key". */
const namesOf = (keys: readonly KeyGate[]): string =>
  keys.map(({ role }) => `your ${ROLE_TEXT[role]}`).join(" and ");

function withdrawn({ keys }: GatesView): Words {
  const stuck = keys.filter(isStuck);
  const others = keys.length > stuck.length;
  return {
    title: `The key network no longer signs with ${namesOf(stuck)}`,
    detail:
      "Governance withdrew its gate, so no node runs it, and a key cannot move away from a gate that is not run. " +
      "Nothing is lost: the key works again as soon as governance publishes that gate again. " +
      (stuck.some(({ role }) => role === "mfa") ? "Until then you cannot withdraw with it. " : "") +
      (others
        ? "You can put a key of your own in its place: your device key and your other key can do that."
        : "Your device key, and what you set up without the network, work as before."),
  };
}

/** Where the account stands, as a headline and what it means. */
export function verdictWords(view: GatesView): Words {
  const { canonical, keys } = view;
  switch (view.verdict) {
    case "no-network-keys":
      return {
        title: "No gate concerns this account",
        detail: "The network holds none of its keys, so nobody's program decides whether they sign.",
      };
    case "up-to-date":
      return {
        title: "Your keys are at the current gate",
        detail: "There is nothing to do. When governance publishes another gate, you are asked first.",
      };
    case "offered":
      return view.move
        ? {
            title: `Your account is on its way to ${canonical ? gateInSentence(canonical) : "another gate"}`,
            detail:
              view.move.done.length > 0
                ? "One of its keys is there and the other is not. Both gates sign until it is finished."
                : "No key is there yet. Each signs where it is until it has moved.",
          }
        : {
            title: `${canonical ? gateName(canonical) : "Another gate"} is published`,
            detail: "Your account stays where it is until you decide. Read what changes, then move or stay.",
          };
    case "update-trivet":
      return {
        title: "A gate is published that this version of Trivet does not know",
        detail:
          "Your keys keep signing at the gate where they are. Trivet moves to no gate that did not come with it: " +
          "update Trivet to read what changes.",
      };
    case "unknown-gate":
      return {
        title: `This version of Trivet cannot sign with ${namesOf(keys.filter(({ gate }) => !gate.release))}`,
        detail:
          "Its record names a gate that did not come with this version, perhaps because another computer of yours " +
          "moved it. Update Trivet here too. Nothing is lost.",
      };
    case "withdrawn":
      return withdrawn(view);
  }
}

/** What the two buttons lead to. */
export function consequences(view: GatesView): { then: string; otherwise: string; cannot: string } {
  const to = view.canonical ? gateInSentence(view.canonical) : "the new gate";
  return {
    then:
      `From then on ${to} decides when your network-held keys sign. If governance withdraws it again, they sign ` +
      "nothing until it is published once more; your device key is not concerned.",
    otherwise:
      "Your keys stay at the gate where they are, which keeps signing as before, and you can still move later. " +
      "Only when governance publishes yet another gate does the network stop running yours; move before that.",
    cannot:
      "It moves no money, changes no key of your account, and changes nothing in how you prove who you are.",
  };
}

/** Whether the person should hear of it on other screens. */
export const isPressing = ({ verdict, declined, move }: GatesView): boolean =>
  verdict === "withdrawn" ||
  verdict === "unknown-gate" ||
  move !== undefined ||
  (verdict === "offered" && !declined);
