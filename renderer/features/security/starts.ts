import type { RouteLocationRaw } from "vue-router";
import type { Method } from "#core/security/rules/things.ts";
import type { SecurityChange } from "#core/wallet-api/security.ts";

/** The factor behind each security method. */
const FACTOR_OF_METHOD: Readonly<Record<Method, string>> = {
  A: "totp",
  S: "sms",
  P: "passkey",
  W: "wallet",
};

/** Where a change is started; undefined where this version has no screen for it. */
export function startOf(change: SecurityChange): RouteLocationRaw | undefined {
  switch (change.change) {
    case "hold-mfa-key":
    case "hold-recovery-key": {
      const role = change.change === "hold-mfa-key" ? "mfa" : "recovery";
      return change.by === "ledger" ? { name: "use-ledger", params: { role } } : undefined;
    }
    case "add-method":
      return { name: "review-factor", params: { kind: "add", type: FACTOR_OF_METHOD[change.method] } };
    case "use-social-login":
      return { name: "review-factor", params: { kind: "add", type: "oauth" } };
    case "add-emergency-address":
      return { name: "emergency" };
    default:
      return undefined;
  }
}
