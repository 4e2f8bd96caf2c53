/** Frozen accounts, before the bundled gate: an account that was really locked on a chain. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { newOwner } from "#contracts/testing/world.ts";
import type { Operation } from "#core/operations/operation.ts";
import { zOperationId } from "#core/primitives/hex.ts";
import { GateWorld, type Household } from "#devnet/testing/gate-world.ts";
import { person, recordOf } from "#devnet/testing/token-issuer.ts";
import { addressOf, expectGranted, expectRefusal, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const BOTH = { proven: { email: 0, totp: 0 } };

let gates: GateWorld;
let home: Household;

beforeAll(async () => {
  gates = await GateWorld.start();
  home = await gates.createHousehold({ who: ada });
  const { owner, account } = home;
  await gates.world.run({ kind: "lock", account, nonce: 0n }, [owner.device]);
});
afterAll(async () => {
  await gates.stop();
});

async function runFor(operation: Operation, who = home) {
  const request = await gates.operationRequest(who, operation, await gates.issuer.token(ada, BOTH));
  return gates.run(request, addressOf(who.owner.device));
}

describe("for a frozen account, the gate", () => {
  test("signs no withdrawal and no change", async () => {
    const { account } = home;
    expectRefusal(await runFor(withdrawal(account)), "account-frozen");
    expectRefusal(await runFor({ kind: "archive", account, nonce: 1n }), "account-frozen");
    expectRefusal(
      await runFor({ kind: "setSuccessor", account, successor: account, nonce: 1n }),
      "account-frozen",
    );
  });

  test("signs its unfreezing and the cancelling of what is scheduled", async () => {
    const { account } = home;
    expectGranted(await runFor({ kind: "unfreeze", account, nonce: 1n }));
    const operation = zOperationId.parse(`0x${"ab".repeat(32)}`);
    expectGranted(await runFor({ kind: "cancel", account, operation, nonce: 1n }));
  });

  test("changes no record, and sets no first one", async () => {
    const jwt = await gates.issuer.token(ada, BOTH);
    const record = recordOf(ada, home.account);
    const change = await gates.recordRequest(home, { record, version: 2n }, jwt);
    const device = addressOf(home.owner.device);
    expectRefusal(await gates.run(change, device), "account-frozen");
    const owner = { ...newOwner(), device: home.owner.device };
    const first = await gates.recordRequest({ owner, who: ada }, { record }, jwt);
    expectRefusal(await gates.run(first, device), "account-frozen");
  });

  test("signs again as soon as it is unfrozen", async () => {
    const { owner, account } = home;
    await gates.world.run({ kind: "unfreeze", account, nonce: 1n }, [owner.device, owner.mfa]);
    expectGranted(await runFor(withdrawal(account)));
  });
});
