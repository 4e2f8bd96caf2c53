/** Stories about accounts that are made to stand still. */
import { parseEventLogs } from "viem";
import { accountAbi } from "#contracts/abi.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import type { Operation } from "#core/operations/operation.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { zOperationId } from "#core/primitives/hex.ts";
import { thingsOf } from "#core/security/explorer/account.ts";
import { Actor, type Outcome } from "../people/actor.ts";
import { FUNDS, type Household } from "../people/household.ts";
import type { Attack } from "../scenario.ts";

const nothing = (steps: readonly string[]): Outcome => ({ gotFunds: false, afterSeconds: null, steps });

/** A blackmailer freezes the account in every way they can; the owner ends it at once, and it does not come back. */
export async function lockAndArchive(
  { world, target, holds, to }: Attack,
  home: Household,
): Promise<Outcome> {
  const thief = await Actor.create(world, target, holds);
  const owner = await Actor.create(world, target, home.belongings(new Set(thingsOf(home.account))));
  const steps = [
    `archive: ${await thief.attempt({ kind: "archive" })} (${thief.why({ kind: "archive" })})`,
    `lock: ${await thief.attempt({ kind: "lock" })}`,
    `the owner unfreezes: ${await owner.attempt({ kind: "unfreeze" })}`,
    `lock again: ${await thief.attempt({ kind: "lock" })} (${thief.why({ kind: "lock" })})`,
  ];
  const stolen = await thief.takeAll(to);
  const frozen = await world.contracts.chain.publicClient.readContract({
    address: target.account,
    abi: accountAbi,
    functionName: "getFreeze",
  });
  if (frozen[0] !== 0) throw new Error("the blackmailer's lock held");
  await Promise.all([thief.leave(), owner.leave()]);
  return { ...stolen, steps };
}

/**
 * A debtor schedules a payment, archives the account before it is due, and unfreezes it long after. The payment may
 * run neither meanwhile nor by surprise afterwards; armed anew it waits its delay and arrives.
 */
export async function debtorArchives({ world, target, to }: Attack, home: Household): Promise<Outcome> {
  const { contracts } = world;
  const everything = home.belongings(new Set(thingsOf(home.account)));
  const debtor = await Actor.create(world, target, everything);
  const [device] = everything.devices;
  if (!device) throw new Error("the debtor has a device key");
  const operation: Operation = {
    kind: "withdraw",
    account: target.account,
    token: NATIVE_TOKEN,
    to,
    amount: FUNDS / 10n,
    nonce: makeNonce(9n, 0n),
  };
  const { logs } = await contracts.run(operation, [device]);
  const [scheduled] = parseEventLogs({ abi: accountAbi, eventName: "OperationScheduled", logs });
  if (!scheduled) throw new Error("the payment was not scheduled");
  const due = Number(scheduled.args.executableAt);
  const run = encodeOperation(operation, []);
  const steps = ["the debtor schedules a payment, which waits 7 days"];
  const expect = async (when: string, wanted: string) => {
    const { name } = await contracts.refusalOf(target.account, run);
    if (name !== wanted) throw new Error(`${when} the payment was refused by ${name} instead of ${wanted}`);
    steps.push(`${when}: ${name}`);
  };
  await expect("before it is due", "StillWaiting");
  steps.push(`the debtor archives: ${await debtor.attempt({ kind: "archive" })}`);
  await world.waitUntil(due);
  await expect("when it is due", "AccountFrozen");
  steps.push(`the account is unfrozen: ${await debtor.attempt({ kind: "unfreeze" })}`);
  await expect("unfrozen", "OperationAsleep");
  const id = zOperationId.parse(scheduled.args.operation);
  steps.push(`it is armed again: ${await debtor.attempt({ kind: "rearm", operation: id })}`);
  await expect("armed again", "StillWaiting");
  await world.waitUntil((await world.time()) + 7 * 86_400);
  await contracts.send(target.account, run);
  const paid = await contracts.chain.publicClient.getBalance({ address: to });
  if (paid !== FUNDS / 10n) throw new Error("the creditor was not paid in the end");
  steps.push("after its delay, begun anew, the creditor is paid");
  await debtor.leave();
  return nothing(steps);
}
