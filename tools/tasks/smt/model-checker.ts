import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { z } from "zod";
import { ROOT } from "../runner.ts";
import type { Answer, Solver } from "./solver.ts";

/** What became of a proof: all of its assertions hold, one can be violated, or the solver cannot tell. */
export type Verdict = "proved" | "violated" | "unknown";

/** A change of the source that makes the property false. */
export interface Fault {
  /** Path of the source below the project's folder. */
  file: string;
  find: string;
  replace: string;
}

const zOutput = z.object({
  errors: z.array(z.object({ severity: z.string(), message: z.string(), formattedMessage: z.string() })),
  auxiliaryInputRequested: z.object({ smtlib2queries: z.record(z.string(), z.string()) }).optional(),
});

// The package's own types say "any".
const solc = createRequire(import.meta.url)("solc") as {
  compile: (input: string, callbacks: { import: (file: string) => object }) => string;
};

/**
 * Checks every assertion of a proof: a contract named like its file. The compiler's model checker (engine CHC) turns
 * each assertion into a system of Horn clauses that has a solution if and only if no sequence of calls, whatever
 * their arguments, violates it.
 *
 * @param proof path of the proof below the project's folder
 * @param fault what to break in a source first
 * @throws Error when the proof does not compile, asserts nothing, or the fault does not fit the source
 */
export async function check(proof: string, solver: Solver, fault?: Fault): Promise<Verdict> {
  const scripts = hornClausesOf(proof, fault);
  const answers: Answer[] = [];
  for (const script of scripts) answers.push(await solver.solve(script));
  if (answers.includes("unsat")) return "violated";
  return answers.every((answer) => answer === "sat") ? "proved" : "unknown";
}

function hornClausesOf(proof: string, fault?: Fault): string[] {
  const input = {
    language: "Solidity",
    sources: { [proof]: { content: read(proof, fault) } },
    settings: {
      modelChecker: {
        contracts: { [proof]: [basename(proof, ".sol")] },
        engine: "chc",
        solvers: ["smtlib2"],
        targets: ["assert"],
        showUnproved: true,
        timeout: 0,
      },
    },
  };
  const output = zOutput.parse(
    JSON.parse(solc.compile(JSON.stringify(input), { import: (file: string) => load(file, fault) })),
  );
  const failure = output.errors.find(({ severity }) => severity === "error");
  if (failure !== undefined) throw new Error(failure.formattedMessage);
  // One script an assertion, and as long as none is answered, one complaint an assertion.
  const asserted = output.errors.filter(({ message }) =>
    message.startsWith("CHC: Assertion violation"),
  ).length;
  const scripts = Object.values(output.auxiliaryInputRequested?.smtlib2queries ?? {});
  if (asserted === 0 || scripts.length !== asserted) {
    throw new Error(`${proof}: ${String(scripts.length)} questions for ${String(asserted)} assertions.`);
  }
  return scripts;
}

function load(file: string, fault?: Fault): { contents: string } | { error: string } {
  try {
    return { contents: read(file, fault) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function read(file: string, fault?: Fault): string {
  const path = file.startsWith("@") ? join("node_modules", file) : file;
  const source = readFileSync(join(ROOT, path), "utf8");
  if (fault?.file !== file) return source;
  if (source.split(fault.find).length !== 2) throw new Error(`"${fault.find}" is not once in ${file}.`);
  return source.replace(fault.find, () => fault.replace);
}
