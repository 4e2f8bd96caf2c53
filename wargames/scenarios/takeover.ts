/** Somebody with a session of the owner's at the authenticator does there whatever a session can do. */
import { enrolledFactors } from "#electron/vault/authenticator/enrolled.ts";
import type { AuthenticatorClient } from "#electron/vault/authenticator/client.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import type { FactorType } from "#core/security/factors.ts";
import type { Belongings, CodeReader } from "../people/belongings.ts";
import type { Household } from "../people/household.ts";
import { phoneProof, proveEverything } from "../people/proving.ts";
import { type Scenario, SOURCE } from "../scenario.ts";
import type { WargameWorld } from "../world/world.ts";
import { LEDGER, LEVEL_0, LEVEL_2, SELF_HELD } from "./accounts.ts";

const nothingToUndo = () => Promise.resolve();

async function sessionOf(
  { authenticator }: WargameWorld,
  { target }: Household,
  thief: Belongings,
): Promise<{ client: AuthenticatorClient; session: AuthenticatorSession }> {
  const client = authenticator.client();
  const session = await proveEverything(client, thief, target, () => undefined);
  if (!session) throw new Error("the attacker has no session");
  return { client, session };
}

/** Any session can: deletes the half of the computers' secrets that the authenticator keeps. */
async function wipeSecrets(world: WargameWorld, home: Household, { app: _kept, ...thief }: Belongings) {
  const { client, session } = await sessionOf(world, home, thief);
  const { metadata } = await client.getUser(session);
  const names = Object.keys(metadata);
  if (names.length === 0) throw new Error("there is no secret to delete");
  await client.updateMetadata(session, Object.fromEntries(names.map((name) => [name, null])));
  return nothingToUndo;
}

const REMOVE: Record<
  Exclude<FactorType, "password">,
  (client: AuthenticatorClient, session: AuthenticatorSession, id: string) => Promise<unknown>
> = {
  email: ({ email }, session, id) => email.remove(session, id),
  sms: ({ sms }, session, id) => sms.remove(session, id),
  totp: ({ totp }, session, id) => totp.remove(session, id),
  passkey: ({ passkey }, session, id) => passkey.remove(session, id),
  oauth: ({ login }, session, id) => login.remove(session, id),
};

/** Who proves two categories can: adds an address and a number of their own, and removes whatever is the owner's. */
async function takeOver(world: WargameWorld, home: Household, thief: Belongings) {
  const { authenticator } = world;
  const { client, session: stolen } = await sessionOf(world, home, thief);
  const reader = (place: "inbox" | "phone", address: string): CodeReader => ({
    address,
    newestCode: () => authenticator.newestCode(place, address),
  });
  const mailbox = reader("inbox", "usurper@household.example");
  const { methodId } = await client.email.sendToAdd(stolen, mailbox.address);
  let session = await client.email.verify({ methodId, code: await mailbox.newestCode(), session: stolen });
  session = await phoneProof(reader("phone", "+15005559999"))(client, session);
  for (const { type, id } of enrolledFactors(stolen.user)) {
    if (type !== "password") await REMOVE[type](client, session, id);
  }
  const left = enrolledFactors(await client.getUser(session)).map(({ type }) => type);
  if (left.length !== 2) throw new Error(`the owner still has ${left.join(", ")}`);
  return nothingToUndo;
}

const EMERGENCY = { emergencyAddress: "Exchange" } as const;
const ON_PAPER = { unlockCode: true } as const;
const WIPED = "a thief's session deletes what unlocks the device key";
const WIPED_IN_VAIN = `${WIPED}, and the owner has an unlock code on paper`;
const REMOVED = "a thief's session removes the owner's factors";

export const TAKEOVER: readonly Scenario[] = [
  {
    name: WIPED,
    source: SOURCE.threats,
    account: LEVEL_0,
    thief: ["E"],
    disturb: wipeSecrets,
    voids: ["D"],
    promises: "safe",
    note: "a session is enough; the owner recovers as who lost the device key",
  },
  {
    name: WIPED,
    source: SOURCE.threats,
    account: LEVEL_0,
    thief: ["C", "E"],
    disturb: wipeSecrets,
    voids: ["D"],
    promises: "none",
    ownerExits: false,
    note: "who can begin a recovery, and deletes this while the wallet is locked, leaves nobody to veto it",
  },
  {
    name: WIPED,
    source: SOURCE.threats,
    account: LEVEL_2,
    thief: ["C", "E", "S"],
    disturb: wipeSecrets,
    voids: ["D"],
    promises: "none",
    ownerExits: false,
  },
  {
    name: WIPED,
    source: SOURCE.threats,
    account: LEDGER,
    thief: ["C", "E", "A"],
    disturb: wipeSecrets,
    voids: ["D"],
    promises: "none",
    ownerExits: false,
    note: "with a device key of their own and the recovery key the thief replaces the Ledger",
  },
  {
    name: WIPED,
    source: SOURCE.threats,
    account: { ...LEVEL_0, ...EMERGENCY },
    thief: ["C", "E"],
    disturb: wipeSecrets,
    voids: ["D"],
    promises: "stoppable",
  },
  {
    name: WIPED,
    source: SOURCE.threats,
    account: SELF_HELD,
    thief: ["C", "E", "A"],
    disturb: wipeSecrets,
    voids: ["D"],
    promises: "safe",
  },
  {
    name: WIPED_IN_VAIN,
    source: SOURCE.threats,
    account: { ...LEVEL_0, ...ON_PAPER },
    thief: ["C", "E"],
    disturb: wipeSecrets,
    promises: "stoppable",
  },
  {
    name: WIPED_IN_VAIN,
    source: SOURCE.threats,
    account: { ...LEVEL_2, ...ON_PAPER },
    thief: ["C", "E", "S"],
    disturb: wipeSecrets,
    promises: "stoppable",
  },
  {
    name: WIPED_IN_VAIN,
    source: SOURCE.threats,
    account: { ...LEDGER, ...ON_PAPER },
    thief: ["C", "E", "A"],
    disturb: wipeSecrets,
    promises: "stoppable",
  },
  {
    name: REMOVED,
    source: SOURCE.threats,
    account: LEVEL_2,
    thief: ["E", "A"],
    gone: "authenticator",
    disturb: takeOver,
    promises: "safe",
    ownerExits: false,
    note: "to the owner the authenticator is as good as gone",
  },
  {
    name: REMOVED,
    source: SOURCE.threats,
    account: { ...LEVEL_2, ...EMERGENCY },
    thief: ["E", "A"],
    gone: "authenticator",
    disturb: takeOver,
    promises: "safe",
  },
  {
    name: REMOVED,
    source: SOURCE.threats,
    account: SELF_HELD,
    thief: ["E", "A"],
    gone: "authenticator",
    disturb: takeOver,
    promises: "safe",
  },
];
