import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { z } from "zod";

/** Source text by name; names are paths from the project's folder, or those of npm packages. */
export type Sources = ReadonlyMap<string, string>;

/** What the compiler made of a contract, as the test runner wants it. */
export interface Artifact {
  readonly source: string;
  readonly name: string;
  readonly abi: string;
  /** The code that deploys it; "0x" of an interface or abstract contract. */
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

export class CompilationFailed extends Error {
  override name = "CompilationFailed";
}

const zOutput = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).optional(),
  sources: z.record(z.string(), z.object({ ast: z.unknown().optional() })).optional(),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.array(z.unknown()),
          evm: z.object({
            bytecode: z.object({ object: z.string() }),
            deployedBytecode: z.object({ object: z.string() }),
          }),
        }),
      ),
    )
    .optional(),
});

const zCompiler = z.object({ compile: z.function({ input: [z.string()], output: z.string() }) });

let compiler: z.infer<typeof zCompiler> | undefined;

/** npm's solc; loading it takes a while, so only once and only where it is needed. */
function solc(): z.infer<typeof zCompiler> {
  compiler ??= zCompiler.parse(createRequire(import.meta.url)("solc"));
  return compiler;
}

function run(sources: Sources, root: string, settings: object): z.infer<typeof zOutput> {
  const needed: Record<string, { content: string }> = {};
  for (const name of closure(sources, root)) needed[name] = { content: sources.get(name) ?? "" };
  const input = { language: "Solidity", sources: needed, settings };
  const output = zOutput.parse(JSON.parse(solc().compile(JSON.stringify(input))));
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new CompilationFailed(error.formattedMessage);
  return output;
}

/**
 * The contracts of one file, compiled apart from all others.
 *
 * @param settings the compiler's, in its own standard JSON form
 * @throws CompilationFailed
 */
export function compile(sources: Sources, root: string, settings: object): Artifact[] {
  const wanted = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"];
  const { contracts } = run(sources, root, { ...settings, outputSelection: { [root]: { "*": wanted } } });
  return Object.entries(contracts?.[root] ?? {}).map(([name, { abi, evm }]) => ({
    source: root,
    name,
    abi: JSON.stringify(abi),
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
  }));
}

/**
 * The syntax trees of a file and of everything it imports, checked and with types.
 *
 * @returns by source name
 * @throws CompilationFailed
 */
export function parse(sources: Sources, root: string): Map<string, unknown> {
  const output = run(sources, root, { outputSelection: { "*": { "": ["ast"] } } });
  return new Map(Object.entries(output.sources ?? {}).map(([name, { ast }]) => [name, ast]));
}

/** A file and everything it imports, in a fixed order. */
export function closure(sources: Sources, root: string): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = sources.get(name);
    if (text === undefined) throw new Error(`${name} is imported but missing`);
    for (const imported of imports(name, text)) visit(imported);
  };
  visit(root);
  return [...seen].sort();
}

/** The names of the files a source imports. */
export function imports(name: string, text: string): string[] {
  const statements = text.matchAll(/^\s*import\s+(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm);
  return [...statements].map(([, path = ""]) =>
    path.startsWith(".") ? posix.join(posix.dirname(name), path) : path,
  );
}

/**
 * Reads files and everything they import.
 *
 * @param folder the project's
 * @param roots paths from there
 */
export function readSources(folder: string, roots: readonly string[]): Map<string, string> {
  const sources = new Map<string, string>();
  const visit = (name: string) => {
    if (sources.has(name)) return;
    const own = join(folder, name);
    const text = readFileSync(existsSync(own) ? own : join(folder, "node_modules", name), "utf8");
    sources.set(name, text);
    for (const imported of imports(name, text)) visit(imported);
  };
  for (const root of roots) visit(root);
  return sources;
}
