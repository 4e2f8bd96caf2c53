import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { mnemonicToAccount } from "viem/accounts";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { contractAddresses } from "#contracts/deploy.ts";
import { gateCid, gateDigest, MAX_GATE_BYTES } from "#core/key-network/gate-cid.ts";
import { toAddress } from "#core/primitives/address.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { buildGate, type Gate, readDeployment } from "./build.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DEPLOYER = mnemonicToAccount("test test test test test test test test test test test junk");

let gate: Gate;
beforeAll(async () => {
  gate = await buildGate();
});

/** Builds the gate in another process, from a copy of the sources at another place, in another environment. */
async function buildElsewhere(): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), "trivet gate "));
  onTestFinished(async () => {
    await rm(copy, { recursive: true, force: true });
  });
  for (const part of ["core", "lit-actions", "package.json"]) {
    await cp(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  }
  await symlink(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  const script = 'process.stdout.write((await (await import("./lit-actions/build.ts")).buildGate()).code)';
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    cwd: copy,
    env: { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", HOME: copy, NODE_ENV: "production" },
    maxBuffer: 4 * MAX_GATE_BYTES,
  });
  return stdout;
}

describe("the gate's build", () => {
  test("gives the same bytes wherever, whenever and in whatever environment it is run", async () => {
    expect(await buildElsewhere()).toBe(gate.code);
    expect((await buildGate()).code).toBe(gate.code);
  });

  test("has the CID that a second computation gives, and its digest", () => {
    expect(gateCid(new TextEncoder().encode(gate.code))).toBe(gate.cid);
    expect(gateDigest(gate.cid)).toBe(gate.digest);
  });

  test("is one block of ASCII that names no place of this machine", () => {
    expect(gate.code.length).toBeLessThanOrEqual(MAX_GATE_BYTES);
    expect(gate.code).toMatch(/^[\n\x20-\x7e]*$/);
    expect(gate.code).not.toContain(ROOT);
    expect(gate.code).not.toContain("node_modules");
  });

  test("is another gate for another deployment", async () => {
    const other = await buildGate({ ...readDeployment("devnet"), chainId: 1 });
    expect(other.cid).not.toBe(gate.cid);
  });
});

describe("the devnet's deployment", () => {
  test("names the contracts where the devnet's deployer creates them", () => {
    const { implementation, factorRegistry, gateRegistry } = contractAddresses(toAddress(DEPLOYER.address));
    const contracts = { implementation, factorRegistry, gateRegistry };
    expect(readDeployment("devnet")).toMatchObject({ chainId: 31337, ...contracts });
  });

  test("names the devnet's authenticator, which nobody else can be", () => {
    const { issuer, projectId, jwksUrl } = DEVNET_AUTHENTICATOR;
    expect(readDeployment("devnet")).toMatchObject({ issuer, audience: projectId, jwksUrl });
  });
});
