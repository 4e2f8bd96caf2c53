import { createSiweMessage } from "viem/siwe";
import { describe, expect, test } from "vitest";
import { sessionMessage, zSessionGrant } from "#core/key-network/session-message.ts";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { toAddress } from "#core/primitives/address.ts";
import { demandChallenge, signInMessage } from "./challenge.ts";

const device = toAddress(`0x${"d1".repeat(20)}`);
const asked = signInMessage("https://auth.example.org/", 31_337);
const issuedAt = new Date("2026-11-21T18:00:00Z");
const honest = {
  ...asked,
  address: device,
  version: "1",
  nonce: "abcdefgh12345678",
  issuedAt,
  expirationTime: new Date("2026-11-21T18:05:00Z"),
} as const;

describe("the challenge that a new device key signs", () => {
  test("is the message that was asked for, with or without an end", () => {
    demandChallenge(createSiweMessage(honest), asked, device);
    const { expirationTime: _, ...endless } = honest;
    demandChallenge(createSiweMessage(endless), asked, device);
  });

  test.each<[string, string]>([
    ["of another site", createSiweMessage({ ...honest, domain: "evil.example.org" })],
    ["of another address", createSiweMessage({ ...honest, address: toAddress(`0x${"e1".repeat(20)}`) })],
    ["of another chain", createSiweMessage({ ...honest, chainId: 1 })],
    ["with another statement", createSiweMessage({ ...honest, statement: "I give everything away." })],
    ["for another URI", createSiweMessage({ ...honest, uri: "https://evil.example.org" })],
    ["with resources", createSiweMessage({ ...honest, resources: ["https://evil.example.org/r"] })],
    ["with a request's id", createSiweMessage({ ...honest, requestId: "1" })],
    ["with something behind it", `${createSiweMessage(honest)}\nMore: x`],
    ["cut off", createSiweMessage(honest).split("\n").slice(0, 9).join("\n")],
    ["that is a plain line", "Signing in with Project: abc"],
    ["that is empty", ""],
  ])("is none %s", (_, challenge) => {
    expect(() => {
      demandChallenge(challenge, asked, device);
    }).toThrow("did not ask for");
  });

  test("is none that opens a session with the key network", () => {
    const grant = zSessionGrant.parse({
      address: device,
      sessionKey: "0a".repeat(32),
      chainId: 31_337,
      nonce: "abcdefgh12345678",
      issuedAt: "2026-11-21T18:00:00.000Z",
      expirationTime: "2026-11-21T18:05:00.000Z",
      gate: GATE_RELEASES[0]?.cid,
    });
    expect(() => {
      demandChallenge(sessionMessage(grant), asked, device);
    }).toThrow("did not ask for");
  });
});
