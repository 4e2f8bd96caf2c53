import { certain } from "./certain.ts";

/** A table over the subsets of n things as a decision diagram: parts of it that are equal are one node. */
export interface Diagram {
  readonly root: number;
  /** The part of a node at a depth where thing number `depth` is not in the set. At the end: the table's value. */
  readonly without: (depth: number, node: number) => number;
  /** The part where it is. */
  readonly having: (depth: number, node: number) => number;
}

interface Level {
  readonly without: number[];
  readonly having: number[];
}

/** @param table 2^count values, by mask; thing number i is bit i */
export function diagramOf(table: readonly number[], count: number): Diagram {
  const levels: Level[] = [];
  let nodes = table;
  for (let depth = count - 1; depth >= 0; --depth) {
    const level: Level = { without: [], having: [] };
    const known = new Map<string, number>();
    nodes = Array.from({ length: 1 << depth }, (_, mask) => {
      const without = certain(nodes[mask], "node");
      const having = certain(nodes[mask | (1 << depth)], "node");
      const pair = `${without} ${having}`;
      const node = known.get(pair) ?? level.without.length;
      if (node === level.without.length) {
        known.set(pair, node);
        level.without.push(without);
        level.having.push(having);
      }
      return node;
    });
    levels[depth] = level;
  }
  return {
    root: certain(nodes[0], "root"),
    without: (depth, node) => certain(levels[depth]?.without[node], "node"),
    having: (depth, node) => certain(levels[depth]?.having[node], "node"),
  };
}
