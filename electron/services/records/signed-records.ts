import path from "node:path";
import { z } from "zod";
import { type Hex, zBytes32 } from "#core/primitives/hex.ts";
import { jsonFile } from "../storage/json-file.ts";

/** Nobody changes records so often within the time for which the watcher tells of a change. */
const KEPT = 100;

const zSigned = z.strictObject({ version: z.literal(1), records: z.array(zBytes32) });

/** The records that this computer had written, by their ids (`recordId`): their news are no news. */
export interface SignedRecords {
  /** Reads what earlier starts left. */
  readonly load: () => Promise<void>;
  readonly has: (record: Hex) => boolean;
  /**
   * Counts a record while it is written, and from then on once it is.
   * @param write rejects when the registry does not hold it in the end: then whoever writes it later is somebody else
   */
  readonly during: (record: Hex, write: () => Promise<void>) => Promise<void>;
}

/** The memory of what this computer had written, in one file that is always whole. */
export function signedRecords(directory: string): SignedRecords {
  const file = jsonFile(path.join(directory, "signed-records.json"), zSigned);
  let records: readonly Hex[] = [];

  async function keep(next: readonly Hex[]): Promise<void> {
    records = next.slice(-KEPT);
    await file.write({ version: 1, records: [...records] });
  }
  const without = (record: Hex) => records.filter((one) => one !== record);

  return {
    async load() {
      records = (await file.read())?.records ?? [];
    },
    has: (record) => records.includes(record),
    async during(record, write) {
      // Kept before anything is sent: the watcher may see it first.
      await keep([...without(record), record]);
      try {
        await write();
      } catch (cause) {
        await keep(without(record));
        throw cause;
      }
    },
  };
}
