import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import { zGateCid } from "./gate-cid.ts";
import { type SessionGrant, sessionCapability, sessionMessage, zSessionGrant } from "./session-message.ts";

const grant: SessionGrant = {
  address: toAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
  sessionKey: "ab".repeat(32),
  chainId: 31337,
  nonce: `0x${"cd".repeat(32)}`,
  issuedAt: "2026-11-21T00:00:00.000Z",
  expirationTime: "2026-11-21T00:10:00.000Z",
  gate: zGateCid.parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"),
};

/** The packages by which the Lit client itself reads and writes session messages. */
function litPackages() {
  const requireClient = createRequire(
    createRequire(import.meta.url).resolve("@lit-protocol/lit-node-client"),
  );
  return {
    siwe: requireClient("siwe") as { SiweMessage: new (text: string | object) => Siwe },
    recap: requireClient("siwe-recap") as {
      Recap: { extract_and_verify: (message: Siwe) => { attenuations: unknown } };
    },
  };
}
interface Siwe {
  readonly [field: string]: unknown;
  prepareMessage(): string;
}

describe("sessionMessage", () => {
  test("is a Sign-In with Ethereum message that the client's parser reads back field by field", () => {
    const { siwe } = litPackages();
    const text = sessionMessage(grant);
    const message = new siwe.SiweMessage(text);
    expect(message).toMatchObject({
      domain: "trivet",
      address: grant.address,
      uri: `lit:session:${grant.sessionKey}`,
      version: "1",
      chainId: 31337,
      nonce: grant.nonce,
      issuedAt: grant.issuedAt,
      expirationTime: grant.expirationTime,
      resources: [sessionCapability(grant.gate)],
    });
    expect(message.prepareMessage()).toBe(text);
  });

  test("carries a capability that says in words exactly what it grants: one gate's execution", () => {
    const { siwe, recap } = litPackages();
    // Throws unless the statement is the one that the capability demands.
    const capability = recap.Recap.extract_and_verify(new siwe.SiweMessage(sessionMessage(grant)));
    expect(capability.attenuations).toEqual({
      [`lit-litaction://${grant.gate}`]: { "Threshold/Execution": [{}] },
    });
  });

  test.each([
    ["a line of its own in a field", { nonce: "abcdefgh\nURI: lit:session:00" }],
    ["a session longer than ten minutes", { expirationTime: "2026-11-21T00:10:00.001Z" }],
    ["a session that ends before it starts", { expirationTime: "2026-11-20T23:59:59.000Z" }],
    ["a time in another spelling", { issuedAt: "2026-11-21T00:00:00Z" }],
    ["a time with an offset", { issuedAt: "2026-11-21T00:00:00.000+00:00" }],
    ["a session key that is none", { sessionKey: "AB".repeat(32) }],
    ["a gate that is none", { gate: "*" }],
  ])("refuses %s", (_what, change) => {
    const changed = { ...grant, ...change } as SessionGrant;
    expect(zSessionGrant.safeParse(changed).success).toBe(false);
    expect(() => sessionMessage(changed)).toThrow();
  });
});
