import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "../keys/key.ts";
import { encodeSignatures } from "../operations/signatures.ts";
import { typedDataDigest } from "../operations/typed-data.ts";
import { anyOperation } from "../testing/arbitraries.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "../primitives/address.ts";
import { type Digest, type Hex, NO_SALT } from "../primitives/hex.ts";
import { answering } from "./answering.ts";
import { checkAcceptance, checkPresence, checkSignedAnswer, checkTime } from "./checks.ts";
import type { ContractSigners } from "./contract-signers.ts";
import { type Invitation, zLetter } from "./letters.ts";
import { MOST_SIGNATURE_BYTES } from "./limits.ts";
import { friendForm, requestTypedData } from "./messages.ts";
import { TestFriend } from "./testing/friend.ts";
import { ACCOUNT, at, bytes, DOMAIN, lettersOf, NEW_COMPUTER } from "./testing/letters.ts";
import { NO_CONTRACTS } from "./testing/no-contracts.ts";

const NOW = 1_800_000_000;
const { invitation, requestOf, checkOf } = lettersOf(NOW);
const ben = new TestFriend(bytes("01"), bytes("77"));
const mallory = new TestFriend(bytes("02"), bytes("77"));
const check = checkOf(ben.key);
const request = requestOf([ben.key]);

/** A chain on which one address is a contract that gives one answer to one digest and signature, and says no to all else. */
const contractAt = (address: Address, yesTo: { digest: Digest; signature: Hex }): ContractSigners => ({
  chainName: "Devnet",
  ask: (signer, digest, signature) => {
    if (!sameAddress(signer, address)) return Promise.resolve("no-contract");
    const isIt = digest === yesTo.digest && signature === yesTo.signature;
    return Promise.resolve(isIt ? "yes" : "no");
  },
});

describe("an acceptance", () => {
  test("gives the key of the friend who signed it, with the salt that hides it", async () => {
    expect(await checkAcceptance(await ben.accept(invitation), invitation, NOW, NO_CONTRACTS)).toEqual(
      ben.key,
    );
  });

  test("of another invitation is refused, however little the invitations differ", async () => {
    for (const other of [
      { ...invitation, challenge: bytes("34") },
      { ...invitation, expiresAt: invitation.expiresAt + 1 },
      { ...invitation, from: "Anna" },
      { ...invitation, hidden: false },
      { ...invitation, role: "mfa" as const },
    ]) {
      const acceptance = await ben.accept(other);
      await expect(checkAcceptance(acceptance, invitation, NOW, NO_CONTRACTS)).rejects.toMatchObject({
        code: "answer-unknown",
      });
    }
  });

  test("for another chain, another contract or another account is refused as that", async () => {
    const accepted = (other: Invitation) =>
      ben.accept(other).then((one) => checkAcceptance(one, invitation, NOW, NO_CONTRACTS));
    const chain = { ...invitation, domain: { ...DOMAIN, chainId: 1 } };
    const contract = { ...invitation, domain: { ...DOMAIN, implementation: at("12") } };
    await expect(accepted(chain)).rejects.toMatchObject({ code: "letter-other-chain" });
    await expect(accepted(contract)).rejects.toMatchObject({ code: "letter-other-chain" });
    await expect(accepted({ ...invitation, account: at("23") })).rejects.toMatchObject({
      code: "letter-other-account",
    });
  });

  test("whose key or salt somebody put in place of the friend's is refused", async () => {
    const acceptance = await ben.accept(invitation);
    for (const key of [mallory.key, { ...ben.key, salt: NO_SALT }]) {
      await expect(
        checkAcceptance({ ...acceptance, key }, invitation, NOW, NO_CONTRACTS),
      ).rejects.toMatchObject({
        code: "answer-forged",
      });
    }
  });

  test("comes too late once the invitation has expired", async () => {
    const acceptance = await ben.accept(invitation);
    await expect(
      checkAcceptance(acceptance, invitation, invitation.expiresAt + 1, NO_CONTRACTS),
    ).rejects.toMatchObject({
      code: "letter-expired",
    });
  });
});

describe("a letter that asks", () => {
  test("counts from a day before it was written, for clocks that differ, until it expires", () => {
    for (const now of [invitation.createdAt - 86_000, NOW, invitation.expiresAt]) checkTime(invitation, now);
    expect(() => checkTime(invitation, invitation.createdAt - 87_000)).toThrow(/was written on/);
    expect(() => checkTime(invitation, invitation.expiresAt + 1)).toThrow(/counted until/);
  });
});

describe("a signed answer", () => {
  const asked = [keyId(ben.key)];

  test("of any operation is one that the account can be given", async () => {
    await fc.assert(
      fc.asyncProperty(anyOperation, async (operation) => {
        const own = { ...request, account: operation.account, operation };
        const signed = await checkSignedAnswer(await ben.answer(own), operation, DOMAIN, asked, NO_CONTRACTS);
        expect(signed).toMatchObject({ key: ben.key, signer: "plain", form: friendForm(operation) });
        expect(encodeSignatures([signed])).toContain(signed.signature.slice(2));
      }),
      { numRuns: 40 },
    );
  });

  test("to another operation, or by a key that was not asked, is refused", async () => {
    const { operation } = request;
    const other = { ...operation, nonce: 8n };
    const answer = await ben.answer(request);
    await expect(checkSignedAnswer(answer, other, DOMAIN, asked, NO_CONTRACTS)).rejects.toMatchObject({
      code: "answer-unknown",
    });
    await expect(
      checkSignedAnswer(await mallory.answer(request), operation, DOMAIN, asked, NO_CONTRACTS),
    ).rejects.toMatchObject({ code: "answer-stranger" });
    const relabelled = { ...(await mallory.answer(request)), key: ben.key };
    await expect(checkSignedAnswer(relabelled, operation, DOMAIN, asked, NO_CONTRACTS)).rejects.toMatchObject(
      {
        code: "answer-forged",
      },
    );
    const { signature } = await ben.answer({ ...request, operation: other });
    await expect(
      checkSignedAnswer({ ...answer, signature }, operation, DOMAIN, asked, NO_CONTRACTS),
    ).rejects.toMatchObject({
      code: "answer-forged",
    });
  });
});

describe("a presence", () => {
  test("answers its own check, with the very key, in time", async () => {
    const presence = await ben.present(check);
    await expect(checkPresence(presence, check, NOW, NO_CONTRACTS)).resolves.toBeUndefined();
    await expect(
      checkPresence(presence, { ...check, challenge: bytes("45") }, NOW, NO_CONTRACTS),
    ).rejects.toMatchObject({
      code: "answer-unknown",
    });
    await expect(checkPresence(await mallory.present(check), check, NOW, NO_CONTRACTS)).rejects.toMatchObject(
      {
        code: "answer-unknown",
      },
    );
    const { signature } = await mallory.present(check);
    await expect(checkPresence({ ...presence, signature }, check, NOW, NO_CONTRACTS)).rejects.toMatchObject({
      code: "answer-forged",
    });
    await expect(
      checkPresence(presence, check, invitation.expiresAt + 1, NO_CONTRACTS),
    ).rejects.toMatchObject({
      code: "letter-expired",
    });
  });
});

describe("an answer of a contract wallet", () => {
  const safe = { signer: at("5a"), salt: bytes("78") };
  const letters = [invitation, requestOf([safe]), checkOf(safe)] as const;

  test.each([0, 65, 130, MOST_SIGNATURE_BYTES])(
    "with a signature of %i bytes is written as version 2 and taken when the contract says yes",
    async (length) => {
      for (const letter of letters) {
        const { typedData, answer } = answering(letter, safe);
        const signature = bytes("5a", length);
        const contracts = contractAt(safe.signer, { digest: typedDataDigest(typedData), signature });
        const answered = zLetter.parse(answer(signature, "contract"));
        expect(answered.version).toBe(2);
        switch (answered.kind) {
          case "acceptance":
            expect(await checkAcceptance(answered, invitation, NOW, contracts)).toEqual(safe);
            break;
          case "signature":
            expect(await checkSignedAnswer(answered, NEW_COMPUTER, DOMAIN, [keyId(safe)], contracts)).toEqual(
              { key: safe, signer: "contract", form: friendForm(NEW_COMPUTER), signature },
            );
            break;
          default:
            if (answered.kind !== "presence") throw new Error(`answered with a ${answered.kind}`);
            await checkPresence(answered, checkOf(safe), NOW, contracts);
        }
      }
    },
  );

  test("is refused when the contract says no, is not there, or is a plain key's borrowed code", async () => {
    const { answer } = answering(invitation, safe);
    const acceptance = zLetter.parse(answer(bytes("5a", 130), "contract"));
    if (acceptance.kind !== "acceptance") throw new Error("no acceptance");
    for (const [said, code] of [
      ["no", "contract-refuses"],
      ["no-contract", "contract-missing"],
      ["delegated", "contract-delegated"],
    ] as const) {
      const contracts = { chainName: "Devnet", ask: () => Promise.resolve(said) };
      await expect(checkAcceptance(acceptance, invitation, NOW, contracts)).rejects.toMatchObject({ code });
    }
  });

  test("is not asked for where 65 bytes are the signer's own, as on the account", async () => {
    const contracts: ContractSigners = {
      chainName: "Devnet",
      ask: () => Promise.reject(new Error("asked")),
    };
    const acceptance = await ben.accept(invitation);
    expect(await checkAcceptance(acceptance, invitation, NOW, contracts)).toEqual(ben.key);
    expect(await checkAcceptance({ ...acceptance, version: 2 }, invitation, NOW, contracts)).toEqual(ben.key);
  });

  test("has a signature of bounded length, and in version 1 one of 65 bytes", () => {
    const { answer } = answering(invitation, safe);
    const parse = (signature: Hex, version: 1 | 2) =>
      zLetter.safeParse({ ...answer(signature), version }).success;
    expect(parse(bytes("5a", MOST_SIGNATURE_BYTES + 1), 2)).toBe(false);
    expect(parse(bytes("5a", 130), 1)).toBe(false);
    expect(parse("0x", 1)).toBe(false);
    expect(parse(bytes("5a", 65), 1)).toBe(true);
  });
});

describe("the form that a friend signs", () => {
  const hidden = keyOfAddress(at("66"), bytes("99"));
  const plain = keyOfAddress(at("67"));
  const common = { account: ACCOUNT, nonce: 0n };

  test("is the readable one where it says all, and never puts hidden keys onto the chain", () => {
    const withdraw = { ...common, kind: "withdraw", to: at("68"), amount: 1n } as const;
    const replace = { ...common, kind: "replaceKey", role: "recovery", oldKey: plain } as const;
    expect(friendForm(request.operation)).toBe("readable");
    expect(friendForm({ ...withdraw, token: NATIVE_TOKEN })).toBe("readable");
    expect(friendForm({ ...withdraw, token: at("69") })).toBe("compact");
    expect(friendForm({ ...replace, newKey: plain })).toBe("readable");
    expect(friendForm({ ...replace, newKey: hidden })).toBe("compact");
  });

  test("says in words what is done", () => {
    expect(requestTypedData(request.operation, DOMAIN).message).toMatchObject({ Change: "Add device key" });
  });
});
