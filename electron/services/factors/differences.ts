import { isSameFactor, type RecordFactor } from "#core/security/opened-record.ts";
import type { FactorDifference, FactorRow } from "#core/wallet-api/factors.ts";
import type { KnownFactors } from "../../vault/enrolment/protocol.ts";
import type { RecordsNow } from "./records-now.ts";

/**
 * No gate counts a password, and the authenticator lets nobody remove one. So no record names it, and its being in
 * none is no difference.
 */
const isRegistered = (type: RecordFactor["type"]): boolean => type !== "password";

/** The person's factors, each with who knows of it. */
export function factorRows(
  known: KnownFactors,
  { roles, opened }: RecordsNow,
  since: (factor: RecordFactor) => number | undefined,
): FactorRow[] {
  const registered = roles.flatMap((role) => opened[role]?.factors ?? []);
  const all: (RecordFactor & { name?: string })[] = [...known.factors];
  for (const factor of registered) if (!all.some((one) => isSameFactor(one, factor))) all.push(factor);
  return all.map(({ type, id, name }) => {
    const at = since({ type, id });
    return {
      type,
      id,
      name: name ?? (type === "wallet" ? id : ""),
      ...(at !== undefined && { since: at }),
      ...(type !== "wallet" && { atAuthenticator: name !== undefined }),
      inRecordOf: roles.filter((role) =>
        opened[role]?.factors.some((one) => isSameFactor(one, { type, id })),
      ),
    };
  });
}

/** Where the authenticator and the registry do not agree. */
export function findDifferences(
  rows: readonly FactorRow[],
  { roles, opened }: RecordsNow,
): FactorDifference[] {
  // What cannot be read is not compared.
  const readable = roles.filter((role) => opened[role]);
  if (readable.length === 0) return [];
  return rows.flatMap((factor): FactorDifference[] => {
    const { type, atAuthenticator, inRecordOf } = factor;
    if (!isRegistered(type)) return [];
    if (inRecordOf.length === 0) return [{ factor, kind: "not-registered" }];
    if (atAuthenticator === false) return [{ factor, kind: "not-enrolled" }];
    return inRecordOf.length < readable.length ? [{ factor, kind: "half-registered" }] : [];
  });
}
