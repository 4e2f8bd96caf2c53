import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { privateKeyToAddress } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { keyOfApiKey } from "#core/wallet-api/api-keys.ts";
import { createApiKey } from "../../vault/keyring/api-key.ts";
import type { VaultClient } from "../vault.ts";
import { apiKeysFile, createApiKeys } from "./api-keys.ts";

const VERIFIER = toAddress(`0x${"5c".repeat(20)}`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-api-keys-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The keys over the vault's own maker of keys; `saved` is what the person kept. */
function open({ savesNothing = false, hasVerifier = true } = {}) {
  const saved: { name: string; content: string }[] = [];
  const vault = {
    call: (_method: string, input: { readonly password?: string }) => createApiKey(input.password),
  } as unknown as Pick<VaultClient, "call">;
  const keys = createApiKeys({
    file: apiKeysFile(folder),
    verifier: hasVerifier ? VERIFIER : undefined,
    vault,
    save: (name, content) => {
      if (savesNothing) return Promise.resolve(undefined);
      saved.push({ name, content });
      return Promise.resolve(name);
    },
    now: () => 7,
  });
  return { keys, saved };
}

describe("a key for a script", () => {
  test("is saved once, and known by its name and address from then on", async () => {
    const { keys, saved } = open();
    const { created } = await keys.create("Trader", undefined);
    const [file] = saved;
    const address = toAddress(privateKeyToAddress(zHex.parse(file?.content.trim())));
    const id = keyId(keyOfScript(VERIFIER, address));
    expect(created).toEqual({
      key: { id, name: "Trader", address, verifier: VERIFIER, createdAt: 7 },
      savedAs: file?.name,
    });
    expect(await open().keys.list()).toEqual({ keys: [created?.key], possible: true });
    expect((await keys.byId()).get(id)?.name).toBe("Trader");
  });

  test("leaves nothing secret on this computer", async () => {
    const { keys, saved } = open();
    await keys.create("Trader", undefined);
    const kept = await readFile(path.join(folder, "api-keys.json"), "utf8");
    expect(kept).not.toContain(saved[0]?.content.trim().slice(2));
  });

  test("that was saved nowhere does not exist", async () => {
    const { keys } = open({ savesNothing: true });
    expect(await keys.create("Trader", "correct horse")).toEqual({});
    expect((await keys.list()).keys).toEqual([]);
  });

  test("is not made where nothing keeps it to its calls; a plain device key is no substitute", async () => {
    const { keys, saved } = open({ hasVerifier: false });
    expect((await keys.list()).possible).toBe(false);
    await expect(keys.create("Trader", undefined)).rejects.toMatchObject({ code: "no-script-verifier" });
    expect(saved).toEqual([]);
  });

  test("of an earlier version stays known as the plain device key that it is", async () => {
    const address = toAddress(`0x${"11".repeat(20)}`);
    const key = { id: keyId(keyOfAddress(address)), name: "Old", address, createdAt: 7 };
    await apiKeysFile(folder).write({ version: 1, keys: [key] });
    expect((await open().keys.list()).keys).toEqual([key]);
    expect(keyOfApiKey(key)).toEqual(keyOfAddress(address));
  });

  test("has a name of its own, and is forgotten by its id", async () => {
    const { keys } = open();
    const { created } = await keys.create("Trader", undefined);
    await expect(keys.create("Trader", undefined)).rejects.toMatchObject({ code: "api-key-name-taken" });
    if (!created) throw new Error("it was made");
    expect(await keys.forget(created.key.id)).toEqual([]);
  });
});
