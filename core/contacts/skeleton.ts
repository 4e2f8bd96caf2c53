import unhomoglyph from "unhomoglyph";

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const SEPARATORS = /[\p{P}\p{Z}]/gu;

/**
 * What is left of a text when everything that looks alike is written alike: the skeleton of Unicode Technical
 * Standard 39, section 4 (https://www.unicode.org/reports/tr39/#Confusable_Detection), with its table of
 * confusables, and with compatibility forms (such as full-width letters) made plain besides. Two texts with one
 * skeleton may be taken for each other. Not for showing.
 */
export function skeleton(text: string): string {
  return unhomoglyph(text.normalize("NFD").replaceAll(IGNORABLE, "")).normalize("NFKD");
}

/** A text without what people do not compare by: case, spaces and punctuation; unless there is nothing else. */
export function plain(text: string): string {
  const letters = text.replaceAll(SEPARATORS, "");
  return (letters === "" ? text : letters).toLowerCase();
}

/**
 * The skeletons of a name: as it is written, and of its small letters. (A capital I looks like an l, a small i does
 * not; a capital O is a small o to whom does not mind the case.)
 */
export function nameSkeletons(name: string): readonly [written: string, small: string] {
  return [plain(skeleton(name)), plain(skeleton(name.toLowerCase()))];
}
