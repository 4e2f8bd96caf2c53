import { readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { privateKeyToAddress } from "viem/accounts";
import { keccak256, recoverAddress } from "viem/utils";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { gateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import { typedDataDigest } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, zFactorId } from "#core/primitives/hex.ts";
import { recordTypedData } from "#core/security/record.ts";
import { newRequestId, post, type SessionSignatures, TestClient } from "./testing/lit-client.ts";
import { secretsInMemory } from "./testing/memory-search.ts";
import { TestNetwork } from "./testing/network.ts";
import { scalarToHex } from "./threshold/curve.ts";
import { interpolate } from "./threshold/polynomial.ts";

// Signs whatever it is told to: what is tested here is the network, not the gate.
const GATE = `(async () => {
  if (jsParams.fail) throw new Error("told to fail");
  if (!jsParams.digest) return Lit.Actions.setResponse({ response: JSON.stringify({ ok: false }) });
  const toSign = jsParams.random ? crypto.getRandomValues(new Uint8Array(32)) : Uint8Array.from(jsParams.digest.slice(2).match(/../g), (byte) => parseInt(byte, 16));
  await Lit.Actions.signEcdsa({ toSign, publicKey: jsParams.signWith ?? jsParams.publicKey, sigName: "record" });
  const { authSigAddress, keyCreator, actionIpfsIds } = Lit.Auth;
  Lit.Actions.setResponse({ response: JSON.stringify({ ok: true, authSigAddress, keyCreator, cid: actionIpfsIds[0] }) });
})();`;
const OTHER_GATE = `${GATE} // another`;
const NEWER_GATE = `${GATE} // newer`;

const cidOf = (code: string) => gateCid(new TextEncoder().encode(code));
const digestOf = (text: string): Hex => keccak256(new TextEncoder().encode(text));

/** What a rejected promise was rejected with, as text: the Lit client wraps what nodes said several times. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "it did not fail",
    (error: unknown) => (error instanceof Error ? error.message : JSON.stringify(error)),
  );
}

const zShareFile = z.object({ secret: z.string().regex(/^[0-9a-f]{64}$/) });
const addressOfSecret = (secret: bigint) => privateKeyToAddress(`0x${scalarToHex(secret)}`);

/** Whose signature it is; "nobody" when there is none. */
async function signerOf(hash: Hex, signature: Hex | undefined): Promise<string> {
  return signature === undefined ? "nobody" : recoverAddress({ hash, signature });
}

let network: TestNetwork;
let client: TestClient;
let session: SessionSignatures;
let key: { publicKey: Hex; address: Address };

beforeAll(async () => {
  // The Lit client warns whenever there is no browser storage.
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  network = await TestNetwork.start();
  await network.publish(GATE);
  await reconnect();
  key = await client.createKey(session, network.node(1).url);
});

afterAll(async () => {
  await client.disconnect();
  await network.stop();
});

/** Reads the nodes again, as a wallet does after a failure, and opens a new session with the same device key. */
async function reconnect(): Promise<void> {
  const device = (client as TestClient | undefined)?.device;
  await (client as TestClient | undefined)?.disconnect();
  client = await TestClient.connect(network, device);
  session = await client.openSession(GATE);
}

/** Signs with the key, and says whose signature came out. */
async function signer(digest: Hex, params: Record<string, unknown> = {}): Promise<string> {
  const { publicKey } = key;
  const { signature } = await client.execute(session, GATE, { publicKey, digest, ...params });
  return signerOf(digest, signature);
}

describe("four nodes and the unmodified Lit client", () => {
  test("make a key, and sign with it what the gate asks for", async () => {
    const { publicKey } = key;
    const digest = digestOf("hello");
    const { response, signature } = await client.execute(session, GATE, { publicKey, digest });
    expect(await signerOf(digest, signature)).toBe(key.address);
    expect(response).toEqual({
      ok: true,
      authSigAddress: client.device.address,
      keyCreator: client.device.address,
      cid: cidOf(GATE),
    });
  });

  test("understand sessions that Lit's own helpers make", async () => {
    const { publicKey } = key;
    const litSession = await client.openLitSession();
    const digest = digestOf("lit");
    const { signature } = await client.execute(litSession, GATE, { publicKey, digest });
    expect(await signerOf(digest, signature)).toBe(key.address);
  });

  test("sign many requests at the same time", async () => {
    const digests = Array.from({ length: 4 }, (_, index) => digestOf(`at once ${index}`));
    const signers = await Promise.all(digests.map((digest) => signer(digest)));
    expect(new Set(signers)).toEqual(new Set([key.address]));
  });

  test("sign nothing when the gate refuses", async () => {
    const { publicKey } = key;
    const result = await client.execute(session, GATE, { publicKey });
    expect(result.response).toBe(JSON.stringify({ ok: false }));
    expect(result.signature).toBeUndefined();
  });

  test("give the same key for the same request, whichever node is asked, and another for another", async () => {
    const requestId = newRequestId();
    const [first, second, third] = [network.node(2).url, network.node(3).url, network.node(4).url];
    const made = await client.createKey(session, first, requestId);
    expect(await client.createKey(session, second, requestId)).toEqual(made);
    expect((await client.createKey(session, third)).address).not.toBe(made.address);
  });

  test("tell who a key was made for, also to a session of somebody else", async () => {
    const stranger = await TestClient.connect(network);
    const theirs = await stranger.openSession(GATE);
    const result = await stranger.execute(theirs, GATE, { publicKey: key.publicKey, digest: digestOf("x") });
    expect(result.response).toMatchObject({
      authSigAddress: stranger.device.address,
      keyCreator: client.device.address,
    });
    await stranger.disconnect();
  });
});

describe("a node refuses", () => {
  const body = (jsParams: Record<string, unknown>, code = GATE, sigs = session) => ({
    code: Buffer.from(code).toString("base64"),
    jsParams: { requestId: newRequestId(), action: "set-record", publicKey: key.publicKey, ...jsParams },
    authSig: sigs[network.node(1).url],
  });
  const execute = (request: unknown) => post(new URL("/web/execute/v1", network.node(1).url), request);

  test("a request made before", async () => {
    const request = body({});
    const answers = await Promise.allSettled([execute(request), execute(request)]);
    const refusals = answers.flatMap((a) => (a.status === "rejected" ? [a.reason as unknown] : []));
    expect(refusals).toContainEqual(expect.objectContaining({ code: "request-used" }));
    await expect(execute(request)).rejects.toMatchObject({ code: "request-used" });
  });

  test("a gate that nobody published", async () => {
    const sigs = await client.openSession(OTHER_GATE);
    await expect(execute(body({ digest: digestOf("a") }, OTHER_GATE, sigs))).rejects.toMatchObject({
      code: "gate-not-accepted",
    });
  });

  test("a session for another gate", async () => {
    await expect(execute(body({}, OTHER_GATE))).rejects.toMatchObject({ code: "session-without-right" });
  });

  test("an operation for a key that has no record", async () => {
    await expect(execute(body({ action: "sign-operation" }))).rejects.toMatchObject({ code: "no-record" });
  });

  test("a key it does not hold", async () => {
    const publicKey = `0x04${"11".repeat(64)}`;
    await expect(execute(body({ publicKey }))).rejects.toMatchObject({ code: "key-unknown" });
  });

  test("a gate that wants another key to sign than the request names", async () => {
    const other = await client.createKey(session, network.node(1).url);
    const request = body({ digest: digestOf("b"), signWith: other.publicKey });
    await expect(execute(request)).rejects.toMatchObject({
      code: "gate-failed",
      message: expect.stringMatching(/another key/),
    });
  });

  test("to sign for a gate that failed, and says what it said", async () => {
    await expect(execute(body({ fail: true }))).rejects.toMatchObject({
      code: "gate-failed",
      message: expect.stringMatching(/told to fail/),
    });
  });

  test("a session signature made for another node", async () => {
    const request = { ...body({}), authSig: session[network.node(2).url] };
    await expect(execute(request)).rejects.toMatchObject({ code: "session-elsewhere" });
  });

  test("forged sessions", async () => {
    const good = session[network.node(1).url]!;
    const stranger = await TestClient.connect(network);
    const theirs = (await stranger.openSession(GATE))[network.node(1).url]!;
    await stranger.disconnect();
    const swap = (text: string, from: string, to: string) => text.replaceAll(from, to);
    const forgeries = [
      { ...good, signedMessage: swap(good.signedMessage, client.device.address, stranger.device.address) },
      { ...good, sig: theirs.sig },
      { ...good, address: theirs.address },
      { ...theirs, signedMessage: good.signedMessage },
      { ...good, sig: "00".repeat(64) },
    ];
    for (const authSig of forgeries) {
      await expect(execute({ ...body({}), authSig })).rejects.toMatchObject({ code: "session-forged" });
    }
  });

  test("what is no request at all, and what is too large", async () => {
    await expect(execute({})).rejects.toMatchObject({ code: "request-malformed" });
    await expect(execute(body({ action: "drain" }))).rejects.toMatchObject({ code: "request-malformed" });
    await expect(execute(body({ padding: "x".repeat(40_000) }))).rejects.toMatchObject({
      code: "request-malformed",
    });
    await expect(execute(body({}, "x".repeat(1_000_000)))).rejects.toMatchObject({
      code: "request-too-large",
    });
  });

  test.each([[undefined], ["0x12"], [`0x${"g".repeat(64)}`], [7]])(
    "to sign %j, which is no digest, even where it obeys whoever asks",
    async (digest) => {
      await network.setFault(1, "no-gate");
      const refused = execute(body({ digest }));
      await expect(refused).rejects.toMatchObject({
        code: "request-malformed",
        message: "The request names no digest to sign. Name it as 0x and 64 hexadecimal digits.",
      });
      await network.setFault(1, "none");
    },
  );

  test("web pages of other sites", async () => {
    const response = await fetch(new URL("/health", network.node(1).url), {
      headers: { origin: "https://example.com" },
    });
    expect(response.status).toBe(403);
  });

  test("messages that no other node sealed", async () => {
    const message = { from: 2, to: 1, ceremony: "ab".repeat(32), round: "probe", sentAt: Date.now() };
    const sealed = { ...message, nonce: "A".repeat(16), body: Buffer.alloc(32).toString("base64") };
    await expect(post(new URL("/trivet/peer", network.node(1).url), sealed)).rejects.toMatchObject({
      code: "message-refused",
    });
  });

  test("a session without a device key's signature to make a key", async () => {
    const sessionSig = { ...session[network.node(1).url]!, sig: "00".repeat(64) };
    const request = { sessionSig, requestId: newRequestId() };
    await expect(post(new URL("/trivet/keys", network.node(1).url), request)).rejects.toMatchObject({
      code: "session-forged",
    });
  });
});

describe("a key with a record", () => {
  test("signs with the gate of its record only, and goes on when a newer one is published", async () => {
    key = await client.createKey(session, network.node(1).url);
    const gate = gateDigest(cidOf(GATE));
    const factors = [zFactorId.parse(digestOf("email"))];
    const record = { key: key.address, gate, factors, version: 1n };
    const domain = { chainId: 31337, factorRegistry: network.contracts.factorRegistry };
    const digest = typedDataDigest(recordTypedData(record, domain));
    const result = await client.execute(session, GATE, { publicKey: key.publicKey, digest });
    await network.setRecord(key.address, gate, factors, result.signature ?? "0x");

    const operation = { action: "sign-operation" };
    expect(await signer(digestOf("operation"), operation)).toBe(key.address);

    await network.publish(NEWER_GATE);
    expect(await signer(digestOf("still"), operation)).toBe(key.address);
    const newer = await client.openSession(NEWER_GATE);
    const params = { publicKey: key.publicKey, digest: digestOf("newer"), ...operation };
    expect(await failureOf(client.execute(newer, NEWER_GATE, params))).toMatch(/gate-not-of-record/);
  });

  test("and one without gets its first from the canonical gate only", async () => {
    const fresh = await client.createKey(session, network.node(1).url);
    const params = { publicKey: fresh.publicKey, digest: digestOf("first") };
    expect(await failureOf(client.execute(session, GATE, params))).toMatch(/gate-not-canonical/);
    const newer = await client.openSession(NEWER_GATE);
    const result = await client.execute(newer, NEWER_GATE, params);
    expect(result.response).toMatchObject({ ok: true });
  });
});

describe("when nodes fail", () => {
  const operation = { action: "sign-operation" };

  test("one is stopped: the others sign, but no key is made without it", async () => {
    await network.stopNode(2);
    await network.listRunningNodes();
    await reconnect();
    for (const text of ["p", "q", "r", "s"]) {
      expect(await signer(digestOf(text), operation)).toBe(key.address);
    }
    await expect(client.createKey(session, network.node(1).url)).rejects.toMatchObject({
      code: "nodes-missing",
      message: expect.stringMatching(/Node 2 does not answer/),
    });
  });

  test("two are stopped: a clear error, whether the client knows it already or not", async () => {
    await network.stopNode(4);
    expect(await failureOf(signer(digestOf("two"), operation))).toMatch(
      /Signing needs 3 nodes, and nodes 2 and 4 did not answer/,
    );
    await network.listRunningNodes();
    expect(await failureOf(TestClient.connect(network))).toMatch(/Required: 3 but got: 2/);
  });

  test("they come back with their shares, and sign again", async () => {
    await network.startNode(2);
    await network.startNode(4);
    await network.listRunningNodes();
    await reconnect();
    expect(await signer(digestOf("back"), operation)).toBe(key.address);
    for (const index of [1, 2, 3, 4]) {
      expect(await signer(digestOf(`without ${index}`), { ...operation, exclude: [index] })).toBe(
        key.address,
      );
    }
  });

  test("one hangs without closing its port: the others sign, whoever coordinates", async () => {
    network.process(3).kill("SIGSTOP");
    await network.listRunningNodes([1, 2, 4]);
    await reconnect();
    for (const text of ["h1", "h2", "h3", "h4", "h5", "h6"]) {
      expect(await signer(digestOf(text), operation)).toBe(key.address);
    }
    network.process(3).kill("SIGCONT");
    await network.listRunningNodes();
    await reconnect();
  });

  test("one gives wrong shares: the signature is refused, and leaving nodes out finds which it is", async () => {
    await network.setFault(3, "wrong-share");
    const works: number[] = [];
    for (const index of [1, 2, 3, 4]) {
      const attempt = signer(digestOf("who?"), { ...operation, exclude: [index] });
      if ((await attempt.catch(() => "none")) === key.address) works.push(index);
    }
    expect(works).toEqual([3]);
    await network.setFault(3, "none");
    expect(await signer(digestOf("good again"), { ...operation, exclude: [1] })).toBe(key.address);
  });

  test("a request that leaves out too many is refused at once", async () => {
    const failure = await failureOf(signer(digestOf("few"), { ...operation, exclude: [1, 2] }));
    expect(failure).toMatch(/too-few-nodes/);
  });

  test("all are killed at any moment: keys that were made stay, requests that were served are not served again", async () => {
    const requestId = newRequestId();
    await client.execute(session, GATE, { publicKey: key.publicKey, requestId, ...operation });
    await Promise.all(network.nodes.map(({ index }) => network.stopNode(index, "SIGKILL")));
    await Promise.all(network.nodes.map(({ index }) => network.startNode(index)));
    expect(await signer(digestOf("after"), operation)).toBe(key.address);
    const again = client.execute(session, GATE, { publicKey: key.publicKey, requestId, ...operation });
    expect(await failureOf(again)).toMatch(/request-used/);
  });

  test("one is killed while a key is made: nothing usable is left, and the same request makes a key later", async () => {
    const requestId = newRequestId();
    const folders = network.nodes.map(({ index }) => join(network.folder, `node-${index}`, "keys"));
    const keysOf = async () =>
      (await Promise.all(folders.map((folder) => readdir(folder)))).map((n) => n.length);
    const before = await keysOf();
    network.process(4).kill("SIGSTOP");
    const making = client.createKey(session, network.node(1).url, requestId);
    const failure = expect(making).rejects.toMatchObject({ code: expect.stringMatching(/^node/) });
    await network.stopNode(4, "SIGKILL");
    await failure;
    expect(await keysOf()).toEqual(before);
    await network.startNode(4);
    const made = await client.createKey(session, network.node(1).url, requestId);
    // Every node has its share on the disk by now, and makes it active as soon as it hears so of the others.
    await vi.waitFor(async () => expect(await keysOf()).toEqual(before.map((count) => count + 1)));
    expect(await client.createKey(session, network.node(2).url, requestId)).toEqual(made);
  });
});

describe("what a node keeps", () => {
  const shareFile = (index: number, address: Address) =>
    join(network.folder, `node-${index}`, "keys", `${address}.json`);
  const readShare = async (index: number): Promise<bigint> => {
    const file = zShareFile.parse(JSON.parse(await readFile(shareFile(index, key.address), "utf8")));
    return BigInt(`0x${file.secret}`);
  };

  test("is readable for its owner only", async () => {
    for (const { index } of network.nodes) {
      const folder = join(network.folder, `node-${index}`);
      for (const name of ["identity.json", "config.json", "requests.jsonl", `keys/${key.address}.json`]) {
        expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
      }
    }
  });

  test.runIf(process.platform === "linux")(
    "is its own share only: no process' memory holds the key or another's share",
    async () => {
      const shares = await Promise.all(network.nodes.map(async ({ index }) => readShare(index)));
      const [one = 0n, two = 0n] = shares;
      const secret = interpolate(
        new Map([
          [1, one],
          [2, two],
        ]),
      );
      expect(addressOfSecret(secret)).toBe(key.address);
      await signer(digestOf("once more"), { action: "sign-operation" });
      for (const [position, { index }] of network.nodes.entries()) {
        const pid = network.process(index).pid ?? 0;
        // That the own share is found shows that the search finds what is there.
        expect(secretsInMemory(pid, [...shares, secret])).toEqual([shares[position]]);
      }
    },
  );

  test("becomes active after all when the node stopped right at the end of a key's creation", async () => {
    await network.stopNode(4, "SIGKILL");
    const file = shareFile(4, key.address);
    await rename(file, join(dirname(file), "pending", basename(file)));
    await network.startNode(4);
    expect(await signer(digestOf("late"), { action: "sign-operation", exclude: [1] })).toBe(key.address);
    expect((await stat(file)).isFile()).toBe(true);
  });

  test("never signs while no node holds it active", async () => {
    await Promise.all(
      network.nodes.map(async ({ index }) => {
        await network.stopNode(index);
        const file = shareFile(index, key.address);
        await rename(file, join(dirname(file), "pending", basename(file)));
      }),
    );
    await Promise.all(network.nodes.map(({ index }) => network.startNode(index)));
    expect(await failureOf(signer(digestOf("x"), { action: "sign-operation" }))).toMatch(/key-unknown/);
  });
});
