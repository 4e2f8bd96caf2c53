/** Each kind of factor as what a withdrawal takes: from the services to the released gate in its sandboxes, and the chain. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { AddedFactor } from "../../vault/authenticator/testing/person.ts";
import { withdraw } from "../operations/intents/withdraw.ts";
import { give } from "../testing/proving.ts";
import { World } from "../testing/world.ts";

const RECIPIENT = toAddress("0x00000000000000000000000000000000000a11ce");
type ProofKind = ProofNeed["given"][number]["proof"];

// The Lit client warns whenever there is no browser storage.
const mute = () => vi.spyOn(console, "warn").mockReturnValue(undefined);

let world: World;
beforeAll(async () => {
  mute();
  world = await World.start({ real: true });
});
beforeEach(() => {
  mute();
});
afterAll(async () => {
  await world.stop();
});

/** An account whose records name these besides the email address, each added and proven as a person does. */
async function accountWith(types: readonly AddedFactor[], wallet = false) {
  const { directory, account } = await world.createAccount();
  await world.fund(account, "10");
  const person = world.person(directory);
  const enrolled = await person.enrol(types);
  const { factors, proofs, rest } = await world.startFactors(directory, undefined, person.browse);
  for (const existing of enrolled) {
    let view = await rest(await factors.start({ kind: "add", type: existing.type, existing }));
    while (view.needs?.kind === "proof") {
      await give(proofs, person, view.needs.need);
      view = await rest(factors.continue(view.id));
    }
    expect(view).toMatchObject({ status: "done" });
  }
  if (wallet) {
    const { id } = await rest(await factors.start({ kind: "add", type: "wallet" }));
    expect(await rest(await factors.wallet(id, world.ledgerAddress))).toMatchObject({ status: "done" });
  }
  return directory;
}

/** A session of its own, where only the mailbox is proven, and a withdrawal that asks for more. */
async function open(directory: string) {
  const app = await world.startApp(directory);
  const begin = async () =>
    app.rest(await app.operations.start(withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n })));
  return { ...app, begin };
}

/** Withdraws with this proof and no other. */
async function withdrawWith(directory: string, proof: ProofKind) {
  const { operations, proofs, rest, begin } = await open(directory);
  const asked = await begin();
  if (asked.needs?.kind !== "proofs") throw new Error("nothing is asked for");
  const { need } = asked.needs;
  expect(need.given.map((one) => one.proof)).toEqual(["E"]);
  expect(need.ways).toContainEqual([proof]);
  if (proof === "W") return rest(operations.useWallet(asked.id, world.ledgerAddress));
  await give(proofs, world.person(directory), { ...need, ways: [[proof]] });
  return rest(operations.continue(asked.id));
}

describe.each([
  { types: ["totp", "sms"], wallet: false, suffice: ["A", "S"] },
  { types: ["passkey"], wallet: true, suffice: ["P", "W"] },
  { types: ["oauth", "totp"], wallet: false, suffice: ["C"] },
] as const)("beside the mailbox, of an account with $types (and a wallet: $wallet),", (account) => {
  let directory: string;
  beforeAll(async () => {
    directory = await accountWith(account.types, account.wallet);
  });

  test.each(account.suffice)("%s is enough for a withdrawal", async (proof) => {
    expect(await withdrawWith(directory, proof)).toMatchObject({ status: "done" });
  });
});
