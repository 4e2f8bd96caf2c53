import { expect, test } from "vitest";
import { LOGIN_PROVIDERS, zLoginProvider } from "./login-providers.ts";

test("social logins are known by the four names that the authenticator has for them", () => {
  expect(LOGIN_PROVIDERS).toEqual(["apple", "github", "google", "microsoft"]);
  for (const provider of LOGIN_PROVIDERS) expect(zLoginProvider.parse(provider)).toBe(provider);
  expect(zLoginProvider.safeParse("tiktok").success).toBe(false);
});
