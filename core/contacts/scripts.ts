/** The scripts in which people write names; others are rare enough to be told as such. */
const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Hebrew",
  "Arabic",
  "Devanagari",
  "Bengali",
  "Tamil",
  "Thai",
  "Georgian",
  "Ethiopic",
  "Cherokee",
  "Hangul",
  "Hiragana",
  "Katakana",
  "Han",
] as const;
const MATCHERS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "u")] as const);

/** The scripts of a text's letters, as Unicode names them. */
export function scriptsOf(text: string): string[] {
  return MATCHERS.filter(([, matcher]) => matcher.test(text)).map(([script]) => script);
}

/** Alphabets whose letters are taken for each other's; nobody writes two of them in one word. */
const ALPHABETS: ReadonlySet<string> = new Set(["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee"]);

/**
 * The alphabets that stand together in one word of a name, as nobody writes and as imitations are made. Words in
 * different alphabets side by side are no mixture, nor are the scripts that Chinese, Japanese and Korean are written in.
 */
export function mixedScripts(name: string): string[] {
  const mixtures = name
    .split(/[\p{P}\p{Z}]+/u)
    .map((word) => scriptsOf(word).filter((script) => ALPHABETS.has(script)))
    .filter(({ length }) => length > 1);
  return [...new Set(mixtures.flat())];
}
