import { p256 } from "@noble/curves/nist.js";
import fc from "fast-check";
import { decodeAbiParameters, parseAbi, parseAbiParameters } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { World } from "#contracts/testing/world.ts";
import { type Lies, SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import { keyOfAddress } from "../keys/key.ts";
import type { Hex } from "../primitives/hex.ts";
import { anyAddress, anyBytes } from "../testing/arbitraries.ts";
import { passkeyCandidates, passkeySignature, requestOptions } from "./assertion.ts";
import { creationOptions, readMadePasskey } from "./creation.ts";
import { isPasskeyPoint, keyOfPasskey, pointOfPasskey } from "./key.ts";

const ORIGIN = "http://localhost:41234";
const CHALLENGE: Hex = `0x${"5a".repeat(32)}`;
const VERIFIED: Hex = "0x024ad318"; // IERC7913SignatureVerifier.verify.selector

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

/** Whether the account's contract would count a signature. */
async function counts(point: Hex, digest: Hex, signature: Hex): Promise<boolean> {
  const answer = await world.chain.publicClient.readContract({
    address: world.contracts.webAuthnVerifier,
    abi: parseAbi(["function verify(bytes key, bytes32 hash, bytes signature) view returns (bytes4)"]),
    functionName: "verify",
    args: [point, digest, signature],
  });
  return answer === VERIFIED;
}

const wish = { challenge: CHALLENGE, user: CHALLENGE, name: "MFA key", others: [] };
const create = (device: SoftPasskey, lies: Lies = {}) =>
  device.create(JSON.stringify(creationOptions(wish)), lies);
const ask = (device: SoftPasskey, challenge = CHALLENGE, lies: Lies = {}) =>
  device.get(JSON.stringify(requestOptions(challenge, [])), lies);

/** A passkey, and what was read of it when it was made. */
function made() {
  const device = new SoftPasskey(ORIGIN);
  return { device, ...readMadePasskey(create(device), CHALLENGE) };
}

const zResponse = z.looseObject({ id: z.string(), response: z.record(z.string(), z.unknown()) });
/** An answer, some of whose parts are others. */
function changed(answer: string, parts: Record<string, unknown>, top: Record<string, unknown> = {}): string {
  const read = zResponse.parse(JSON.parse(answer));
  return JSON.stringify({ ...read, ...top, response: { ...read.response, ...parts } });
}
const bytesOf = (answer: string, part: string): Buffer =>
  Buffer.from(z.string().parse(zResponse.parse(JSON.parse(answer)).response[part]), "base64url");
/** vitest types what it compares with as anything. */
const refused = (problem: string) => expect.objectContaining({ code: `passkey-${problem}` }) as Error;

describe("a passkey that is made", () => {
  test("is asked for ES256, for a verified person, and where none of the others is", () => {
    const options = creationOptions({ ...wish, others: ["b3RoZXI"] });
    expect(options).toMatchObject({
      rp: { id: "localhost" },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none",
      excludeCredentials: [{ type: "public-key", id: "b3RoZXI" }],
    });
  });

  test("is named by its id and its public key, and says whether it is copied", () => {
    const { device, credential, point, synced } = made();
    expect(credential).toBe(device.id.toString("base64url"));
    expect(isPasskeyPoint(point)).toBe(true);
    expect(synced).toBe(false);
    expect(readMadePasskey(create(device, { flags: 0x18 }), CHALLENGE)).toEqual({
      credential,
      point,
      synced: true,
    });
  });

  test.each<[string, Lies, string]>([
    ["for another site", { rpId: "wallet.example" }, "answer-wrong"],
    ["by another site's page", { origin: "https://wallet.example" }, "answer-wrong"],
    ["by a site with the name in it", { origin: "https://localhost.example" }, "answer-wrong"],
    ["for another challenge", { challenge: "AAAA" }, "answer-wrong"],
    ["as a proof", { type: "webauthn.get" }, "answer-wrong"],
    ["without verifying the person", { userVerified: false }, "not-verified"],
    ["without the person", { userPresent: false }, "not-verified"],
    ["copied though it cannot be", { flags: 0x10 }, "answer-wrong"],
  ])("is refused when it was made %s", (_, lies, problem) => {
    expect(() => readMadePasskey(create(new SoftPasskey(ORIGIN), lies), CHALLENGE)).toThrow(refused(problem));
  });

  test("is refused with an id that is not the authenticator's, a key cut off, and one that is no point", () => {
    const answer = create(new SoftPasskey(ORIGIN));
    expect(() => readMadePasskey(changed(answer, {}, { id: "AAAA" }), CHALLENGE)).toThrow(
      refused("answer-wrong"),
    );
    const data = bytesOf(answer, "authenticatorData");
    const cut = data.subarray(0, -1).toString("base64url");
    expect(() => readMadePasskey(changed(answer, { authenticatorData: cut }), CHALLENGE)).toThrow(
      refused("unsupported"),
    );
    data.fill(0, data.length - 32);
    const off = data.toString("base64url");
    expect(() => readMadePasskey(changed(answer, { authenticatorData: off }), CHALLENGE)).toThrow(
      refused("unsupported"),
    );
  });

  test("is a key of the account by its verifier, and no other key is", () => {
    const { point } = made();
    fc.assert(
      fc.property(anyAddress, anyAddress, (verifier, other) => {
        fc.pre(verifier !== other);
        const key = keyOfPasskey(verifier, point);
        expect(pointOfPasskey(key, verifier)).toBe(point);
        expect(pointOfPasskey(key, other)).toBeUndefined();
        expect(pointOfPasskey(key, undefined)).toBeUndefined();
        expect(pointOfPasskey(keyOfAddress(other), verifier)).toBeUndefined();
      }),
    );
  });

  test("has a public key on the curve: any other 64 bytes are none", () => {
    fc.assert(
      fc.property(anyBytes(64), (point) => {
        // Two numbers at random are as good as never on the curve.
        expect(isPasskeyPoint(point)).toBe(false);
      }),
    );
    expect(isPasskeyPoint(`0x${"00".repeat(64)}`)).toBe(false);
  });
});

describe("a passkey's signature", () => {
  test("counts for the account's contract, whatever the digest, and for no other one", async () => {
    const { device, credential, point } = made();
    await fc.assert(
      fc.asyncProperty(anyBytes(32), async (digest) => {
        const signature = passkeySignature(ask(device, digest), { challenge: digest, point, credential });
        expect(await counts(point, digest, signature)).toBe(true);
        expect(await counts(made().point, digest, signature)).toBe(false);
        expect(await counts(point, CHALLENGE, signature)).toBe(digest === CHALLENGE);
      }),
      { numRuns: 25 },
    );
  });

  test("is written with the lower s, whichever the authenticator gave", async () => {
    const { device, point } = made();
    const answer = ask(device);
    const { r, s } = p256.Signature.fromBytes(bytesOf(answer, "signature"), "der");
    const twin = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes("der");
    const other = changed(answer, { signature: Buffer.from(twin).toString("base64url") });
    const both = [answer, other].map((one) => passkeySignature(one, { challenge: CHALLENGE, point }));
    expect(both[0]).toBe(both[1]);
    expect(await counts(point, CHALLENGE, both[0] ?? "0x")).toBe(true);
  });

  test("says where in the browser's words type and challenge are, in bytes and not in characters", async () => {
    const { device, point } = made();
    // A passkey signs what the browser wrote: here with a name in front that takes more bytes than characters.
    const answer = device.get(JSON.stringify(requestOptions(CHALLENGE, [])), { before: '"é":"日本",' });
    const signature = passkeySignature(answer, { challenge: CHALLENGE, point });
    const [, , challengeAt, typeAt, , text] = decodeAbiParameters(
      parseAbiParameters("bytes32, bytes32, uint256, uint256, bytes, bytes"),
      signature,
    );
    const bytes = Buffer.from(text.slice(2), "hex");
    expect(bytes.subarray(Number(typeAt)).toString()).toMatch(/^"type":"webauthn.get"/);
    expect(bytes.subarray(Number(challengeAt)).toString()).toMatch(/^"challenge":"WlpaWl/);
    expect(await counts(point, CHALLENGE, signature)).toBe(true);
  });

  test.each<[string, Lies, string]>([
    ["for another site", { rpId: "wallet.example" }, "answer-wrong"],
    ["on another site's page", { origin: "https://wallet.example" }, "answer-wrong"],
    ["another challenge", { challenge: Buffer.alloc(32, 7).toString("base64url") }, "answer-wrong"],
    ["by being made", { type: "webauthn.create" }, "answer-wrong"],
    ["without verifying the person", { userVerified: false }, "not-verified"],
    ["without the person", { userPresent: false }, "not-verified"],
    ["copied though it cannot be", { flags: 0x10 }, "answer-wrong"],
  ])("is refused when it signed %s", (_, lies, problem) => {
    const { device, point } = made();
    const answer = ask(device, CHALLENGE, lies);
    expect(() => passkeySignature(answer, { challenge: CHALLENGE, point })).toThrow(refused(problem));
  });

  test("is refused of another passkey, by its name or, where any was asked, by its signature", () => {
    const { credential, point } = made();
    const answer = ask(made().device);
    const asked = { challenge: CHALLENGE, point };
    expect(() => passkeySignature(answer, { ...asked, credential })).toThrow(refused("other-passkey"));
    expect(() => passkeySignature(answer, asked)).toThrow(refused("other-passkey"));
    const borrowed = changed(answer, {}, { id: credential });
    expect(() => passkeySignature(borrowed, { ...asked, credential })).toThrow(refused("signature-wrong"));
  });

  test("is refused when one bit of it, or of what it signed, is another", () => {
    const { device, credential, point } = made();
    const answer = ask(device);
    fc.assert(
      fc.property(
        fc.constantFrom("signature", "authenticatorData", "clientDataJSON"),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        (part, at, bit) => {
          const bytes = bytesOf(answer, part);
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
          const broken = changed(answer, { [part]: bytes.toString("base64url") });
          expect(() => passkeySignature(broken, { challenge: CHALLENGE, point, credential })).toThrow(
            expect.objectContaining({ code: expect.stringMatching(/^passkey-/) as string }),
          );
        },
      ),
    );
  });

  test("is refused of anything that is no answer, with a sentence and not a crash", () => {
    const { point } = made();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => passkeySignature(text, { challenge: CHALLENGE, point })).toThrow(
          refused("answer-wrong"),
        );
      }),
    );
  });

  test("is refused when it is longer than what a browser writes", () => {
    const { device, point } = made();
    const long = device.get(JSON.stringify(requestOptions(CHALLENGE, [])), {
      before: `"x":"${"x".repeat(2_048)}",`,
    });
    expect(() => passkeySignature(long, { challenge: CHALLENGE, point })).toThrow(refused("answer-wrong"));
  });

  test("is refused when the browser wrote it in a way in which the contract does not find it", () => {
    const { device, point } = made();
    const spaced = device.get(JSON.stringify(requestOptions(CHALLENGE, [])), { spaced: true });
    expect(() => passkeySignature(spaced, { challenge: CHALLENGE, point })).toThrow(refused("answer-wrong"));
  });
});

describe("a passkey of which nothing is known", () => {
  test("tells the few public keys that its answer may be of, and its own is always among them", () => {
    fc.assert(
      fc.property(anyBytes(32), (challenge) => {
        const { device, credential, point } = made();
        const found = passkeyCandidates(ask(device, challenge), challenge);
        expect(found.credential).toBe(credential);
        expect(found.points).toContain(point);
        expect(found.points.length).toBeLessThanOrEqual(4);
      }),
      { numRuns: 25 },
    );
  });

  test("tells none when it did not verify the person", () => {
    const answer = ask(made().device, CHALLENGE, { userVerified: false });
    expect(() => passkeyCandidates(answer, CHALLENGE)).toThrow(refused("not-verified"));
  });
});
