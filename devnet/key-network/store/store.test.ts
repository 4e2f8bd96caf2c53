import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { publicPoint, randomScalar } from "../threshold/curve.ts";
import { type HeldKey, heldKey, KeyStore } from "./key-store.ts";
import { RequestLog } from "./request-log.ts";

const requestId = (digit: string): Hex => `0x${digit.repeat(64)}`;
const creator = toAddress(privateKeyToAddress(generatePrivateKey()));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trivet-store-"));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function newKey(request = requestId("1")): HeldKey {
  const secret = randomScalar();
  const group = { parties: [1, 2, 3, 4], degree: 1 };
  const share = { group, party: 2, publicKey: publicPoint(randomScalar()), secret, transcript: "00" };
  return heldKey(share, creator, request);
}

describe("the key store", () => {
  test("keeps an active share over a restart, bit by bit", async () => {
    const key = newKey();
    const store = await KeyStore.open(folder);
    await store.addPending(key);
    await store.activate(key.address);
    const kept = (await KeyStore.open(folder)).active(key.address);
    expect(kept?.share.secret).toBe(key.share.secret);
    expect(kept?.share.publicKey.equals(key.share.publicKey)).toBe(true);
    expect(kept).toMatchObject({ publicKey: key.publicKey, creator, requestId: requestId("1") });
  });

  test("gives no share away that is only pending, also after a restart", async () => {
    const key = newKey();
    await (await KeyStore.open(folder)).addPending(key);
    const store = await KeyStore.open(folder);
    expect(store.active(key.address)).toBeUndefined();
    expect(store.pending(key.address)?.share.secret).toBe(key.share.secret);
    await store.activate(key.address);
    expect(store.active(key.address)?.share.secret).toBe(key.share.secret);
    expect(store.pending(key.address)).toBeUndefined();
  });

  test("makes a share active once, however often and at how many places that is asked for", async () => {
    const key = newKey();
    const store = await KeyStore.open(folder);
    await store.addPending(key);
    await Promise.all([store.activate(key.address), store.activate(key.address)]);
    await store.activate(key.address);
    expect(store.size).toBe(1);
    await expect(store.activate(newKey().address)).rejects.toThrow(/no pending share/);
  });

  test("finds a key by its request, for its creator only", async () => {
    const key = newKey(requestId("2"));
    const store = await KeyStore.open(folder);
    await store.addPending(key);
    expect(store.ofRequest(requestId("2"), creator)).toEqual([key]);
    expect(store.ofRequest(requestId("3"), creator)).toEqual([]);
    const stranger = toAddress(privateKeyToAddress(generatePrivateKey()));
    expect(store.ofRequest(requestId("2"), stranger)).toEqual([]);
  });

  test("lets nobody but its owner read", async () => {
    const key = newKey();
    const store = await KeyStore.open(folder);
    await store.addPending(key);
    await store.activate(key.address);
    expect((await stat(join(folder, `${key.address}.json`))).mode & 0o777).toBe(0o600);
    expect((await readdir(join(folder, "pending"))).length).toBe(0);
  });

  test("refuses to start with a share it cannot read, rather than to lose it silently", async () => {
    await KeyStore.open(folder);
    await writeFile(join(folder, "0x00.json"), "{");
    await expect(KeyStore.open(folder)).rejects.toThrow(/0x00.json cannot be read.*do not delete/);
  });
});

describe("the request log", () => {
  const file = () => join(folder, "requests.jsonl");

  test("serves a request once, also when it comes twice at the same time or after a restart", async () => {
    const log = await RequestLog.open(file(), () => 0);
    const claims = await Promise.allSettled([log.claim(requestId("1"), 100), log.claim(requestId("1"), 100)]);
    expect(claims.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const later = await RequestLog.open(file(), () => 99);
    await expect(later.claim(requestId("1"), 100)).rejects.toMatchObject({ code: "request-used" });
    await later.claim(requestId("2"), 100);
  });

  test("forgets a request only when its session is over, so that the log does not grow for ever", async () => {
    await (await RequestLog.open(file(), () => 0)).claim(requestId("1"), 100);
    await RequestLog.open(file(), () => 100);
    expect(await readFile(file(), "utf8")).toBe("");
  });

  test("survives a last line that a crash cut off", async () => {
    await (await RequestLog.open(file(), () => 0)).claim(requestId("1"), 100);
    const whole = await readFile(file(), "utf8");
    await writeFile(file(), `${whole}${whole.slice(0, 20)}`);
    const log = await RequestLog.open(file(), () => 1);
    await expect(log.claim(requestId("1"), 100)).rejects.toMatchObject({ code: "request-used" });
  });
});
