import { defineStore } from "pinia";
import { shallowRef } from "vue";
import type { CodeWish, GivenProof } from "#core/wallet-api/proofs.ts";
import type { PendingCode } from "#core/wallet-api/state.ts";
import { useWallet } from "../api/use-wallet.ts";

/** Proofs that the person gives, and the codes that are on their way to them: leaving a screen loses none. */
export const useProofsStore = defineStore("proofs", () => {
  const wallet = useWallet();
  /** Of each channel the code that was sent last, and to which address. */
  const sent = shallowRef<Partial<Record<CodeWish["kind"], { id: string; code: PendingCode }>>>({});

  function codeOf({ kind, id }: CodeWish): PendingCode | undefined {
    const last = sent.value[kind];
    return last?.id === id ? last.code : undefined;
  }

  async function sendCode(wish: CodeWish): Promise<void> {
    const code = await wallet.call("proofs.sendCode", wish);
    sent.value = { ...sent.value, [wish.kind]: { id: wish.id, code } };
  }

  async function give(proof: GivenProof): Promise<void> {
    await wallet.call("proofs.give", proof);
    if (proof.kind === "email" || proof.kind === "sms")
      sent.value = { ...sent.value, [proof.kind]: undefined };
  }

  async function cancel(): Promise<void> {
    await wallet.call("proofs.cancel");
  }

  return { codeOf, sendCode, give, cancel };
});
