import { readdirSync, readFileSync } from "node:fs";

/** A process of this computer; Linux only. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** What was started, with its arguments. */
  readonly command: string;
}

function read(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, can hold anything; the parent is the second field after it.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, parent, command };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** The processes with these ids, and all that they started. */
export function processTree(roots: readonly number[]): ProcessInfo[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)) ?? []);
  const tree = all.filter(({ pid }) => roots.includes(pid));
  // Grows while it is walked.
  for (const { pid } of tree) {
    tree.push(...all.filter((one) => one.parent === pid && !tree.includes(one)));
  }
  return tree;
}
