import type { RouteLocationRaw, Router } from "vue-router";
import type { SecurityChange } from "#core/wallet-api/security.ts";

/** Where a change is started; undefined where this version has no screen for it. */
export function startOf(
  change: SecurityChange,
  router: Pick<Router, "hasRoute">,
): RouteLocationRaw | undefined {
  switch (change.change) {
    case "hold-mfa-key":
    case "hold-recovery-key": {
      const role = change.change === "hold-mfa-key" ? "mfa" : "recovery";
      return change.by === "ledger" ? { name: "use-ledger", params: { role } } : undefined;
    }
    case "add-method":
    case "use-social-login":
      return router.hasRoute("factors") ? { name: "factors" } : undefined;
    default:
      return undefined;
  }
}
