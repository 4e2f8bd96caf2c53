import { describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { KeySettings } from "#core/wallet-api/account-settings.ts";
import { keyStanding, theftCosts } from "./api-keys.ts";

const exchange = toAddress(`0x${"ec".repeat(20)}`);
const NOW = Date.UTC(2030, 0, 1);
const scope = { target: exchange, selector: "0xd96a094a" } as const;
const limit = {
  token: { address: NATIVE_TOKEN, symbol: "ETH", name: "Ether", decimals: 18 },
  limit: 10n ** 17n,
  available: 0n,
};
const settings = (changes: Partial<KeySettings>): KeySettings => ({
  id: keyId(keyOfAddress(exchange)),
  role: "device",
  name: "Trader",
  own: false,
  script: "limited",
  active: true,
  expires: 0,
  closedHours: 0,
  limits: [],
  scopes: [],
  ...changes,
});

describe("what the theft of a key for a script costs", () => {
  test("is nothing while the account does not have it, while it may call nothing, and once it expired", () => {
    const nothing = "Whoever takes its file can do nothing with it.";
    expect(theftCosts(undefined, NOW)).toBe(nothing);
    expect(theftCosts(settings({ scopes: [scope], expires: NOW / 1000 }), NOW)).toBe(nothing);
    expect(theftCosts(settings({ limits: [limit] }), NOW)).toContain("it may call nothing");
  });

  test("is its calls, with the ether that its limit lets them carry", () => {
    expect(theftCosts(settings({ scopes: [scope] }), NOW)).toBe(
      "Whoever takes its file can call the one function below, without ether, until you revoke it, and so use what you let their contracts take. Nothing else.",
    );
    const two = settings({ scopes: [scope, scope], limits: [limit], expires: NOW / 1000 + 86_400 });
    expect(theftCosts(two, NOW)).toMatch(
      /call the 2 functions below, with up to 0\.1 ETH in 24 hours, until .+ or until you revoke it, and so/,
    );
  });
});

test("a key's standing is what the account says of it", () => {
  expect(keyStanding(undefined, NOW)).toContain("Not on the account");
  expect(keyStanding(settings({ active: false }), NOW)).toContain("Pending");
  expect(keyStanding(settings({ expires: NOW / 1000 }), NOW)).toContain("Expired");
  expect(keyStanding(settings({ expires: NOW / 1000 + 1 }), NOW)).toContain("Active until");
  expect(keyStanding(settings({}), NOW)).toBe("Active. It never expires.");
});
