import { z } from "zod";

/** What of the first version has another form in the second. The rest passes as it is. */
const zVersion1 = z.looseObject({
  version: z.literal(1),
  users: z.array(
    z.looseObject({
      factors: z.object({
        email: z.object({ emailId: z.string(), address: z.string(), verified: z.boolean() }),
        totp: z.unknown().optional(),
      }),
    }),
  ),
});

/**
 * Brings a state that an earlier version wrote into the present form. Codes that were on their way are forgotten.
 *
 * @returns anything else unchanged, for the schema to judge
 */
export function migrate(state: unknown): unknown {
  const parsed = zVersion1.safeParse(state);
  if (!parsed.success) return state;
  const { users, ...rest } = parsed.data;
  return {
    ...rest,
    version: 2,
    users: users.map(({ factors: { email, totp }, ...user }) => ({
      ...user,
      factors: {
        emails: [{ id: email.emailId, address: email.address, verified: email.verified }],
        phones: [],
        ...(totp === undefined ? {} : { totp }),
        passkeys: [],
        logins: [],
        wallets: [],
      },
    })),
    phone: [],
    sent: [],
    resetTokens: [],
    passkeyChallenges: [],
    oauth: { flows: [], tokens: [], attachTokens: [] },
  };
}
