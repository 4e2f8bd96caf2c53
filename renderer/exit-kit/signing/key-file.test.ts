import { privateKeyToAddress } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { openKeyFile, writeKeyFile } from "./key-file.ts";

/** The example of the format's description (Web3 Secret Storage Definition, scrypt). */
const EXAMPLE = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "83dbcc02d8ccb40e466191a123791e0e" },
    ciphertext: "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
    kdf: "scrypt",
    kdfparams: {
      dklen: 32,
      n: 262144,
      p: 8,
      r: 1,
      salt: "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
    },
    mac: "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};
const SECRET = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

describe("a key file", () => {
  test("of another wallet opens: the example of the format's description", async () => {
    const account = await openKeyFile(JSON.stringify(EXAMPLE), "testpassword");
    expect(account.address).toBe(privateKeyToAddress(SECRET));
  });

  test("gives back the key that was written, and to its password only", async () => {
    const text = await writeKeyFile(SECRET, "correct horse battery staple");
    expect(text).not.toContain(SECRET.slice(2));
    expect((await openKeyFile(text, "correct horse battery staple")).address).toBe(
      privateKeyToAddress(SECRET),
    );
    await expect(openKeyFile(text, "correct horse battery stable")).rejects.toMatchObject({
      code: "key-file-password",
    });
  });

  test.each([
    ["no JSON", "hello"],
    ["something else", JSON.stringify({ version: 3 })],
    ["another version", JSON.stringify({ ...EXAMPLE, version: 1 })],
    [
      "one whose opening would take all memory",
      JSON.stringify({
        ...EXAMPLE,
        crypto: { ...EXAMPLE.crypto, kdfparams: { ...EXAMPLE.crypto.kdfparams, n: 2 ** 30 } },
      }),
    ],
    [
      "a cost that is no power of two",
      JSON.stringify({
        ...EXAMPLE,
        crypto: { ...EXAMPLE.crypto, kdfparams: { ...EXAMPLE.crypto.kdfparams, n: 1000 } },
      }),
    ],
  ])("is refused when it is %s", async (_what, text) => {
    await expect(openKeyFile(text, "testpassword")).rejects.toMatchObject({ code: "key-file-unreadable" });
  });
});
