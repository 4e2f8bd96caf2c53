import { encodeFunctionData, parseEther, parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { reclaimablePaymentsAbi, testTokenAbi } from "../abi.ts";
import { richAccount } from "../testing/chain.ts";
import { World } from "../testing/world.ts";

const WEEK = 7n * 86_400n;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

/** The one who pays is the relay, account 0; the recipient is another account that has ether for its own gas. */
const payer = toAddress(richAccount(0).address);
const recipient = richAccount(1);

const inAWeek = async () => Number((await world.chain.publicClient.getBlock()).timestamp + WEEK);

/** Pays 5 ether, or 5 dollars, and gives the payment's id. */
async function pay(token: Address): Promise<bigint> {
  const { reclaimablePayments, tusd } = world.contracts;
  const deadline = await inAWeek();
  const abi = reclaimablePaymentsAbi;
  if (token === NATIVE_TOKEN) {
    const args = [recipient.address, deadline] as const;
    const data = encodeFunctionData({ abi, functionName: "payEther", args });
    return idOf(await world.send(reclaimablePayments, data, parseEther("5")));
  }
  await world.mint(payer, 5_000_000n);
  const approval = [reclaimablePayments, 5_000_000n] as const;
  await world.send(tusd, encodeFunctionData({ abi: testTokenAbi, functionName: "approve", args: approval }));
  const args = [tusd, recipient.address, 5_000_000n, deadline] as const;
  return idOf(
    await world.send(reclaimablePayments, encodeFunctionData({ abi, functionName: "payToken", args })),
  );
}

function idOf({ logs }: Awaited<ReturnType<World["send"]>>): bigint {
  const [paid] = parseEventLogs({ abi: reclaimablePaymentsAbi, eventName: "Paid", logs });
  if (!paid) throw new Error("nothing was paid");
  return paid.args.id;
}

const takeBack = (id: bigint) =>
  encodeFunctionData({ abi: reclaimablePaymentsAbi, functionName: "takeBack", args: [id, payer] });

const take = async (id: bigint) => {
  const { publicClient, walletClient } = world.chain;
  const hash = await walletClient.writeContract({
    account: recipient,
    address: world.contracts.reclaimablePayments,
    abi: reclaimablePaymentsAbi,
    functionName: "take",
    args: [id],
  });
  return await publicClient.waitForTransactionReceipt({ hash });
};

const balanceOf = async (holder: Address, token: Address) => {
  const { publicClient } = world.chain;
  if (token === NATIVE_TOKEN) return await publicClient.getBalance({ address: holder });
  const call = { address: token, abi: testTokenAbi, functionName: "balanceOf", args: [holder] } as const;
  return await publicClient.readContract(call);
};

test("the recipient takes ether and tokens by its own transaction", async () => {
  const { reclaimablePayments, tusd } = world.contracts;
  for (const token of [NATIVE_TOKEN, tusd]) {
    const id = await pay(token);
    const holdings = await balanceOf(reclaimablePayments, token);
    const before = await balanceOf(toAddress(recipient.address), token);
    const { gasUsed, effectiveGasPrice } = await take(id);
    const fee = token === NATIVE_TOKEN ? gasUsed * effectiveGasPrice : 0n;
    expect(await balanceOf(toAddress(recipient.address), token)).toBe(before + holdings - fee);
    expect(await balanceOf(reclaimablePayments, token)).toBe(0n);
  }
});

test("the payer takes it back a week later, not before, and only once", async () => {
  const { reclaimablePayments, tusd } = world.contracts;
  const id = await pay(tusd);
  const before = await balanceOf(payer, tusd);
  const abi = reclaimablePaymentsAbi;
  expect(await world.refusalOf(reclaimablePayments, takeBack(id), abi)).toMatchObject({
    name: "DeadlineAhead",
    args: [id, expect.any(BigInt)],
  });
  await world.chain.testClient.increaseTime({ seconds: Number(WEEK) });
  await world.chain.testClient.mine({ blocks: 1 });
  await world.send(reclaimablePayments, takeBack(id));
  expect(await balanceOf(payer, tusd)).toBe(before + 5_000_000n);
  expect(await world.refusalOf(reclaimablePayments, takeBack(id), abi)).toEqual({
    name: "PaymentNotOpen",
    args: [id],
  });
});
