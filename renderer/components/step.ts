import type { WalletErrorData } from "#core/errors/wallet-error.ts";
import type { Holder, StepStatus } from "#core/wallet-api/state.ts";

/** One step of something long, in words. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly status: StepStatus;
  readonly holder?: Holder | undefined;
  readonly note?: string | undefined;
  readonly error?: WalletErrorData | undefined;
}
