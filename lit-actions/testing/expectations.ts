/** What the tests of the bundled gate have in common. */
import { expect } from "vitest";
import type { TestSigner } from "#contracts/testing/world.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { GateReason } from "#core/security/gate-reasons.ts";
import type { GateRun } from "#devnet/testing/gate-world.ts";

/** A gate that refuses says why, and asks for no signature. */
export function expectRefusal({ answer, wish }: GateRun, reason: GateReason): void {
  expect(answer).toMatchObject({ ok: false, reason });
  expect(wish).toBeUndefined();
}

export function expectGranted({ answer, wish }: GateRun): void {
  expect(answer).toMatchObject({ ok: true });
  expect(wish).toBeDefined();
}

export const addressOf = ({ account }: TestSigner): Address => toAddress(account.address);

const RECIPIENT = toAddress(`0x${"c0ffee".repeat(6)}c0ff`);

export const withdrawal = (account: Address, amount = 1_000n): Operation => ({
  kind: "withdraw",
  account,
  token: NATIVE_TOKEN,
  to: RECIPIENT,
  amount,
  nonce: 0n,
});
