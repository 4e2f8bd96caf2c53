import type { TransactionReceipt } from "viem";
import { encodeOperation } from "#core/operations/call.ts";
import { FIRST_ENTRY_POINT_LANE } from "#core/operations/nonce.ts";
import { type Operation, zOperation } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import type { Form } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import { submitUserOperation, userOperation, userOperationHash } from "./user-operation.ts";
import type { TestSigner, World } from "./world.ts";

/** What an account is asked to do; which account and with which nonce is added. */
export type Wish = Operation extends infer O
  ? O extends unknown
    ? Omit<O, "account" | "nonce">
    : never
  : never;

/** Who signs, and in which form; compact unless said otherwise. */
export type Signing = TestSigner | readonly [TestSigner, Form];

const isPair = (signing: Signing): signing is readonly [TestSigner, Form] => Array.isArray(signing);

/** The wish with the account's next nonce on a lane. */
export async function operationOf(world: World, account: Address, wish: Wish, lane = 0n): Promise<Operation> {
  return zOperation.parse({ ...wish, account, nonce: await world.nextNonce(account, lane) });
}

/** Has the account do something, signed by these, submitted by the relay. */
export async function perform(
  world: World,
  account: Address,
  wish: Wish,
  signings: readonly Signing[],
): Promise<TransactionReceipt> {
  const operation = await operationOf(world, account, wish);
  const sign = async (signing: Signing) =>
    isPair(signing) ? await world.sign(operation, ...signing) : await world.sign(operation, signing);
  return await world.submit(operation, await Promise.all(signings.map(sign)));
}

/** Has the account do something through the EntryPoint, at its own expense. */
export async function performByEntryPoint(
  world: World,
  account: Address,
  wish: Wish,
  signers: readonly TestSigner[],
): Promise<TransactionReceipt> {
  const lane = FIRST_ENTRY_POINT_LANE;
  const callData = encodeOperation(await operationOf(world, account, wish, lane), []);
  const unsigned = await userOperation(world.chain, account, callData, lane);
  const hash = userOperationHash(world.chain, unsigned);
  const signatures = await Promise.all(
    signers.map(async ({ key, account: { sign } }) => {
      return { key, signer: "plain", form: "compact", signature: await sign({ hash }) } as const;
    }),
  );
  return await submitUserOperation(world.chain, unsigned, encodeSignatures(signatures));
}
