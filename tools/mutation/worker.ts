// Judges mutants one after the other, in a process of its own: one that hangs can be ended.
import { z } from "zod";
import { Judge } from "./judge.ts";
import { OPERATORS } from "./operators.ts";
import { Project } from "./project.ts";

const zStart = z.object({
  sources: z.array(z.tuple([z.string(), z.string()])),
  settings: z.record(z.string(), z.unknown()),
  cache: z.string(),
  effort: z.object({ fuzzRuns: z.number(), invariantRuns: z.number(), invariantDepth: z.number() }),
});
const zMutant = z.object({
  file: z.string(),
  operator: z.enum(OPERATORS),
  start: z.number(),
  end: z.number(),
  replacement: z.string(),
});
const zMessage = z.union([z.object({ start: zStart }), z.object({ mutant: zMutant })]);
export type Start = z.infer<typeof zStart>;

let judge: Judge | undefined;

async function answer(message: unknown): Promise<unknown> {
  const told = zMessage.parse(message);
  if ("start" in told) {
    const { sources, settings, cache, effort } = told.start;
    judge = new Judge(new Project(new Map(sources), settings, cache), effort);
    return { ready: true };
  }
  if (judge === undefined) throw new Error("A mutant came before the contracts did");
  return { verdict: await judge.judge(told.mutant) };
}

process.on("message", (message) => {
  answer(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
