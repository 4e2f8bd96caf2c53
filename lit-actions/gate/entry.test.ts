/** The gate where a key network starts it: a script whose world is globals. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { GATE_REASONS } from "#core/security/gate-reasons.ts";
import { readDeployment } from "../build.ts";
import { litRuntime } from "./lit-runtime.ts";
import { runGate } from "./main.ts";

const deployment = readDeployment("devnet");
const CID = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";

function globalsOf(Auth: unknown, jsParams: unknown = {}) {
  const Actions = {
    signEcdsa: vi.fn(() => Promise.resolve("success")),
    setResponse: vi.fn<(answer: { response: string }) => void>(),
    getRpcUrl: vi.fn(() => Promise.resolve("http://rpc.test")),
  };
  return { Lit: { Actions, Auth }, jsParams };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the gate's script", () => {
  test("answers what it was asked, as JSON, and signs nothing that it cannot read", async () => {
    const globals = globalsOf({ authSigAddress: "0x", actionIpfsIds: [CID] });
    vi.stubGlobal("DEPLOYMENT", deployment);
    vi.stubGlobal("Lit", globals.Lit);
    vi.stubGlobal("jsParams", globals.jsParams);
    await import("./entry.ts");
    const { setResponse, signEcdsa } = globals.Lit.Actions;
    await vi.waitFor(() => expect(setResponse).toHaveBeenCalledOnce());
    const [{ response } = { response: "" }] = setResponse.mock.calls[0] ?? [];
    const { message } = GATE_REASONS["request-malformed"];
    expect(JSON.parse(response)).toEqual({ ok: false, reason: "request-malformed", message });
    expect(signEcdsa).not.toHaveBeenCalled();
  });
});

describe("the runtime of a key network", () => {
  const auth = { authSigAddress: "0xAB", actionIpfsIds: [CID], keyCreator: "0xCD" };

  test("tells what the node says of the run", () => {
    expect(litRuntime(globalsOf(auth, { a: 1 }))).toMatchObject({
      params: { a: 1 },
      sessionAddress: "0xAB",
      gateCid: CID,
      keyCreator: "0xCD",
    });
    expect(litRuntime(globalsOf({ ...auth, keyCreator: undefined })).keyCreator).toBeNull();
  });

  test("does not start where the node says nothing", () => {
    expect(() => litRuntime(globalsOf(undefined))).toThrow();
    expect(() => litRuntime(globalsOf({ ...auth, actionIpfsIds: [] }))).toThrow();
  });

  test("has the network sign bytes, fetches, and reads the clock in seconds", async () => {
    const globals = globalsOf(auth);
    const runtime = litRuntime(globals);
    await runtime.sign("0x0102", "0x04", "operation");
    const toSign = Uint8Array.from([1, 2]);
    expect(globals.Lit.Actions.signEcdsa).toHaveBeenCalledWith({
      toSign,
      publicKey: "0x04",
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
