import { parseArgs } from "node:util";
import { z } from "zod";
import { DEFAULT_SEED } from "./keys.ts";
import { MODEL_IDS, zModelId } from "./models.ts";
import { APPROVALS, zApproval } from "./screens/screen.ts";

export const USAGE = `Usage: npm run devnet:ledger -- [options]

  --port N                     port on 127.0.0.1 (0 for any free one; default 5001)
  --model ${MODEL_IDS.join("|")}          which Ledger it is (default flex)
  --seed "WORDS"               recovery phrase (default "${DEFAULT_SEED}")
  --raw-messages on|off        the Ethereum app's setting "Raw messages" (default off)
  --blind-signing on|off       the Ethereum app's setting "Blind signing" (default off)
  --approve ${APPROVALS.join("|")}   who answers: a person at the buttons, or nobody (default ask)
  --state DIR                  keeps model and settings there; options given here win over what is kept
  --help                       shows this`;

/** A command line that cannot be understood. The message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const onOff = z
  .enum(["on", "off"], { error: "must be on or off" })
  .transform((value) => value === "on")
  .optional();

const zArguments = z.object({
  port: z
    .string()
    .regex(/^\d{1,5}$/, "must be a number")
    .transform(Number)
    .refine((port) => port <= 65535, "must be at most 65535")
    .default(5001),
  model: z.enum(zModelId.options, { error: `must be one of ${MODEL_IDS.join(", ")}` }).optional(),
  seed: z.string().default(DEFAULT_SEED),
  "raw-messages": onOff,
  "blind-signing": onOff,
  approve: z.enum(zApproval.options, { error: `must be one of ${APPROVALS.join(", ")}` }).default("ask"),
  state: z.string().min(1, "must be a folder").optional(),
});

export type LedgerArguments = z.output<typeof zArguments>;

/**
 * Reads the command line; undefined when only help is asked for.
 * @throws UsageError
 */
export function parseArguments(args: readonly string[]): LedgerArguments | undefined {
  const text = { type: "string" } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: text,
        model: text,
        seed: text,
        "raw-messages": text,
        "blind-signing": text,
        approve: text,
        state: text,
        help: { type: "boolean" },
      },
    }));
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : "the options cannot be read", { cause });
  }
  if (values.help === true) return undefined;
  const parsed = zArguments.safeParse(values);
  if (!parsed.success) {
    throw new UsageError(
      parsed.error.issues.map(({ path, message }) => `--${path.join(".")} ${message}`).join("\n"),
    );
  }
  return parsed.data;
}
