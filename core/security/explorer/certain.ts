/**
 * A value that is there, for what the types cannot know: an entry at a place that exists, a search that cannot fail.
 * @throws RangeError naming what is missing, should that ever be wrong
 */
export function certain<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`There is no ${what}.`);
  return value;
}
