import { powerMonitor } from "electron";
import type { Settings } from "#core/wallet-api/state.ts";
import type { LockReason } from "../services/wallet.ts";

const CHECK_EVERY_MS = 5_000;

/** Locks the wallet when the computer sleeps, its screen is locked, or nobody has touched it for a while. */
export function watchForLock(
  settings: () => Promise<Settings>,
  lock: (reason: LockReason) => void,
  onUnexpected: (where: string, cause: unknown) => void,
): () => void {
  const onSleep = () => {
    lock("sleep");
  };
  powerMonitor.on("suspend", onSleep);
  powerMonitor.on("lock-screen", onSleep);
  const timer = setInterval(() => {
    settings()
      .then(({ lockAfterMinutes }) => {
        if (powerMonitor.getSystemIdleTime() >= lockAfterMinutes * 60) lock("idle");
      })
      .catch((cause: unknown) => {
        onUnexpected("lock-watch", cause);
      });
  }, CHECK_EVERY_MS);
  return () => {
    clearInterval(timer);
    powerMonitor.off("suspend", onSleep);
    powerMonitor.off("lock-screen", onSleep);
  };
}
