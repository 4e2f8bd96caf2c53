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
