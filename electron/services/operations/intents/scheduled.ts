import { WalletError } from "#core/errors/wallet-error.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import type { Standing } from "./intent.ts";

/** Whether something is scheduled that can be cancelled, or sleeps and can be armed again. */
export async function checkScheduled(
  { kind, operation }: Extract<ChangeWish, { kind: "cancel" | "rearm" }>,
  { account, reader }: Standing,
): Promise<void> {
  const scheduled = await reader.scheduled(account, operation);
  if (!scheduled) {
    throw new WalletError(
      "not-scheduled",
      "This operation is not in the account's schedule: it ran already, or it was cancelled.",
      "Look at what the account will do on the home screen.",
    );
  }
  if (kind === "rearm" && !scheduled.asleep) {
    throw new WalletError(
      "not-asleep",
      "This operation does not sleep: it needs not be armed again.",
      "Look at what the account will do on the home screen.",
    );
  }
}
