import type { Artifact } from "./compiler.ts";
import { CompilationFailed, compile } from "./compiler.ts";
import type { Mutant } from "./operators.ts";
import { apply } from "./operators.ts";
import type { Project } from "./project.ts";
import type { Effort } from "./test-runner.ts";
import { isSuite, runSuite } from "./test-runner.ts";

/** What became of a mutant. Those that do not compile, or compile to the very same code, do not count. */
export type Verdict =
  | { readonly outcome: "killed"; readonly by: string }
  | { readonly outcome: "survived" }
  | { readonly outcome: "invalid" }
  | { readonly outcome: "equivalent" };

/** Judges mutants, and remembers which tests killed many: they run first. */
export class Judge {
  readonly #project: Project;
  readonly #effort: Effort;
  readonly #kills = new Map<string, number>();

  constructor(project: Project, effort: Effort) {
    this.#project = project;
    this.#effort = effort;
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const project = this.#project;
    const original = project.sources.get(mutant.file);
    if (original === undefined) throw new Error(`There is no ${mutant.file}`);
    const sources = new Map(project.sources).set(mutant.file, apply(original, mutant));
    const { deployed, unitTests, deployingTests, both } = project.concerning(mutant.file);
    if (unitTests.length + deployingTests.length === 0) throw new Error(`No test is about ${mutant.file}`);
    try {
      // The small ones first: most mutants of a library end here, without the whole account being compiled.
      let differs = false;
      for (const file of unitTests) {
        const suites = compile(sources, file, project.settings);
        if (!isDifferent(suites, [file], project)) continue;
        differs = true;
        const by = await this.#firstToFail(suites, []);
        if (by !== undefined) return { outcome: "killed", by };
      }
      const changed = deployed.flatMap((file) => compile(sources, file, project.settings));
      if (isDifferent(changed, deployed, project)) {
        differs = true;
        const suites = deployingTests.flatMap((file) => project.compiled(file));
        const by = await this.#firstToFail(suites, changed);
        if (by !== undefined) return { outcome: "killed", by };
      }
      for (const file of both) {
        const suites = compile(sources, file, project.settings);
        if (!isDifferent(suites, [file], project)) continue;
        differs = true;
        const by = await this.#firstToFail(suites, changed);
        if (by !== undefined) return { outcome: "killed", by };
      }
      return { outcome: differs ? "survived" : "equivalent" };
    } catch (error) {
      if (error instanceof CompilationFailed) return { outcome: "invalid" };
      throw error;
    }
  }

  async #firstToFail(
    artifacts: readonly Artifact[],
    changed: readonly Artifact[],
  ): Promise<string | undefined> {
    const suites = artifacts.filter(isSuite).sort((a, b) => this.#killsBy(b) - this.#killsBy(a));
    const others = this.#others(changed);
    for (const suite of suites) {
      const helpers = artifacts.filter((other) => other.source === suite.source && !isSuite(other));
      const test = await runSuite(suite, [...others, ...helpers], this.#effort);
      if (test === undefined) continue;
      this.#kills.set(keyOf(suite), this.#killsBy(suite) + 1);
      return `${suite.name}.${test}`;
    }
    return undefined;
  }

  /** Everything that tests deploy by name, the changed contracts in the place of the original ones. */
  #others(changed: readonly Artifact[]): Artifact[] {
    const keys = new Set(changed.map(keyOf));
    const rest = this.#project.contractFiles.flatMap((file) => this.#project.compiled(file));
    return [...changed, ...rest.filter((artifact) => !keys.has(keyOf(artifact)))];
  }

  #killsBy(suite: Artifact): number {
    return this.#kills.get(keyOf(suite)) ?? 0;
  }
}

function keyOf({ source, name }: Artifact): string {
  return `${source}:${name}`;
}

function isDifferent(artifacts: readonly Artifact[], files: readonly string[], project: Project): boolean {
  const code = new Map(files.flatMap((file) => project.compiled(file)).map((it) => [keyOf(it), it.bytecode]));
  return artifacts.some((artifact) => artifact.bytecode !== code.get(keyOf(artifact)));
}
