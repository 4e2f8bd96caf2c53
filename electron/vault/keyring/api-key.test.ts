import { privateKeyToAddress } from "viem/accounts";
import { expect, test } from "vitest";
import { openKeyFile } from "../../../renderer/exit-kit/signing/key-file.ts";
import { zHex } from "#core/primitives/hex.ts";
import { createApiKey } from "./api-key.ts";

test("a key for a script leaves the vault as a file that its password opens, and no other", async () => {
  const { address, text } = await createApiKey("correct horse");
  expect((await openKeyFile(text, "correct horse")).address).toBe(address);
  await expect(openKeyFile(text, "correct house")).rejects.toMatchObject({ code: "key-file-password" });
  expect(text).not.toMatch(/0x[0-9a-f]{64}/);
});

test("a plain one is the private key, and another one every time", async () => {
  const [one, other] = [await createApiKey(undefined), await createApiKey(undefined)];
  expect(privateKeyToAddress(zHex.parse(one.text.trim()))).toBe(one.address);
  expect(other.text).not.toBe(one.text);
});
