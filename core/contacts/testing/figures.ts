import { lookAlikes } from "../look-alikes.ts";
import { CONTACTS, LABELLED } from "./labelled-set.ts";

/** One group of the labelled set: how many there are, and of how many the right thing was said. */
export interface Figure {
  readonly group: string;
  readonly imitations: boolean;
  readonly total: number;
  readonly right: number;
}

/** Right is: an imitation is told to be of its very contact and of no other, a stranger of nobody. */
export function figures(): Figure[] {
  const groups = Map.groupBy(LABELLED, ({ group }) => group);
  return [...groups].map(([group, members]) => ({
    group,
    imitations: members.some(({ imitates }) => imitates !== undefined),
    total: members.length,
    right: members.filter((candidate) => {
      const found = lookAlikes(candidate, CONTACTS).map(({ contact }) => contact.name);
      return found.join() === (candidate.imitates ?? "");
    }).length,
  }));
}

/** The figures as the README of this folder shows them. */
export function figuresTable(rows: readonly Figure[]): string {
  const of = (imitations: boolean) => rows.filter((row) => row.imitations === imitations);
  const sum = (some: readonly Figure[], key: "total" | "right") =>
    some.reduce((total, row) => total + row[key], 0);
  const [found, spared] = [of(true), of(false)];
  return [
    "| imitations | found |",
    "|---|---|",
    ...found.map(({ group, right, total }) => `| ${group} | ${right} of ${total} |`),
    `| all | ${sum(found, "right")} of ${sum(found, "total")} |`,
    "",
    "| strangers | left in peace |",
    "|---|---|",
    ...spared.map(({ group, right, total }) => `| ${group} | ${right} of ${total} |`),
    `| all | ${sum(spared, "right")} of ${sum(spared, "total")} |`,
  ].join("\n");
}
