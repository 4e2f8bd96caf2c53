import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeviceKey } from "./device-key.ts";
import { loadKeyFile, openDeviceKey, saveKeyFile, sealDeviceKey } from "./key-file.ts";

const secrets = () => ({ os: randomBytes(32), session: randomBytes(32) });

function sealed() {
  const privateKey = randomBytes(32);
  const keys = secrets();
  const device = DeviceKey.fromBytes(Uint8Array.from(privateKey));
  const file = sealDeviceKey(
    privateKey,
    { deviceId: randomUUID(), address: device.address, osSecret: randomBytes(48).toString("base64") },
    keys,
  );
  return { privateKey, keys, file };
}

const folder = () => mkdtemp(path.join(os.tmpdir(), "trivet-key-file-"));

describe("a sealed device key", () => {
  test("opens with both secrets", () => {
    const { privateKey, keys, file } = sealed();
    expect(Buffer.from(openDeviceKey(file, keys))).toEqual(privateKey);
  });

  test("does not open with one of the secrets wrong", () => {
    const { keys, file } = sealed();
    for (const wrong of [
      { ...keys, os: randomBytes(32) },
      { ...keys, session: randomBytes(32) },
    ]) {
      expect(() => openDeviceKey(file, wrong)).toThrow(
        expect.objectContaining({ code: "device-key-unopenable" }),
      );
    }
  });

  test("does not open when any byte of it, or the address or device it names, was changed", () => {
    const { keys, file } = sealed();
    const other = sealed().file;
    for (const field of ["salt", "nonce", "sealed", "address", "deviceId"] as const) {
      expect(() => openDeviceKey({ ...file, [field]: other[field] }, keys), field).toThrow();
    }
    fc.assert(
      fc.property(fc.nat(47), fc.integer({ min: 1, max: 255 }), (position, change) => {
        const bytes = Buffer.from(file.sealed, "base64");
        bytes[position] = (bytes[position] ?? 0) ^ change;
        expect(() => openDeviceKey({ ...file, sealed: bytes.toString("base64") }, keys)).toThrow();
      }),
    );
  });

  test("holds neither the key nor a secret in the clear", () => {
    const { privateKey, keys, file } = sealed();
    const bytes = Object.values(file)
      .filter((value) => typeof value === "string")
      .map((value) => Buffer.from(value, "base64"));
    for (const secret of [privateKey, keys.os, keys.session]) {
      expect(bytes.every((part) => !part.includes(secret))).toBe(true);
      expect(JSON.stringify(file)).not.toContain(secret.toString("hex"));
    }
  });
});

describe("the key file", () => {
  test("comes back as it was written, readable by its owner only", async () => {
    const directory = await folder();
    const { file } = sealed();
    await saveKeyFile(directory, file);
    expect(await loadKeyFile(directory)).toEqual(file);
    const [name] = await readdir(directory);
    expect((await stat(path.join(directory, name ?? ""))).mode & 0o077).toBe(0);
  });

  test("is undefined where there is none", async () => {
    expect(await loadKeyFile(await folder())).toBeUndefined();
  });

  test("says so when it is cut off, of another shape, or of a newer version", async () => {
    const directory = await folder();
    await saveKeyFile(directory, sealed().file);
    const name = path.join(directory, "device-key.json");
    const text = await readFile(name, "utf8");
    for (const damaged of [text.slice(0, -20), "", "{}", text.replace('"version": 1', '"version": 0')]) {
      await writeFile(name, damaged);
      await expect(loadKeyFile(directory)).rejects.toMatchObject({ code: "device-key-damaged" });
    }
    await writeFile(name, text.replace('"version": 1', '"version": 2'));
    await expect(loadKeyFile(directory)).rejects.toMatchObject({ code: "file-newer" });
  });
});
