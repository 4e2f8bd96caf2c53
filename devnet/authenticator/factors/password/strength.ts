/** How hard a password is to guess, by zxcvbn: Stytch's default policy. */
import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { LIMITS } from "../../limits.ts";

export interface Strength {
  readonly valid: boolean;
  /** 0 (guessed at once) to 4. */
  readonly score: number;
  readonly warning: string;
  readonly suggestions: readonly string[];
}

let estimator: Promise<ZxcvbnFactory> | undefined;

/** Rates a password for the person with an email address; a password made of the address is a weak one. */
export async function rateStrength(password: string, email: string | undefined): Promise<Strength> {
  estimator ??= loadEstimator();
  const words = email === undefined ? [] : [email, ...email.split(/[^\p{L}\p{N}]+/u)];
  const { score, feedback } = (await estimator).check(password, words);
  const longEnough = password.length >= LIMITS.minPasswordLength;
  return {
    valid: longEnough && score >= LIMITS.minPasswordScore,
    score,
    warning: longEnough ? (feedback.warning ?? "") : `Use at least ${LIMITS.minPasswordLength} characters.`,
    suggestions: feedback.suggestions,
  };
}

/** The dictionaries are large and most runs never see a password, so they are read when the first one comes. */
async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
}
