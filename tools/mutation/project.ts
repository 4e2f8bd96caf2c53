import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Artifact, Sources } from "./compiler.ts";
import { closure, compile, imports } from "./compiler.ts";

const zArtifacts = z.array(
  z.object({
    source: z.string(),
    name: z.string(),
    abi: z.string(),
    bytecode: z.string(),
    deployedBytecode: z.string(),
  }),
);

/** The contracts as they are, compiled. */
export class Project {
  readonly sources: Sources;
  readonly settings: object;
  readonly #cache: string | undefined;
  readonly #compiled = new Map<string, Artifact[]>();

  /** @param cache a folder to keep compiled code in, by what it was made from */
  constructor(sources: Sources, settings: object, cache?: string) {
    this.sources = sources;
    this.settings = settings;
    this.#cache = cache;
  }

  /** Files with tests. */
  get testFiles(): string[] {
    return [...this.sources.keys()].filter((name) => name.endsWith(".t.sol")).sort();
  }

  /** Files of ours that are not tests. */
  get contractFiles(): string[] {
    return [...this.sources.keys()]
      .filter((name) => name.startsWith("contracts/") && !name.endsWith(".t.sol"))
      .sort();
  }

  /** Whether a file is another, or imports it, however far. */
  reaches(from: string, to: string): boolean {
    return closure(this.sources, from).includes(to);
  }

  /**
   * What must be compiled anew, and what must be run, when a file changes.
   *
   * - `deployed`: the files of contracts that are deployed and contain the file's code.
   * - `unitTests`: tests that contain its code themselves; compiled anew.
   * - `deployingTests`: tests that deploy those contracts by name. They stay as they are: what they expect is not to
   *   change with what they test.
   * - `both`: those of them that import the file themselves, and so may call its code, too; compiled anew as well.
   */
  concerning(file: string): {
    deployed: string[];
    unitTests: string[];
    deployingTests: string[];
    both: string[];
  } {
    const deployed = this.contractFiles.filter(
      (name) =>
        name.startsWith("contracts/src/") &&
        this.reaches(name, file) &&
        this.compiled(name).some(isDeployable),
    );
    const deployingTests = this.testFiles.filter((test) =>
      deployed.some((contract) => this.reaches(test, contract) || this.#deploys(test, contract)),
    );
    const affected = this.testFiles.filter((test) => this.reaches(test, file));
    return {
      deployed,
      unitTests: affected.filter((test) => !deployingTests.includes(test)),
      deployingTests,
      both: deployingTests.filter((test) => imports(test, this.sources.get(test) ?? "").includes(file)),
    };
  }

  /** Whether a test, or what it imports, names a file in order to deploy a contract of it, as `"src/A.sol:A"`. */
  #deploys(test: string, file: string): boolean {
    const name = `"${file.replace(/^contracts\//, "")}:`;
    return closure(this.sources, test).some((source) => this.sources.get(source)?.includes(name));
  }

  /** A file's contracts, as they are. */
  compiled(file: string): readonly Artifact[] {
    let artifacts = this.#compiled.get(file);
    if (artifacts === undefined) {
      artifacts = this.#compile(file);
      this.#compiled.set(file, artifacts);
    }
    return artifacts;
  }

  #compile(file: string): Artifact[] {
    if (this.#cache === undefined) return compile(this.sources, file, this.settings);
    const hash = createHash("sha256").update(JSON.stringify(this.settings)).update(`\0${file}`);
    for (const name of closure(this.sources, file)) hash.update(`\0${name}\0${this.sources.get(name) ?? ""}`);
    const kept = join(this.#cache, `${hash.digest("hex")}.json`);
    if (existsSync(kept)) return zArtifacts.parse(JSON.parse(readFileSync(kept, "utf8")));
    const artifacts = compile(this.sources, file, this.settings);
    mkdirSync(this.#cache, { recursive: true });
    writeFileSync(kept, JSON.stringify(artifacts));
    return artifacts;
  }
}

/** Whether anybody can call it; a library all of whose functions live in others is code, too, but nobody can. */
function isDeployable({ abi, bytecode }: Artifact): boolean {
  return bytecode !== "0x" && /"type":"(function|receive|fallback)"/.test(abi);
}
