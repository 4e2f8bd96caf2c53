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

/** Where a change is started; undefined for what is done away from Trivet. */
export function startOf(change: SecurityChange): RouteLocationRaw | undefined {
  switch (change.change) {
    case "hold-mfa-key":
    case "hold-recovery-key": {
      const role = change.change === "hold-mfa-key" ? "mfa" : "recovery";
      return change.by === "ledger" ? { name: "use-ledger", params: { role } } : { name: "friends" };
    }
    case "add-method":
      return { name: "review-factor", params: { kind: "add", type: FACTOR_OF_METHOD[change.method] } };
    case "use-social-login":
      return { name: "review-factor", params: { kind: "add", type: "oauth" } };
    case "add-emergency-address":
      return { name: "emergency" };
    case "add-device":
      return { name: "devices" };
    case "allow-single-key":
      return { name: "account-settings" };
    case "keep-apart":
      return undefined;
  }
}
