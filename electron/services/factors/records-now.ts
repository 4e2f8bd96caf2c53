import { addressOfKey } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import {
  findOpeningProblem,
  type OpenedRecord,
  openEntries,
  type Person,
  type RecordFactor,
} from "#core/security/opened-record.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import { networkKey, type ProfileStore, withKey } from "../profile.ts";
import type { Records } from "../records/records.ts";

export interface RecordsNowOptions {
  readonly chainId: number;
  readonly reader: AccountReader;
  readonly profile: ProfileStore;
  readonly records: Records;
}

/** What the records of the network-held keys hold now. */
export interface RecordsNow {
  readonly roles: readonly ReplaceableRole[];
  /** By role; a record that nothing explains is missing. */
  readonly opened: Readonly<Partial<Record<ReplaceableRole, OpenedRecord>>>;
}

/**
 * Reads the records of all network-held keys from the chain. Where the profile no longer explains one (it was changed
 * from another computer, or the profile is an older copy), what the authenticator knows of the person may: then the
 * profile is mended.
 * @param enrolled what the authenticator knows of the person
 */
export async function readRecords(
  { chainId, reader, profile, records }: RecordsNowOptions,
  person: Person,
  enrolled: readonly RecordFactor[],
): Promise<RecordsNow> {
  const { account, keys } = await profile.get();
  const roles = REPLACEABLE_ROLES.filter((role) => networkKey(keys, role));
  const all = roles.map((role) => networkKey(keys, role)?.record?.factors ?? []).flat();
  const opened: Partial<Record<ReplaceableRole, OpenedRecord>> = {};
  for (const role of roles) {
    // Settles a change of the record that was on its way when Trivet stopped.
    const kept = (await records.read(role))?.record;
    const held = networkKey(keys, role);
    const key = held && addressOfKey(held.key);
    if (!key || !account) continue;
    const { factors: registered } = await reader.factorRecord(key);
    if (kept && !findOpeningProblem(registered, kept, person, chainId)) {
      opened[role] = kept;
      continue;
    }
    const candidates = unique([...enrolled, ...(kept?.factors ?? []), ...all]);
    const record = openEntries(registered, candidates, account.address, { person, chainId });
    if (!record) continue;
    opened[role] = record;
    await profile.update((old) => {
      const now = networkKey(old.keys, role);
      return now ? { ...old, keys: withKey(old.keys, role, { ...now, record }) } : old;
    });
  }
  return { roles, opened };
}

const unique = (factors: readonly RecordFactor[]): RecordFactor[] => [
  ...new Map(factors.map(({ type, id }) => [`${type}|${id}`, { type, id }])).values(),
];
