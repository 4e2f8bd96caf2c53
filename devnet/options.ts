import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { DEFAULT_PORT_BASE } from "./supervisor/ports.ts";

export const USAGE = `Usage: npm run devnet -- [options]

  --port-base N         first of the ports on 127.0.0.1 (default ${DEFAULT_PORT_BASE}: page ${DEFAULT_PORT_BASE}, chain +1,
                        authenticator +2, Ledger +3, nodes +11 to +14);
                        0 for any that are free
  --state DIR           keeps everything that survives there (default devnet/state)
  --ephemeral           keeps nothing: works in a temporary folder that is deleted at the end
  --ledger-seed WORDS   the software Ledger's recovery phrase
  --ledger-model NAME   nanosp or flex, for a software Ledger that has none yet
  --help                shows this`;

const DEFAULT_STATE = fileURLToPath(new URL("state", import.meta.url));

const zOptions = z
  .object({
    "port-base": z.coerce
      .number("must be a number")
      .int("must be a whole number")
      .max(65_500, "must be at most 65500")
      .refine((base) => base === 0 || base >= 1024, "must be at least 1024, or 0")
      .default(DEFAULT_PORT_BASE),
    state: z.string().min(1, "must be a folder").optional(),
    ephemeral: z.boolean().default(false),
    "ledger-seed": z.string().optional(),
    "ledger-model": z.enum(["nanosp", "flex"], "must be nanosp or flex").optional(),
  })
  .refine(
    ({ ephemeral, state }) => !(ephemeral && state !== undefined),
    "--ephemeral and --state exclude each other",
  );

export interface DevnetOptions {
  /** The first of the ports; 0 for any that are free. */
  portBase: number;
  /** Null: a temporary folder, deleted at the end. */
  state: string | null;
  ledgerSeed?: string | undefined;
  ledgerModel?: "nanosp" | "flex" | undefined;
}

/** A command line that cannot be understood; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the command line; undefined when only help is asked for.
 *
 * @throws {UsageError}
 */
export function parseOptions(args: readonly string[]): DevnetOptions | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        "port-base": text,
        state: text,
        ephemeral: flag,
        "ledger-seed": text,
        "ledger-model": text,
        help: flag,
      },
    }));
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  if (values.help === true) return undefined;
  const parsed = zOptions.safeParse(values);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `--${path.join(".")} ${message}`,
    );
    throw new UsageError(problems.join("\n"));
  }
  const { state = DEFAULT_STATE, ephemeral } = parsed.data;
  return {
    portBase: parsed.data["port-base"],
    state: ephemeral ? null : state,
    ledgerSeed: parsed.data["ledger-seed"],
    ledgerModel: parsed.data["ledger-model"],
  };
}
