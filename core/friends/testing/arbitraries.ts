import fc from "fast-check";
import { REPLACEABLE_ROLES } from "../../keys/role.ts";
import { anyAddress, anyBytes, anyOperation } from "../../testing/arbitraries.ts";
import { type Letter, zLetter } from "../letters.ts";
import { MOST_SIGNATURE_BYTES } from "../limits.ts";

const anyDomain = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 31 }),
  implementation: anyAddress,
});
const anyName = fc.constantFrom("Ana", "Ben Müller", "李", "Zoë 🌿", "O'Hara");
const anyFriendKey = fc.record({ signer: anyAddress, salt: anyBytes(32) });
const anyTimes = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 }), fc.integer({ min: 1, max: 2 ** 25 }))
  .map(([createdAt, lifetime]) => ({ createdAt, expiresAt: createdAt + lifetime }));
/** What a friend signed with: a plain key, or a contract. */
const anySigned = fc.oneof(
  fc.record({ version: fc.constant(1), signature: anyBytes(65) }),
  fc.record({
    version: fc.constant(2),
    signature: fc.integer({ min: 0, max: MOST_SIGNATURE_BYTES }).chain(anyBytes),
  }),
);
const signing = { key: anyFriendKey, signed: anySigned };

/** Any letter of any kind, as one that was read. */
export const anyLetter: fc.Arbitrary<Letter> = fc
  .tuple(
    fc.record({ domain: anyDomain, account: anyAddress }),
    fc.tuple(anyTimes, anyName).map(([times, from]) => ({ ...times, from })),
    fc.constantFrom(...REPLACEABLE_ROLES),
    fc.oneof(
      fc.record({ kind: fc.constant("invitation" as const), hidden: fc.boolean(), challenge: anyBytes(32) }),
      fc.record({ kind: fc.constant("acceptance" as const), invitation: anyBytes(32), ...signing }),
      fc.record({
        kind: fc.constant("request" as const),
        reason: fc.constantFrom("My laptop was stolen.", "", "Ich bin’s: 🙂"),
        operation: anyOperation,
        needed: fc.integer({ min: 1, max: 7 }),
        keys: fc.array(anyFriendKey, { maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant("signature" as const), operation: anyBytes(32), ...signing }),
      fc.record({ kind: fc.constant("check" as const), key: anyFriendKey, challenge: anyBytes(32) }),
      fc.record({ kind: fc.constant("presence" as const), check: anyBytes(32), ...signing }),
    ),
  )
  .map(([{ domain, account }, asking, role, rest]) => {
    const header = { trivet: "friend", version: 1, domain, account };
    switch (rest.kind) {
      case "invitation":
      case "check":
        return zLetter.parse({ ...header, ...asking, role, ...rest });
      case "request": {
        const { operation, ...others } = rest;
        const json = JSON.parse(
          JSON.stringify({ ...operation, account }, (_name, value: unknown) =>
            typeof value === "bigint" ? value.toString() : value,
          ),
        ) as unknown;
        return zLetter.parse({ ...header, ...asking, role, ...others, operation: json });
      }
      case "acceptance": {
        const { signed, ...others } = rest;
        return zLetter.parse({ ...header, role, ...others, ...signed });
      }
      case "signature":
      case "presence": {
        const { signed, ...others } = rest;
        return zLetter.parse({ ...header, ...others, ...signed });
      }
    }
  });
