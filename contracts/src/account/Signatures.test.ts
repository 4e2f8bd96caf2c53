import { concat, encodeFunctionData, hexToBigInt, numberToHex, pad, parseSignature, size, toHex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import type { Withdraw } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { FORMS, operationDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { accountAbi } from "../../abi.ts";
import { newOwner, newSalt, newSigner, type Owner, type TestSigner, World } from "../../testing/world.ts";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

let owner: Owner;
let operation: Withdraw;
const bob = toAddress(newSigner().account.address);
beforeEach(async () => {
  owner = newOwner();
  operation = await withdrawalFor(owner);
});

const withdrawalFor = async (keys: Owner): Promise<Withdraw> => ({
  kind: "withdraw",
  account: await world.createAccount(keys),
  token: NATIVE_TOKEN,
  to: bob,
  amount: 1n,
  nonce: 0n,
});

/** The call of a withdrawal with its signatures as they are, where the encoder would put them in order. */
const callWith = (blob: Hex) => {
  const { token, to, amount, nonce } = operation;
  const args = [token, to, amount, nonce, blob] as const;
  return encodeFunctionData({ abi: accountAbi, functionName: "withdraw", args });
};
const submitBlob = async (blob: Hex) => await world.send(operation.account, callWith(blob));
const refusalOfBlob = async (blob: Hex) => await world.refusalOf(operation.account, callWith(blob));

const byKeyId = (a: TestSigner, b: TestSigner) =>
  hexToBigInt(keyId(a.key)) < hexToBigInt(keyId(b.key)) ? -1 : 1;

describe("the signatures of plain keys", () => {
  test("count in any form, salted or not", async () => {
    const salted: Owner = { device: newSigner(newSalt()), mfa: newSigner(), recovery: newSigner(newSalt()) };
    const of = await withdrawalFor(salted);
    for (const mfaForm of FORMS) {
      for (const deviceForm of FORMS) {
        const next = { ...of, nonce: await world.nextNonce(of.account) };
        await world.submit(next, [
          await world.sign(next, salted.mfa, mfaForm),
          await world.sign(next, salted.device, deviceForm),
        ]);
      }
    }
    expect(await world.nextNonce(of.account)).toBe(4n);
  });

  test("of one form do not count as the other", async () => {
    const device = await world.sign(operation, owner.device);
    const mfa = await world.sign(operation, owner.mfa, "readable");
    expect(await world.refusal(operation, [device, { ...mfa, form: "compact" }])).toMatchObject({
      name: "KeyUnknown",
    });
    expect(await world.refusal(operation, [{ ...device, form: "readable" }, mfa])).toMatchObject({
      name: "KeyUnknown",
    });
  });

  test("count only with the salt of the key", async () => {
    const device = await world.sign(operation, owner.device);
    const mfa = await world.sign(operation, owner.mfa);
    const wrong: Key = { ...mfa.key, salt: newSalt() };
    expect(await world.refusal(operation, [device, { ...mfa, key: wrong }])).toEqual({
      name: "KeyUnknown",
      args: [keyId(wrong)],
    });
  });

  test("count once per key, however often and in whatever form it signs", async () => {
    const device = await world.sign(operation, owner.device);
    const again = await world.sign(operation, owner.device, "readable");
    for (const second of [device, again]) {
      expect(await refusalOfBlob(concat([encodeSignatures([device]), encodeSignatures([second])]))).toEqual({
        name: "SignaturesNotAscending",
        args: [keyId(owner.device.key)],
      });
    }
  });

  test("count only in the order of the key ids", async () => {
    const descending = [owner.device, owner.mfa].sort(byKeyId).reverse();
    const blobs = descending.map(async (signer) => encodeSignatures([await world.sign(operation, signer)]));
    expect(await refusalOfBlob(concat(await Promise.all(blobs)))).toMatchObject({
      name: "SignaturesNotAscending",
    });
  });

  test("do not count in their malleable twin", async () => {
    const device = await world.sign(operation, owner.device);
    const mfa = await world.sign(operation, owner.mfa);
    const { r, s, yParity } = parseSignature(mfa.signature);
    const twin = concat([
      r,
      numberToHex(CURVE_ORDER - hexToBigInt(s), { size: 32 }),
      toHex(yParity === 0 ? 28 : 27),
    ]);
    expect(await world.refusal(operation, [device, { ...mfa, signature: twin }])).toMatchObject({
      name: "SignatureMalformed",
    });
  });

  test("are not read beyond their end", async () => {
    const blob = encodeSignatures([
      await world.sign(operation, owner.device),
      await world.sign(operation, owner.mfa),
    ]);
    for (const length of [1, 65, 67, 131]) {
      expect(await refusalOfBlob(blob.slice(0, 2 + length * 2) as Hex)).toEqual({
        name: "SignaturesTruncated",
        args: [],
      });
    }
    expect(await refusalOfBlob(concat([blob, "0x00"]))).toMatchObject({ name: "SignaturesTruncated" });
    expect(await refusalOfBlob(concat([blob, "0x08"]))).toEqual({
      name: "SignatureHeaderUnknown",
      args: [8],
    });
  });
});

describe("the signatures of contracts", () => {
  /** Spells out the signer whatever the length of its signature is: a contract's may have 65 bytes as well. */
  const spellOut = (signer: Hex, signature: Hex) => {
    const length = (bytes: Hex) => numberToHex(size(bytes), { size: 2 });
    return concat(["0x04", length(signer), signer, length(signature), signature]);
  };

  /** Makes a signer the mfa key, and the next withdrawal one that it signs together with the device. */
  const withMfa = async (signer: Hex) => {
    const key: Key = { signer, salt: NO_SALT };
    const keys = { role: "mfa", oldKey: owner.mfa.key, newKey: key } as const;
    const replace = { kind: "replaceKey", account: operation.account, ...keys, nonce: 0n } as const;
    await world.run(replace, [owner.device, owner.mfa]);
    operation = { ...operation, nonce: 1n };

    const hash = operationDigest(operation, "compact", world.domain);
    const deviceFirst = hexToBigInt(keyId(owner.device.key)) < hexToBigInt(keyId(key));
    const device = encodeSignatures([await world.sign(operation, owner.device)]);
    /** The signatures of device and signer, the latter made by `holder`. */
    const blob = async (holder: TestSigner) => {
      const mfa = spellOut(signer, await holder.account.sign({ hash }));
      return concat(deviceFirst ? [device, mfa] : [mfa, device]);
    };
    return { key, blob };
  };

  test("count when the contract says so (ERC-1271), and no more when it says no", async () => {
    const holder = newSigner();
    const safe = await world.deployHostile("OwnedSigner", [holder.account.address]);
    const { key, blob } = await withMfa(safe.address);
    const rejected = { name: "SignatureRejected", args: [keyId(key)] };
    expect(await refusalOfBlob(await blob(newSigner()))).toEqual(rejected);
    const signed = await blob(holder);
    const state = await world.chain.testClient.snapshot();
    await submitBlob(signed);
    await world.chain.testClient.revert({ id: state });

    const { publicClient, walletClient } = world.chain;
    const hash = await walletClient.writeContract({ ...safe, functionName: "stop" });
    await publicClient.waitForTransactionReceipt({ hash });
    expect(await refusalOfBlob(signed)).toEqual(rejected);
  });

  test("count when the verifier says so (ERC-7913)", async () => {
    const holder = newSigner();
    const verifier = await world.deployHostile("WordVerifier");
    const { key, blob } = await withMfa(concat([verifier.address, pad(holder.account.address)]));
    expect(await refusalOfBlob(await blob(newSigner()))).toEqual({
      name: "SignatureRejected",
      args: [keyId(key)],
    });
    await submitBlob(await blob(holder));
  });

  test("are not asked for when they are no keys", async () => {
    const gullible = await world.deployHostile("GullibleSigner");
    expect(await refusalOfBlob(spellOut(gullible.address, "0x1234"))).toEqual({
      name: "KeyUnknown",
      args: [keyId(keyOfAddress(gullible.address))],
    });
  });

  test("do not count for an address that delegated to one (EIP-7702): it signs by itself", async () => {
    const gullible = await world.deployHostile("GullibleSigner");
    await delegate(owner.mfa, gullible.address);
    expect(await refusalOfBlob(spellOut(owner.mfa.key.signer, "0x1234"))).toEqual({
      name: "SignatureRejected",
      args: [keyId(owner.mfa.key)],
    });
    await world.run(operation, [owner.device, owner.mfa]);
  });

  const delegate = async ({ account }: TestSigner, contractAddress: Address) => {
    const { publicClient, walletClient } = world.chain;
    const chainId = walletClient.chain.id;
    const authorization = await account.signAuthorization({ contractAddress, chainId, nonce: 0 });
    const hash = await walletClient.sendTransaction({ to: bob, authorizationList: [authorization] });
    await publicClient.waitForTransactionReceipt({ hash });
    expect(await publicClient.getCode({ address: account.address })).toBe(
      concat(["0xef0100", contractAddress.toLowerCase() as Hex]),
    );
  };
});
