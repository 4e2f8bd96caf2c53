import { concat, encodeAbiParameters, hexToBytes, toHex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import type { Withdraw } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { Safe } from "../../testing/safe.ts";
import {
  AUTHENTICATOR_FLAGS,
  encodeAssertion,
  type ForeignSigner,
  newP256Signer,
  newPasskeySigner,
  newRsaSigner,
  otherS,
  lowS,
} from "../../testing/signers.ts";
import { newOwner, newSigner, type Owner, World } from "../../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

let owner: Owner;
beforeEach(() => {
  owner = newOwner();
});
const bob = toAddress(newSigner().account.address);

/** Makes a key the mfa key of a new account; the withdrawal is one that it and the device can make. */
async function withMfa(key: Key): Promise<Withdraw> {
  const account = await world.createAccount(owner);
  const keys = { role: "mfa", oldKey: owner.mfa.key, newKey: key } as const;
  await world.run({ kind: "replaceKey", account, ...keys, nonce: 0n }, [owner.device, owner.mfa]);
  return { kind: "withdraw", account, token: NATIVE_TOKEN, to: bob, amount: 1n, nonce: 1n };
}

const digestOf = (operation: Withdraw) => operationDigest(operation, "compact", world.domain);

/** Both signatures of a withdrawal, that of the mfa key as given. */
const signatures = async (operation: Withdraw, key: Key, signature: Hex) => [
  await world.sign(operation, owner.device),
  { key, signer: "contract", form: "compact", signature } as const,
];
const submit = async (operation: Withdraw, key: Key, signature: Hex) =>
  await world.submit(operation, await signatures(operation, key, signature));
const refusal = async (operation: Withdraw, key: Key, signature: Hex) =>
  await world.refusal(operation, await signatures(operation, key, signature));
const rejected = (key: Key) => ({ name: "SignatureRejected", args: [keyId(key)] });

const SIGNERS: readonly (readonly [name: string, make: () => ForeignSigner])[] = [
  ["a P-256 key", () => newP256Signer(world.contracts.p256Verifier)],
  ["a passkey", () => newPasskeySigner(world.contracts.webAuthnVerifier)],
  ["an RSA key of 2048 bits", () => newRsaSigner(world.contracts.rsaVerifier)],
  ["an RSA key of 4096 bits", () => newRsaSigner(world.contracts.rsaVerifier, 4096)],
];

describe.each(SIGNERS)("%s as the mfa key", (_, make) => {
  test("withdraws together with the device", async () => {
    const signer = make();
    const operation = await withMfa(signer.key);
    const { publicClient } = world.chain;
    const before = await publicClient.getBalance({ address: bob });
    await submit(operation, signer.key, await signer.sign(digestOf(operation)));
    expect(await publicClient.getBalance({ address: bob })).toBe(before + 1n);
  });

  test("signs for that operation only", async () => {
    const signer = make();
    const operation = await withMfa(signer.key);
    const other = digestOf({ ...operation, amount: 2n });
    expect(await refusal(operation, signer.key, await signer.sign(other))).toEqual(rejected(signer.key));
  });

  test("is not another key of its kind", async () => {
    const [signer, stranger] = [make(), make()];
    const operation = await withMfa(signer.key);
    const digest = digestOf(operation);
    expect(await refusal(operation, signer.key, await stranger.sign(digest))).toEqual(rejected(signer.key));
    expect(await refusal(operation, stranger.key, await stranger.sign(digest))).toMatchObject({
      name: "KeyUnknown",
    });
  });

  test("does not sign with bytes that are cut, empty, longer or changed", async () => {
    const signer = make();
    const operation = await withMfa(signer.key);
    const signature = hexToBytes(await signer.sign(digestOf(operation)));
    const changed = signature.slice();
    changed[40] = (changed[40] ?? 0) ^ 1;
    for (const broken of [signature.slice(0, 63), new Uint8Array(), changed]) {
      expect(await refusal(operation, signer.key, toHex(broken))).toEqual(rejected(signer.key));
    }
  });
});

describe("a P-256 key", () => {
  test("signs in one of the two forms of a signature only", async () => {
    const signer = newP256Signer(world.contracts.p256Verifier);
    const operation = await withMfa(signer.key);
    const signature = hexToBytes(await signer.sign(digestOf(operation)));
    const twin = otherS(BigInt(toHex(signature.slice(32))));
    const malleable = concat([toHex(signature.slice(0, 32)), toHex(twin, { size: 32 })]);
    expect(await refusal(operation, signer.key, malleable)).toEqual(rejected(signer.key));
  });

  test("that is no point of the curve signs nothing", async () => {
    const valid = newP256Signer(world.contracts.p256Verifier);
    const key: Key = {
      ...valid.key,
      signer: concat([world.contracts.p256Verifier, toHex(1n, { size: 64 })]),
    };
    const operation = await withMfa(key);
    expect(await refusal(operation, key, await valid.sign(digestOf(operation)))).toEqual(rejected(key));
  });
});

describe("a passkey", () => {
  /** A passkey, a withdrawal it is asked for, and what it answers to the withdrawal's digest. */
  const asked = async () => {
    const { key, passkey } = newPasskeySigner(world.contracts.webAuthnVerifier);
    const operation = await withMfa(key);
    return { key, passkey, operation, digest: digestOf(operation) };
  };
  const { present, verified, backupEligible, backedUp } = AUTHENTICATOR_FLAGS;

  test("must have verified the person, not only noticed", async () => {
    const { key, passkey, operation, digest } = await asked();
    for (const flags of [0, present, verified]) {
      const answer = encodeAssertion(passkey.answer(digest, flags));
      expect(await refusal(operation, key, answer)).toEqual(rejected(key));
    }
  });

  test("may be one that is kept in several places", async () => {
    const { key, passkey, operation, digest } = await asked();
    const impossible = passkey.answer(digest, present | verified | backedUp);
    expect(await refusal(operation, key, encodeAssertion(impossible))).toEqual(rejected(key));
    const answer = passkey.answer(digest, present | verified | backupEligible | backedUp);
    await submit(operation, key, encodeAssertion(answer));
  });

  test("signs nothing by being registered", async () => {
    const { key, passkey, operation, digest } = await asked();
    const answer = passkey.answer(digest, present | verified, "webauthn.create");
    expect(await refusal(operation, key, encodeAssertion(answer))).toEqual(rejected(key));
  });

  test("signs in one of the two forms of a signature only", async () => {
    const { key, passkey, operation, digest } = await asked();
    const answer = encodeAssertion(passkey.answer(digest), (s) => otherS(lowS(s)));
    expect(await refusal(operation, key, answer)).toEqual(rejected(key));
  });

  test("is not fooled by the right challenge at another place of its client data", async () => {
    const { key, passkey, operation, digest } = await asked();
    const other = passkey.answer(digestOf({ ...operation, amount: 2n }));
    const smuggled = passkey.answer(digest).clientDataJSON;
    const clientDataJSON = `${other.clientDataJSON.slice(0, -1)},"x":${smuggled}}`;
    expect(await refusal(operation, key, encodeAssertion({ ...other, clientDataJSON }))).toEqual(
      rejected(key),
    );
  });

  test("does not sign with an answer whose parts lie outside of it", async () => {
    const { key, passkey, operation, digest } = await asked();
    const answer = encodeAssertion(passkey.answer(digest));
    // The fifth word says where the authenticator data is.
    const far = concat([answer.slice(0, 2 + 4 * 64) as Hex, toHex(2n ** 255n, { size: 32 })]);
    const rest = `0x${answer.slice(2 + 5 * 64)}` as const;
    expect(await refusal(operation, key, concat([far, rest]))).toEqual(rejected(key));
  });
});

describe("an RSA key", () => {
  test("below 2048 bits signs nothing", async () => {
    const signer = newRsaSigner(world.contracts.rsaVerifier, 1024);
    const operation = await withMfa(signer.key);
    const signature = await signer.sign(digestOf(operation));
    expect(await refusal(operation, signer.key, signature)).toEqual(rejected(signer.key));
  });

  test("that cannot be read signs nothing, and breaks nothing", async () => {
    const signer = newRsaSigner(world.contracts.rsaVerifier);
    const garbled = encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [2n ** 255n, 1n]);
    const key: Key = { ...signer.key, signer: concat([world.contracts.rsaVerifier, garbled]) };
    const operation = await withMfa(key);
    expect(await refusal(operation, key, await signer.sign(digestOf(operation)))).toEqual(rejected(key));
  });
});

describe("a Safe 1.4.1 with two of three owners as the mfa key", () => {
  const owners = [newSigner().account, newSigner().account, newSigner().account] as const;
  let safe: Safe;
  let key: Key;
  let operation: Withdraw;
  beforeAll(async () => {
    safe = await Safe.create(world.chain, owners, 2);
    key = keyOfAddress(safe.address);
  });
  beforeEach(async () => {
    operation = await withMfa(key);
  });
  const [first, second, third] = owners;

  test("withdraws together with the device, whichever two sign", async () => {
    for (const [nonce, pair] of [
      [1n, [first, second]],
      [2n, [third, first]],
    ] as const) {
      const next = { ...operation, nonce };
      await submit(next, key, await safe.sign(digestOf(next), pair));
    }
    expect(await world.nextNonce(operation.account)).toBe(3n);
  });

  test("does not when one owner signs, or one twice, or a stranger", async () => {
    const digest = digestOf(operation);
    for (const pair of [
      [first, first],
      [first, newSigner().account],
    ]) {
      expect(await refusal(operation, key, await safe.sign(digest, pair))).toEqual(rejected(key));
    }
  });

  test("does not when its owners signed another operation", async () => {
    const other = digestOf({ ...operation, amount: 2n });
    expect(await refusal(operation, key, await safe.sign(other, [first, second]))).toEqual(rejected(key));
  });

  test("does not when its owners signed for themselves instead of for the Safe", async () => {
    const hash = digestOf(operation);
    const sorted = [first, second].sort((a, b) =>
      a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
    );
    const signature = concat(await Promise.all(sorted.map(async (account) => await account.sign({ hash }))));
    expect(await refusal(operation, key, signature)).toEqual(rejected(key));
  });
});

test("a Safe of one owner signs with 65 bytes, and is still asked", async () => {
  const only = newSigner().account;
  const safe = await Safe.create(world.chain, [only], 1);
  const key = keyOfAddress(safe.address);
  const operation = await withMfa(key);
  const digest = digestOf(operation);
  expect(await refusal(operation, key, await only.sign({ hash: digest }))).toEqual(rejected(key));
  await submit(operation, key, await safe.sign(digest, [only]));
  expect(await world.nextNonce(operation.account)).toBe(2n);
});
