import { addsScriptsKey } from "#core/operations/consequences.ts";
import type { OperationSummary } from "#core/wallet-api/operation-view.ts";

/** Where a person looks once an operation is done, and what the button there says. */
export const NEXT_BUTTON = {
  home: "Done",
  keys: "See your keys",
  emergency: "See your emergency addresses",
  devices: "See your computers",
  "api-keys": "See your keys for scripts",
  joining: "See how it stands",
  freeze: "See how your account stands",
} as const;

/** The screen that shows what an operation changed. */
export function nextScreen(summary: OperationSummary): keyof typeof NEXT_BUTTON {
  if (summary.kind === "replaceKey") return "keys";
  if (summary.kind !== "change") return "home";
  switch (summary.change.kind) {
    case "lock":
    case "archive":
    case "unfreeze":
    case "setSuccessor":
    case "rearm":
    case "cancel":
      return "freeze";
    case "setEmergencyAddress":
      return "emergency";
    case "addKey":
      if (addsScriptsKey(summary.change, summary.scriptVerifier)) return "api-keys";
      return summary.change.role === "device" ? "devices" : "keys";
    case "activateKey":
    case "rejectKey":
      return "devices";
    case "removeKey":
      return "keys";
    default:
      return "home";
  }
}
