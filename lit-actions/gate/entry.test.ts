/** The gate where a key network starts it: a script whose world is globals. */
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { recoverAddress } from "viem/utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { zPublicKey } from "#core/keys/public-key.ts";
import { zDigest } from "#core/primitives/hex.ts";
import { GATE_REASONS, type GateReason } from "#core/security/gate-reasons.ts";
import { readDeployment } from "../build.ts";
import { runInEnclave } from "./enclave.ts";
import { enclaveRuntime } from "./enclave-runtime.ts";
import { litRuntime } from "./lit-runtime.ts";
import { runGate } from "./main.ts";

const deployment = readDeployment("devnet");
const CID = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";
const DIGEST = zDigest.parse(`0x${"12".repeat(32)}`);

function globalsOf(Auth: unknown, jsParams: unknown = {}) {
  const Actions = {
    signEcdsa: vi.fn(() => Promise.resolve("success")),
    setResponse: vi.fn<(answer: { response: string }) => void>(),
    getRpcUrl: vi.fn(() => Promise.resolve("http://rpc.test")),
  };
  return { Lit: { Actions, Auth }, jsParams };
}

const refused = (reason: GateReason) => ({ ok: false, reason, message: GATE_REASONS[reason].message });

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("DEPLOYMENT", deployment);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the gate's script", () => {
  test("answers nodes what it was asked, as JSON, and signs nothing that it cannot read", async () => {
    const globals = globalsOf({ authSigAddress: "0x", actionIpfsIds: [CID] });
    vi.stubGlobal("Lit", globals.Lit);
    vi.stubGlobal("jsParams", globals.jsParams);
    await import("./entry.ts");
    const { setResponse, signEcdsa } = globals.Lit.Actions;
    await vi.waitFor(() => expect(setResponse).toHaveBeenCalledOnce());
    const [{ response } = { response: "" }] = setResponse.mock.calls[0] ?? [];
    expect(JSON.parse(response)).toEqual(refused("request-malformed"));
    expect(signEcdsa).not.toHaveBeenCalled();
  });

  test("waits to be called where a network hands it keys", async () => {
    const { Lit } = enclaveOf();
    vi.stubGlobal("Lit", Lit);
    vi.stubGlobal("main", undefined);
    await import("./entry.ts");
    const { main } = z.object({ main: z.custom<(params: unknown) => Promise<unknown>>() }).parse(globalThis);
    expect(await main({})).toEqual(refused("request-malformed"));
    expect(Lit.Actions.getPrivateKey).not.toHaveBeenCalled();
  });

  test("does not start where there are neither keys nor what a node says", async () => {
    const { getPrivateKey: _left, ...Actions } = enclaveOf().Lit.Actions;
    vi.stubGlobal("Lit", { Actions, Auth: {} });
    vi.stubGlobal("jsParams", {});
    await expect(import("./entry.ts")).rejects.toThrow();
  });
});

describe("the runtime of a key network's node", () => {
  const auth = { authSigAddress: "0xAB", actionIpfsIds: [CID], keyCreator: "0xCD" };

  test("tells what the node says of the run", async () => {
    const runtime = litRuntime(globalsOf(auth, { a: 1 }));
    expect(runtime).toMatchObject({ params: { a: 1 }, sessionAddress: "0xAB", keyCreator: "0xCD" });
    expect(await runtime.gateCid()).toBe(CID);
    expect(litRuntime(globalsOf({ ...auth, keyCreator: undefined })).keyCreator).toBeNull();
  });

  test("does not start where the node says nothing", () => {
    expect(() => litRuntime(globalsOf(undefined))).toThrow();
    expect(() => litRuntime(globalsOf({ ...auth, actionIpfsIds: [] }))).toThrow();
  });

  test("has the network sign bytes, fetches, and reads the clock in seconds", async () => {
    const globals = globalsOf(auth);
    const runtime = litRuntime(globals);
    const publicKey = zPublicKey.parse(privateKeyToAccount(generatePrivateKey()).publicKey);
    expect(await runtime.sign(DIGEST, publicKey, "operation")).toBeUndefined();
    expect(globals.Lit.Actions.signEcdsa).toHaveBeenCalledWith({
      toSign: new Uint8Array(32).fill(0x12),
      publicKey,
      sigName: "operation",
    });
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("x"));
    await runtime.fetch("http://a.test", { method: "POST" });
    expect(fetched).toHaveBeenCalledWith("http://a.test", { method: "POST" });
    vi.spyOn(Date, "now").mockReturnValue(1999);
    expect(runtime.now()).toBe(1);
  });

  test("that is broken makes the gate refuse, not fail", async () => {
    const runtime = litRuntime(globalsOf(auth));
    const broken = {
      ...runtime,
      get params(): unknown {
        throw new Error("no parameters");
      },
    };
    expect(await runGate(broken, deployment)).toMatchObject({ ok: false, reason: "gate-failed" });
  });
});

/** An enclave that holds one key, and runs the program of CID. */
function enclaveOf() {
  const held = privateKeyToAccount(generatePrivateKey());
  const secret = generatePrivateKey();
  const own = generatePrivateKey();
  const addresses: Record<string, string> = { [CID]: privateKeyToAccount(own).address };
  const key = privateKeyToAccount(secret);
  const Actions = {
    getPrivateKey: vi.fn(({ pkpId }: { pkpId: string }) =>
      pkpId === key.address ? Promise.resolve(secret) : Promise.reject(new Error("not permitted")),
    ),
    getLitActionPrivateKey: vi.fn(() => Promise.resolve<string>(own)),
    getLitActionWalletAddress: vi.fn(({ ipfsId }: { ipfsId: string }) =>
      Promise.resolve(addresses[ipfsId] ?? held.address),
    ),
  };
  return { Lit: { Actions }, key };
}

describe("the runtime of an enclave", () => {
  const OTHER = "QmcoQdUYnXGzW16poR23DSJ2KgcryTC3A8sZW8R47eZyMn";
  const runtimeOf = (enclave: ReturnType<typeof enclaveOf>, params: unknown = { gate: CID }) =>
    enclaveRuntime({ Lit: enclave.Lit }, params, deployment);
  const refusal = (reason: GateReason): unknown => expect.objectContaining({ name: "GateRefusal", reason });

  test("knows no session and no creator, and the RPC that the gate was made with", async () => {
    const runtime = runtimeOf(enclaveOf());
    expect(runtime).toMatchObject({
      params: { gate: CID },
      sessionAddress: undefined,
      keyCreator: undefined,
    });
    expect(await runtime.rpcUrl("any")).toBe(deployment.rpcUrl);
  });

  test("proves the gate's CID by the program's own key, and no other program's", async () => {
    expect(await runtimeOf(enclaveOf()).gateCid()).toBe(CID);
    await expect(runtimeOf(enclaveOf(), { gate: OTHER }).gateCid()).rejects.toEqual(
      refusal("gate-not-itself"),
    );
    await expect(runtimeOf(enclaveOf(), { gate: "*" }).gateCid()).rejects.toEqual(
      refusal("request-malformed"),
    );
  });

  test("signs with the key it is given, the same every time, and with no other", async () => {
    const enclave = enclaveOf();
    const publicKey = zPublicKey.parse(enclave.key.publicKey);
    const runtime = runtimeOf(enclave);
    const signature = await runtime.sign(DIGEST, publicKey, "operation");
    if (!signature) throw new Error("no signature");
    expect(await recoverAddress({ hash: DIGEST, signature })).toBe(enclave.key.address);
    expect(await runtime.sign(DIGEST, publicKey, "operation")).toBe(signature);
    const stranger = zPublicKey.parse(privateKeyToAccount(generatePrivateKey()).publicKey);
    await expect(runtime.sign(DIGEST, stranger, "operation")).rejects.toEqual(refusal("key-unavailable"));
    for (const wrong of [generatePrivateKey(), "0x", "key"]) {
      enclave.Lit.Actions.getPrivateKey.mockResolvedValue(wrong as `0x${string}`);
      await expect(runtime.sign(DIGEST, publicKey, "operation")).rejects.toEqual(refusal("key-unavailable"));
    }
  });

  test("tells a key's public part, of keys that it may use", async () => {
    const enclave = enclaveOf();
    const ask = (key: string) => runInEnclave(enclave, { action: "public-key", key }, deployment);
    expect(await ask(enclave.key.address)).toEqual({ ok: true, publicKey: enclave.key.publicKey });
    expect(await ask(`0x${"11".repeat(20)}`)).toEqual(refused("key-unavailable"));
  });

  test("fetches, and reads the clock in seconds", async () => {
    const runtime = runtimeOf(enclaveOf());
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("x"));
    await runtime.fetch("http://a.test", { method: "POST" });
    expect(fetched).toHaveBeenCalledWith("http://a.test", { method: "POST" });
    vi.spyOn(Date, "now").mockReturnValue(1999);
    expect(runtime.now()).toBe(1);
  });
});
