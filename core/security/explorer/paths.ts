/** The way from things to the money, step by step, in plain words. */
import type { ReplaceableRole, Role } from "../../keys/role.ts";
import { THINGS, type Thing } from "../rules/things.ts";
import { listWords, THING_WORDS } from "../rules/words.ts";
import type { Model } from "./model.ts";
import {
  daysOf,
  type Derivation,
  type Fact,
  type Reached,
  type Signing,
  type Step,
  type Wait,
} from "./reach.ts";

/** What the money rests on, first things first; nothing where it was not reached. */
export function stepsTo(reached: Reached): Derivation[] {
  const needed = new Set<Fact>(["money"]);
  const found: Derivation[] = [];
  // What a fact rests on became true before it: one walk back is enough.
  for (const derivation of [...reached.values()].reverse()) {
    if (!needed.has(derivation.fact)) continue;
    found.push(derivation);
    for (const fact of derivation.because) needed.add(fact);
  }
  return found.reverse();
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  device: "device key",
  mfa: "MFA key",
  recovery: "recovery key",
};

/** What a thing is called in a sentence about this account. */
export function wordsFor({ account, devices }: Model, thing: string): string {
  if (devices.has(thing)) return thing === "D" ? "the unlocked computer" : `the unlocked computer ${thing}`;
  if (thing === "C") return account.credentials === "password" ? "the password" : "the social login";
  const letter = THINGS.find((one): one is Thing => one === thing);
  return letter ? `the ${THING_WORDS[letter]}` : `"${thing}"`;
}

const list = (model: Model, things: readonly string[]) =>
  listWords(things.map((thing) => wordsFor(model, thing)));

function signingWords(model: Model, { role, by, with: signers }: Signing): string {
  const key = ROLE_WORDS[role];
  switch (by) {
    case "device":
      return `an active ${key}`;
    case "own":
      return `the ${key} that is their own by now`;
    case "things":
      return `the ${key} (${list(model, signers)})`;
    case "hostile network":
      return `the ${key}, which the key network itself uses`;
    case "network":
      return `the ${key}, for which the gate takes ${list(model, signers)}`;
  }
}

/** Who can stop something while it waits. */
export const VETOES = ["active-device-key", "any-other-key", "nobody"] as const;
export type Veto = (typeof VETOES)[number];

function vetoOf(wait: Wait): Veto {
  if (wait === "override") return "nobody";
  return wait === "recovery" ? "active-device-key" : "any-other-key";
}

const VETO_WORDS: Readonly<Record<Veto, string>> = {
  "active-device-key": "an active device key can stop it",
  "any-other-key": "any other active key can stop it",
  nobody: "no veto stops it",
};

/** What was replaced, removed or had: the object of the sentence. */
function purpose(step: Extract<Step, { do: "operate" }>): string {
  const replaced = (role: ReplaceableRole) => `replace the ${ROLE_WORDS[role]} by one of their own`;
  if (step.replaces) return replaced(step.replaces);
  switch (step.kind) {
    case "withdraw":
      return "withdraw everything";
    case "unfreeze":
      return "end the freeze";
    default:
      return "add a device key of their own";
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What is done in a step, as a sentence without its end: who could stop it, and when it takes effect. */
function deed(model: Model, step: Step): string {
  switch (step.do) {
    case "hold":
      return `Have ${wordsFor(model, step.thing)}`;
    case "emergency":
      return `Withdraw everything with the emergency address (${wordsFor(model, step.thing)}), at once`;
    case "login":
      return `Sign in with ${list(model, step.proofs)}`;
    case "reset-password":
      return `Reset the password with ${list(model, step.proofs)}`;
    case "change-email":
    case "change-factor": {
      const changed = step.gives === "E" ? "the email address" : wordsFor(model, step.gives);
      const device = step.device ? ["an active device key"] : [];
      const grounds = listWords([...device, ...step.proofs.map((proof) => wordsFor(model, proof))]);
      return `Replace ${changed} by one of their own, with ${grounds}`;
    }
    case "operate": {
      const signed = listWords(step.signings.map((signing) => signingWords(model, signing)));
      return capital(`${purpose(step)} with ${signed}`);
    }
  }
}

/** One step as a sentence. */
export function describeStep(model: Model, step: Step): string {
  const done = deed(model, step);
  if (step.do !== "operate") return `${done}.`;
  const when = step.wait
    ? `it takes effect after ${daysOf(model, step.wait)} days, and ${VETO_WORDS[vetoOf(step.wait)]} meanwhile`
    : "at once";
  return `${done}; ${when}.`;
}

/** One step of a way, with what it waits for. */
export interface PathStep {
  /** What is done, as a sentence. */
  readonly text: string;
  /** Where it does not take effect at once. */
  readonly wait?: { readonly days: number; readonly veto: Veto };
}

const deedsTo = (reached: Reached): Step[] =>
  stepsTo(reached)
    .map(({ step }) => step)
    .filter((step) => step.do !== "hold");

/** The whole way step by step, without what is held from the start. */
export const pathSteps = (model: Model, reached: Reached): PathStep[] =>
  deedsTo(reached).map((step) => {
    const text = `${deed(model, step)}.`;
    if (step.do !== "operate" || step.wait === undefined) return { text };
    return { text, wait: { days: daysOf(model, step.wait), veto: vetoOf(step.wait) } };
  });

/** The whole way in sentences, without what is held from the start. */
export const describePath = (model: Model, reached: Reached): string[] =>
  deedsTo(reached).map((step) => describeStep(model, step));
