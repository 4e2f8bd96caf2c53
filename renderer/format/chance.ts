const twoDigits = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 });
const bounds = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2, useGrouping: false });

/** A chance in per cent, two digits that count: "0.35 %". */
export function formatPercent(chance: number): string {
  return `${twoDigits.format(chance * 100)} %`;
}

/** An interval of chances: "3 to 10 %". */
export function formatPercents([least, most]: readonly [number, number]): string {
  return least === most
    ? formatPercent(least)
    : `${bounds.format(least * 100)} to ${bounds.format(most * 100)} %`;
}

/** A chance as people compare chances: "1 in 290". */
export function formatOneIn(chance: number): string {
  if (chance <= 0) return "none";
  return chance > 0.5 ? "more often than not" : `1 in ${twoDigits.format(1 / chance)}`;
}
