import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";
import type { Address } from "#core/primitives/address.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { WalletInput } from "#core/wallet-api/methods.ts";
import { useWallet } from "../api/use-wallet.ts";

/**
 * Whether an operation that stopped goes on at the press of a button. Where only a proof is missing, the proof is
 * what it goes on with.
 */
export function isResumable({ status, needs, steps }: OperationView): boolean {
  const failed = steps.some((step) => step.status === "failed");
  // Proofs and friends' answers are given on the operation's own screen, and set it going by themselves.
  const isAsked = needs?.kind === "proofs" || needs?.kind === "friends";
  return status === "waiting" && (!isAsked || failed);
}

/** Operations in flight and those that ended since the app started, newest first. */
export const useOperationsStore = defineStore("operations", () => {
  const wallet = useWallet();
  const all = shallowRef<OperationView[]>([]);
  const inFlight = computed(() =>
    all.value.filter(({ status }) => status === "running" || status === "waiting"),
  );

  function keep(operation: OperationView): OperationView {
    const others = all.value.filter(({ id }) => id !== operation.id);
    all.value = [...others, operation].sort((a, b) => b.createdAt - a.createdAt);
    return operation;
  }

  wallet.on("operation", keep);

  async function load(): Promise<void> {
    all.value = await wallet.call("operations.list");
  }

  function byId(id: string): OperationView | undefined {
    return all.value.find((operation) => operation.id === id);
  }

  async function startWithdrawal(input: WalletInput<"withdraw.start">): Promise<OperationView> {
    return keep(await wallet.call("withdraw.start", input));
  }

  async function startAllowance(input: WalletInput<"allowances.start">): Promise<OperationView> {
    return keep(await wallet.call("allowances.start", input));
  }

  async function startReplacement(input: WalletInput<"keys.replaceWithLedger">): Promise<OperationView> {
    return keep(await wallet.call("keys.replaceWithLedger", input));
  }

  async function replaceWithPasskey(input: WalletInput<"keys.replaceWithPasskey">): Promise<OperationView> {
    return keep(await wallet.call("keys.replaceWithPasskey", input));
  }

  async function returnToNetwork(input: WalletInput<"keys.returnToNetwork">): Promise<OperationView> {
    return keep(await wallet.call("keys.returnToNetwork", input));
  }

  async function addFriend(input: WalletInput<"friends.add">): Promise<OperationView> {
    return keep(await wallet.call("friends.add", input));
  }

  async function startChange(input: WalletInput<"changes.start">): Promise<OperationView> {
    return keep(await wallet.call("changes.start", input));
  }

  async function resume(id: string): Promise<void> {
    keep(await wallet.call("operations.continue", { id }));
  }

  async function drop(id: string): Promise<void> {
    keep(await wallet.call("operations.drop", { id }));
  }

  async function proveWithWallet(id: string, address: Address): Promise<void> {
    keep(await wallet.call("operations.useWallet", { id, wallet: address }));
  }

  async function showConfirm(id: string): Promise<void> {
    await wallet.call("operations.showConfirm", { id });
  }

  return {
    all,
    inFlight,
    load,
    byId,
    startWithdrawal,
    startAllowance,
    startReplacement,
    replaceWithPasskey,
    returnToNetwork,
    addFriend,
    startChange,
    resume,
    drop,
    proveWithWallet,
    showConfirm,
  };
});
