import { defineStore } from "pinia";
import { computed, shallowRef, watch } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";
import type { FactorChangeView, FactorsState, FactorWish } from "#core/wallet-api/factors.ts";
import type { WalletInput, WalletMethod, WalletOutput } from "#core/wallet-api/methods.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useWalletStore } from "./wallet.ts";

/** The person's factors and the change of them that is in flight; forgotten as soon as the wallet locks. */
export const useFactorsStore = defineStore("factors", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  /** Undefined until first known. */
  const state = shallowRef<FactorsState>();
  /** Why the last look failed. */
  const error = shallowRef<WalletError>();
  /** The change in flight, or the one that has just ended. */
  const change = shallowRef<FactorChangeView>();
  /** Shown once, and nowhere kept but on the screen that shows them. */
  const recoveryCodes = shallowRef<readonly string[]>([]);
  /** Whether the person put the dialog about differences away, until the wallet is unlocked the next time. */
  const settledLater = shallowRef(false);

  const current = () => walletStore.account?.address;
  watch(
    current,
    () => {
      state.value = undefined;
      error.value = undefined;
      change.value = undefined;
      recoveryCodes.value = [];
      settledLater.value = false;
    },
    { flush: "sync" },
  );

  function keep(view: FactorChangeView): FactorChangeView {
    if (current() === undefined) return view;
    change.value = view;
    return view;
  }

  wallet.on("factorChange", keep);

  async function load(): Promise<void> {
    const address = current();
    if (!address) return;
    try {
      const answer = await wallet.call("factors.state");
      if (current() !== address) return;
      state.value = answer;
      error.value = undefined;
      if (answer.change) change.value = answer.change;
    } catch (cause) {
      if (current() === address) error.value = unexpectedError(cause);
    }
  }

  /** The change that is not over. */
  const inFlight = computed(() =>
    change.value && change.value.status !== "done" && change.value.status !== "dropped"
      ? change.value
      : undefined,
  );

  const byId = (id: string) => (change.value?.id === id ? change.value : undefined);

  async function start(wish: FactorWish): Promise<FactorChangeView> {
    return keep(await wallet.call("factors.start", wish));
  }

  async function verifyCode(input: WalletInput<"factors.verifyCode">): Promise<void> {
    const answer: WalletOutput<"factors.verifyCode"> = await wallet.call("factors.verifyCode", input);
    recoveryCodes.value = answer.recoveryCodes;
    keep(answer.change);
  }

  async function showRecoveryCodes(id: string): Promise<void> {
    recoveryCodes.value = (await wallet.call("factors.recoveryCodes", { id })).codes;
  }

  async function keptCodes(id: string): Promise<void> {
    keep(await wallet.call("factors.keptCodes", { id }));
    recoveryCodes.value = [];
  }

  type Input<D extends WalletMethod> = WalletInput<D>;

  /** What a person does for a change that waits; each answers with the change as it is then. */
  const resume = async (input: Input<"factors.continue">) =>
    keep(await wallet.call("factors.continue", input));
  const drop = async (id: string) => keep(await wallet.call("factors.drop", { id }));
  const setUpPasskey = async (input: Input<"factors.passkey">) =>
    keep(await wallet.call("factors.passkey", input));
  const setUpLogin = async (input: Input<"factors.login">) => keep(await wallet.call("factors.login", input));
  const setUpPassword = async (input: Input<"factors.password">) =>
    keep(await wallet.call("factors.password", input));
  const setUpWallet = async (input: Input<"factors.wallet">) =>
    keep(await wallet.call("factors.wallet", input));
  const useRecoveryCode = async (input: Input<"factors.useRecoveryCode">) =>
    keep(await wallet.call("factors.useRecoveryCode", input));

  return {
    state,
    error,
    change,
    inFlight,
    recoveryCodes,
    settledLater,
    load,
    byId,
    start,
    verifyCode,
    showRecoveryCodes,
    keptCodes,
    resume,
    drop,
    setUpPasskey,
    setUpLogin,
    setUpPassword,
    setUpWallet,
    useRecoveryCode,
  };
});
