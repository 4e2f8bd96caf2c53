import { toAddress } from "#core/primitives/address.ts";
import type { Wallet } from "./wallet.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

/** Withdraws a little, so that the account is on the chain. */
export async function putOnChain(wallet: Wallet): Promise<void> {
  await wallet.page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
  await wallet.approve();
  await wallet.page.proveIfAsked();
  await wallet.page.operation.expectDone("Withdrawn");
}
