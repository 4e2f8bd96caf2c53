import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { base64urlnopad } from "@scure/base";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { zGateCid } from "#core/key-network/gate-cid.ts";
import { GATE_ABILITY, sessionMessage } from "#core/key-network/session-message.ts";
import { toAddress } from "#core/primitives/address.ts";
import { type SessionSignature, SessionVerifier } from "./session-signature.ts";
import { parseSessionMessage } from "./siwe.ts";

const NODE = "http://127.0.0.1:47611";
const GATE = zGateCid.parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o");
const OTHER_GATE = zGateCid.parse("QmUjX8MW6StQ7NKNdaS6g4RMkvN5hcgtKmEi8Mca6oX4t3");
const NOW = Date.parse("2026-11-21T10:00:00.000Z");
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

const device = privateKeyToAccount(generatePrivateKey());
const sessionSecret = ed25519.utils.randomSecretKey();
const sessionKey = bytesToHex(ed25519.getPublicKey(sessionSecret));

/** The wallet's own message. */
const walletMessage = sessionMessage({
  address: toAddress(device.address),
  sessionKey,
  chainId: 31337,
  nonce: `0x${"ab".repeat(32)}`,
  issuedAt: at(0),
  expirationTime: at(600),
  gate: GATE,
});

interface Changes {
  readonly message?: string;
  readonly signed?: Record<string, unknown>;
  readonly capabilities?: unknown[];
  readonly deviceSignature?: Record<string, unknown>;
  readonly signature?: Partial<SessionSignature>;
}

/** A session signature as the Lit client makes it, with changes made before it is signed. */
async function sessionSignature(changes: Changes = {}): Promise<SessionSignature> {
  const signedMessage = changes.message ?? walletMessage;
  const capability = {
    sig: await device.signMessage({ message: signedMessage }),
    derivedVia: "web3.eth.personal.sign",
    signedMessage,
    address: device.address,
    ...changes.deviceSignature,
  };
  const text = JSON.stringify({
    sessionKey,
    resourceAbilityRequests: [
      { resource: { resource: GATE, resourcePrefix: "lit-litaction" }, ability: GATE_ABILITY },
    ],
    capabilities: changes.capabilities ?? [capability],
    issuedAt: at(0),
    expiration: at(600),
    nodeAddress: NODE,
    ...changes.signed,
  });
  return {
    sig: bytesToHex(ed25519.sign(utf8ToBytes(text), sessionSecret)),
    derivedVia: "litSessionSignViaNacl",
    signedMessage: text,
    address: sessionKey,
    algo: "ed25519",
    ...changes.signature,
  };
}

const verify = async (signature: SessionSignature, seconds = 1) =>
  new SessionVerifier(() => NOW + seconds * 1000).verify(signature, NODE);

/** The wallet's message with another capability, and the words that go with it unless others are given. */
function messageWith(attenuations: Record<string, unknown>, words?: string): string {
  const json = JSON.stringify({ att: attenuations, prf: [] });
  const capability = `urn:recap:${base64urlnopad.encode(utf8ToBytes(json))}`;
  return walletMessage
    .replace(/urn:recap:\S+/, capability)
    .replace(/\(1\) .*/, words ?? `(1) 'Threshold': 'Execution' for '${Object.keys(attenuations).join()}'.`);
}

describe("a session signature", () => {
  test("tells whose device key opened the session, until when, and which gate it may run", async () => {
    const session = await verify(await sessionSignature());
    expect(session).toMatchObject({ device: device.address, expires: NOW + 600_000, mayRunSome: true });
    expect(session.mayRun(GATE)).toBe(true);
    expect(session.mayRun(OTHER_GATE)).toBe(false);
  });

  test("gives only what the session key asked for and the device key granted", async () => {
    const everyGate = messageWith({ "lit-litaction://*": { "Threshold/Execution": [{}] } });
    const narrow = await verify(await sessionSignature({ message: everyGate }));
    expect([narrow.mayRun(GATE), narrow.mayRun(OTHER_GATE)]).toEqual([true, false]);
    const ask = (resource: string, ability: string = GATE_ABILITY) => ({
      resourceAbilityRequests: [{ resource: { resource, resourcePrefix: "lit-litaction" }, ability }],
    });
    const wide = await verify(await sessionSignature({ message: everyGate, signed: ask("*") }));
    expect([wide.mayRun(GATE), wide.mayRun(OTHER_GATE)]).toEqual([true, true]);
    const tooWide = await verify(await sessionSignature({ signed: ask("*") }));
    expect([tooWide.mayRun(GATE), tooWide.mayRun(OTHER_GATE)]).toEqual([true, false]);
    const nothing = await verify(await sessionSignature({ signed: ask(GATE, "pkp-signing") }));
    expect([nothing.mayRun(GATE), nothing.mayRunSome]).toEqual([false, false]);
    const elsewhere = messageWith({ "lit-pkp://*": { "Threshold/Execution": [{}] } });
    const none = await verify(await sessionSignature({ message: elsewhere }));
    expect([none.mayRun(GATE), none.mayRunSome]).toEqual([false, false]);
  });

  test("is refused when it is over, not yet begun, or far too long", async () => {
    await expect(verify(await sessionSignature(), 601)).rejects.toMatchObject({ code: "session-expired" });
    await expect(verify(await sessionSignature(), -3600)).rejects.toMatchObject({ code: "session-expired" });
    const endless = walletMessage.replace(at(600), at(86_400 * 365));
    const signed = { expiration: at(86_400 * 365) };
    await expect(verify(await sessionSignature({ message: endless, signed }))).rejects.toMatchObject({
      code: "session-expired",
    });
    await expect(verify(await sessionSignature({ signed: { expiration: at(0) } }))).rejects.toMatchObject({
      code: "session-expired",
    });
  });

  test("is refused for another node", async () => {
    const signature = await sessionSignature({ signed: { nodeAddress: "http://127.0.0.1:47612" } });
    await expect(verify(signature)).rejects.toMatchObject({ code: "session-elsewhere" });
  });

  test("is refused when anything in it was changed after it was signed", async () => {
    const good = await sessionSignature();
    const stranger = privateKeyToAccount(generatePrivateKey());
    const otherKey = bytesToHex(ed25519.getPublicKey(ed25519.utils.randomSecretKey()));
    const forgeries = [
      { ...good, signedMessage: good.signedMessage.replace(at(600), at(6000)) },
      { ...good, address: otherKey },
      await sessionSignature({ signed: { sessionKey: otherKey } }),
      await sessionSignature({ deviceSignature: { signedMessage: walletMessage.replace(at(600), at(500)) } }),
      await sessionSignature({ deviceSignature: { address: stranger.address } }),
      await sessionSignature({
        deviceSignature: { sig: await stranger.signMessage({ message: walletMessage }) },
      }),
      await sessionSignature({ message: walletMessage.replace(sessionKey, otherKey) }),
      await sessionSignature({ deviceSignature: { sig: `0x${"00".repeat(65)}` } }),
    ];
    for (const forgery of forgeries) {
      await expect(verify(forgery)).rejects.toMatchObject({ code: "session-forged" });
    }
  });

  test("needs exactly one device key's signature, and no other kind of it", async () => {
    for (const changes of [
      { capabilities: [] },
      { deviceSignature: { derivedVia: "web3.eth.contract" } },
      { signed: { capabilities: undefined } },
    ]) {
      await expect(verify(await sessionSignature(changes))).rejects.toMatchObject({
        code: "session-malformed",
      });
    }
  });

  test("remembers a good device key's signature, but still looks at the clock", async () => {
    let now = NOW;
    const verifier = new SessionVerifier(() => now);
    const signature = await sessionSignature();
    await verifier.verify(signature, NODE);
    await verifier.verify(signature, NODE);
    now = NOW + 600_000;
    await expect(verifier.verify(signature, NODE)).rejects.toMatchObject({ code: "session-expired" });
  });
});

describe("a session message", () => {
  test("is read field by field", () => {
    expect(parseSessionMessage(walletMessage)).toEqual({
      address: device.address,
      uri: `lit:session:${sessionKey}`,
      expirationTime: new Date(at(600)),
      notBefore: undefined,
      capability: { [`lit-litaction://${GATE}`]: { "Threshold/Execution": [{}] } },
    });
  });

  test.each<[string, string]>([
    ["says something else than its capability", walletMessage.replace("'Execution'", "'Signing'")],
    [
      "has a capability with another meaning than its words",
      messageWith(
        { "lit-litaction://*": { "Threshold/Execution": [{}] } },
        "(1) 'Threshold': 'Execution' for 'lit-litaction://x'.",
      ),
    ],
    [
      "restricts in a way nodes do not know",
      messageWith({ "lit-litaction://*": { "Threshold/Execution": [{ once: true }] } }),
    ],
    ["hides a second URI in a field", walletMessage.replace("Version: 1", "URI: lit:session:00\nVersion: 1")],
    ["hides fields in its statement", walletMessage.replace("Trivet opens", "x\n\nURI: a\nTrivet opens")],
    ["goes on after its resources", `${walletMessage}\nURI: lit:session:00`],
    ["begins before its beginning", `x\n${walletMessage}`],
    ["never ends", walletMessage.replace(/\nExpiration Time: .*/, "")],
    ["has no resources", walletMessage.replace(/\nResources:[^]*/, "")],
    ["has no capability", walletMessage.replace(/urn:recap:\S+/, "https://example.com")],
    ["has a capability that is no JSON", walletMessage.replace(/urn:recap:\S+/, "urn:recap:AAAA")],
    ["is for another version", walletMessage.replace("Version: 1", "Version: 2")],
    ["is empty", ""],
  ])("is refused when it %s", (_what, text) => {
    expect(() => parseSessionMessage(text)).toThrow(expect.objectContaining({ code: "session-malformed" }));
  });
});
