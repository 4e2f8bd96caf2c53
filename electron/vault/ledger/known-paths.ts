import { readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { zLedgerPath } from "#core/ledger/paths.ts";
import { type Address, zAddress } from "#core/primitives/address.ts";

const zKnownPaths = z.strictObject({
  version: z.literal(1),
  /** The path of each address that a person saw on a Ledger. */
  paths: z.record(zAddress, zLedgerPath),
});

/** At which path which address was seen on a Ledger: no secret, and found again by looking where it is a usual one. */
export interface KnownPaths {
  readonly pathOf: (address: Address) => Promise<string | undefined>;
  readonly remember: (address: Address, at: string) => Promise<void>;
}

/** @param onDamaged told of a file that cannot be read; it is begun anew */
export function knownPaths(directory: string, onDamaged: (cause: unknown) => void): KnownPaths {
  const file = path.join(directory, "ledger-paths.json");

  async function read(): Promise<z.output<typeof zKnownPaths>["paths"]> {
    try {
      return zKnownPaths.parse(JSON.parse(await readFile(file, "utf8"))).paths;
    } catch (cause) {
      if (!isMissing(cause)) onDamaged(cause);
      return {};
    }
  }

  let last: Promise<unknown> = Promise.resolve();

  return {
    pathOf: async (address) => (await read())[address],
    remember(address, at) {
      const written = last.then(async () => {
        const paths = { ...(await read()), [address]: at };
        await writeFileAtomic(file, JSON.stringify({ version: 1, paths }, undefined, 2), { mode: 0o600 });
      });
      last = written.catch(() => undefined);
      return written;
    },
  };
}

const isMissing = (cause: unknown): boolean =>
  z.object({ code: z.literal("ENOENT") }).safeParse(cause).success;
