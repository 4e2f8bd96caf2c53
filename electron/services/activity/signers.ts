import type { Role } from "#core/keys/role.ts";
import type { Journal } from "../operations/journal.ts";

/** The roles that signed what this computer submitted, by the transaction, as far as the journal remembers. */
export async function signersInJournal(journal: Journal): Promise<ReadonlyMap<string, readonly Role[]>> {
  const entries = await journal.list();
  return new Map(
    entries.flatMap(({ transactionHash, signatures }) => {
      if (!transactionHash) return [];
      return [[transactionHash, [...new Set(signatures.map(({ role }) => role))]] as const];
    }),
  );
}
