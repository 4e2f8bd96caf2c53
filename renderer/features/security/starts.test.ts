import { expect, it } from "vitest";
import type { SecurityChange } from "#core/wallet-api/security.ts";
import { startOf } from "./starts.ts";

it.each<[SecurityChange, ReturnType<typeof startOf>]>([
  [
    { change: "hold-mfa-key", by: "ledger" },
    { name: "use-ledger", params: { role: "mfa" } },
  ],
  [
    { change: "hold-recovery-key", by: "ledger" },
    { name: "use-ledger", params: { role: "recovery" } },
  ],
  [{ change: "hold-recovery-key", by: "friends" }, { name: "friends" }],
  [
    { change: "add-method", method: "P" },
    { name: "review-factor", params: { kind: "add", type: "passkey" } },
  ],
  [{ change: "use-social-login" }, { name: "review-factor", params: { kind: "add", type: "oauth" } }],
  [{ change: "add-device" }, { name: "devices" }],
  [{ change: "add-emergency-address" }, { name: "emergency" }],
  [{ change: "allow-single-key", role: "mfa" }, { name: "account-settings" }],
  [{ change: "keep-apart", thing: "S", place: "Phone" }, undefined],
])("%o has its screen", (change, start) => {
  expect(startOf(change)).toEqual(start);
});
