import { parseArgs } from "node:util";
import { z } from "zod";
import { zAddress } from "#core/primitives/address.ts";

/** What was asked for cannot be done; the message says why. */
export class UsageError extends Error {}

export const USAGE = `npm run watch -- --account 0x… --network network.json [options]

  --account 0x…          whose account; may be given several times
  --network FILE         the description of the network (docs/networks.md): its chain and contracts
  --rpc URL              an RPC of that chain instead of the description's; several are compared
  --notify webhook=URL   post every message there as JSON; may be given several times
  --notify command=FILE  run this program, without a shell, with the message as JSON on its stdin
  --state FILE           what is remembered between starts (default: watch-state.json)
  --from-block N         the first block that can hold an event of the accounts (default: 0)
  --every SECONDS        how often to look (default: 12)
  --once                 look until everything is read, send what there is, and end: for cron
`;

const zWebUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine((url) => /^https:|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(`${url}/`), {
    error: "must be https, or http on this computer: what it carries says what you own",
  });

const zNotify = z.string().transform((text, context) => {
  const at = text.indexOf("=");
  const kind = text.slice(0, Math.max(at, 0));
  const target = text.slice(at + 1);
  if (kind === "webhook") {
    const url = zWebUrl.safeParse(target);
    if (url.success) return { kind: "webhook" as const, url: url.data };
    context.addIssue({ code: "custom", message: url.error.issues[0]?.message ?? "is no address" });
    return z.NEVER;
  }
  if (kind === "command" && target !== "") return { kind: "command" as const, file: target };
  context.addIssue({ code: "custom", message: "must be webhook=URL or command=FILE" });
  return z.NEVER;
});
export type Notify = z.output<typeof zNotify>;

const whole = (least: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= least, `must be at least ${least}`);

const zOptions = z.object({
  account: z.array(zAddress, { error: "name an account: --account 0x…" }).min(1),
  network: z.string({ error: "name the network's description: --network FILE" }),
  rpc: z.array(zWebUrl).default([]),
  notify: z.array(zNotify).default([]),
  state: z.string().default("watch-state.json"),
  "from-block": whole(0).default(0),
  every: whole(1).default(12),
  once: z.boolean().default(false),
});
export type WatchOptions = z.output<typeof zOptions>;

/**
 * Reads the options of the command line.
 * @throws UsageError with a sentence that names the first thing that is wrong
 */
export function watchOptions(args: readonly string[]): WatchOptions {
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        account: { type: "string", multiple: true },
        network: { type: "string" },
        rpc: { type: "string", multiple: true },
        notify: { type: "string", multiple: true },
        state: { type: "string" },
        "from-block": { type: "string" },
        every: { type: "string" },
        once: { type: "boolean" },
      },
    }));
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const parsed = zOptions.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [name] = issue?.path ?? [];
  const isMissing = name !== undefined && !(String(name) in values);
  throw new UsageError(isMissing ? (issue?.message ?? "") : `--${String(name)} ${issue?.message ?? ""}`);
}
