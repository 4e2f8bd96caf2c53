import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cidOfDigest, gateCid, gateDigest, zGateCid } from "#core/key-network/gate-cid.ts";
import {
  GATE_RELEASES,
  type GateRelease,
  isShippedGate,
  releaseOf,
} from "#core/key-network/gate-releases.ts";
import { zGateDigest } from "#core/primitives/hex.ts";
import type { Gate } from "./build.ts";
import { GateDiffersError, loadRelease, loadReleases, releaseFile } from "./releases.ts";

const OTHER = zGateCid.parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o");

let gates: Gate[];
beforeAll(async () => {
  gates = await loadReleases();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "trivet-releases-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

const [first] = GATE_RELEASES;
const release = (change: Partial<GateRelease>): GateRelease => {
  if (!first) throw new Error("there are releases");
  return { ...first, ...change };
};

describe("the gates that Trivet ships", () => {
  test("are the bytes that the manifest names (after a change that is meant: node lit-actions/pin.ts)", () => {
    expect(gates.map(({ cid }) => cid)).toEqual(GATE_RELEASES.map(({ cid }) => cid));
    expect(gates.map(({ code }) => gateCid(new TextEncoder().encode(code)))).toEqual(
      gates.map(({ cid }) => cid),
    );
    expect(new Set(gates.map(({ cid }) => cid)).size).toBe(gates.length);
  });

  test("are numbered in their order, and each says what it changes", () => {
    expect(GATE_RELEASES.map(({ number }) => number)).toEqual(GATE_RELEASES.map((_, index) => index + 1));
    for (const { changes } of GATE_RELEASES) expect(changes.join(" ").length).toBeGreaterThan(20);
  });

  test("differ in nothing but what the manifest says: gate 2 is gate 1 with another number", () => {
    const [one, two] = gates;
    expect(one?.code.match(/release:1\b/g)).toHaveLength(1);
    expect(two?.code).toBe(one?.code.replace(/release:1\b/, "release:2"));
  });

  test("are found by what a registry holds, and no other is", () => {
    for (const [index, { digest, cid }] of gates.entries()) {
      expect(releaseOf(digest)?.number).toBe(index + 1);
      expect(cidOfDigest(digest)).toBe(cid);
      expect(isShippedGate(cid)).toBe(true);
    }
    expect(releaseOf(zGateDigest.parse(`0x${"11".repeat(32)}`))).toBeUndefined();
    expect(isShippedGate(OTHER)).toBe(false);
  });
});

describe("a release", () => {
  test("whose bytes are kept is those bytes, whatever the source builds by now", async () => {
    const place = await folder();
    const code = "globalThis.kept=true;";
    const cid = gateCid(new TextEncoder().encode(code));
    await writeFile(releaseFile(cid, place), code);
    expect(await loadRelease(release({ cid }), place)).toEqual({ code, cid, digest: gateDigest(cid) });
  });

  test("is refused when its kept bytes were changed, or when the source builds another gate", async () => {
    const place = await folder();
    await expect(loadRelease(release({ cid: OTHER }), place)).rejects.toThrow(GateDiffersError);
    await writeFile(releaseFile(OTHER, place), "// nobody's gate");
    await expect(loadRelease(release({ cid: OTHER }), place)).rejects.toThrow("Restore the file from git.");
  });
});
