import { hashMessage, hashTypedData, parseAbi, type TypedDataDefinition } from "viem";
import {
  hashMessage as nestedMessageHash,
  hashTypedData as nestedTypedDataHash,
  wrapTypedDataSignature,
} from "viem/experimental/erc7739";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeSignatures } from "#core/operations/signatures.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { perform } from "../testing/perform.ts";
import { newOwner, newSalt, newSigner, type Owner, type TestSigner, World } from "../testing/world.ts";

const VALID = "0x1626ba7e";
const INVALID = "0xffffffff";
const MESSAGE = "I am the owner of this account.";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

let owner: Owner;
let account: Address;
beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
});

/** What another contract asks the account to sign: the allowance of somebody to spend its tokens (ERC-2612). */
const permit = (value = 1n) =>
  ({
    domain: {
      name: "Trivet Dollar",
      version: "1",
      chainId: world.domain.chainId,
      verifyingContract: world.contracts.tusd,
    },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "value", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner: account, value },
  }) as const satisfies TypedDataDefinition;

/** The domain the account says it has (ERC-5267), as any wallet would ask for it. */
async function domainOf(address: Address) {
  const { domain } = await world.chain.publicClient.getEip712Domain({ address });
  return domain;
}

/** What the account answers another contract (ERC-1271). */
const answer = async (hash: Hex, signature: Hex, of = account) =>
  await world.chain.publicClient.readContract({
    address: of,
    abi: parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]),
    functionName: "isValidSignature",
    args: [hash, signature],
  });

async function signHash(hash: Hex, signers: readonly TestSigner[]): Promise<Hex> {
  const signatures = signers.map(async ({ key, account: { sign } }) => {
    return { key, signer: "plain", form: "compact", signature: await sign({ hash }) } as const;
  });
  return encodeSignatures(await Promise.all(signatures));
}

/** A signature over typed data, nested in the account's domain and wrapped as ERC-7739 has it. */
async function signPermit(signers: readonly TestSigner[], on = account, value = 1n): Promise<Hex> {
  const hash = nestedTypedDataHash({ ...permit(value), verifierDomain: await domainOf(on) });
  return wrapTypedDataSignature({ ...permit(value), signature: await signHash(hash, signers) });
}

/** A signature over a message in words, nested in the account's domain. */
async function signMessage(signers: readonly TestSigner[], on = account): Promise<Hex> {
  const hash = nestedMessageHash({ message: MESSAGE, verifierDomain: await domainOf(on) });
  return await signHash(hash, signers);
}

const KINDS = [
  ["typed data", signPermit, () => hashTypedData(permit())],
  ["a message", signMessage, () => hashMessage(MESSAGE)],
] as const;

test("the account's domain is its own", async () => {
  expect(await domainOf(account)).toEqual({
    name: "Trivet",
    version: "1",
    chainId: world.domain.chainId,
    verifyingContract: account,
    salt: NO_SALT,
  });
});

test("the account says that it nests signatures", async () => {
  const question: Hex = `0x${"7739".repeat(16)}`;
  expect(await answer(question, "0x")).toBe("0x77390001");
  expect(await answer(question, "0x00")).toBe(INVALID);
  expect(await answer(`0x${"7739".repeat(15)}7738`, "0x")).toBe(INVALID);
});

test("wallets that know ERC-1271 only find both signatures valid", async () => {
  const { publicClient } = world.chain;
  const both = [owner.device, owner.mfa];
  const typed = { ...permit(), address: account, signature: await signPermit(both) };
  expect(await publicClient.verifyTypedData(typed)).toBe(true);
  const message = { message: MESSAGE, address: account, signature: await signMessage(both) };
  expect(await publicClient.verifyMessage(message)).toBe(true);
});

describe.each(KINDS)("a signature over %s", (_, sign, hash) => {
  test("is valid from device and mfa", async () => {
    expect(await answer(hash(), await sign([owner.device, owner.mfa]))).toBe(VALID);
    expect(await answer(hash(), await sign([owner.device, owner.mfa, owner.recovery]))).toBe(VALID);
  });

  test("is valid from a key that hides behind a salt", async () => {
    const ledger = newSigner(newSalt());
    const keys = { role: "mfa", oldKey: owner.mfa.key, newKey: ledger.key } as const;
    await perform(world, account, { kind: "replaceKey", ...keys }, [owner.device, owner.mfa]);
    expect(await answer(hash(), await sign([owner.device, ledger]))).toBe(VALID);
    expect(await answer(hash(), await sign([owner.device, owner.mfa]))).toBe(INVALID);
  });

  test("is not valid from anybody else", async () => {
    const others = [
      [],
      [owner.device],
      [owner.mfa],
      [owner.recovery],
      [owner.device, owner.recovery],
      [owner.mfa, owner.recovery],
      [owner.device, newSigner()],
    ];
    for (const signers of others) expect(await answer(hash(), await sign(signers))).toBe(INVALID);
  });

  test("is not valid for another account of the same keys, nor for another hash", async () => {
    const twin = await world.createAccount(owner, newSalt());
    const both = [owner.device, owner.mfa];
    expect(await answer(hash(), await sign(both), twin)).toBe(INVALID);
    expect(await answer(hash(), await sign(both, twin))).toBe(INVALID);
    expect(await answer(`0x${"12".repeat(32)}`, await sign(both))).toBe(INVALID);
  });

  test("is not valid while the account is frozen", async () => {
    const signature = await sign([owner.device, owner.mfa]);
    await perform(world, account, { kind: "lock" }, [owner.device]);
    expect(await answer(hash(), signature)).toBe(INVALID);
    await perform(world, account, { kind: "unfreeze" }, [owner.device, owner.mfa]);
    expect(await answer(hash(), signature)).toBe(VALID);
  });

  test("is not valid when it covers the hash itself: that would be good for all accounts of the keys", async () => {
    const signature = await signHash(hash(), [owner.device, owner.mfa]);
    expect(await answer(hash(), signature)).toBe(INVALID);
    expect(await answer(hash(), wrapTypedDataSignature({ ...permit(), signature }))).toBe(INVALID);
  });

  test("is answered, never reverted on, however it is cut or filled up", async () => {
    const signature = await sign([owner.device, owner.mfa]);
    const broken: Hex[] = [
      "0x",
      "0x00",
      `0x${"ff".repeat(300)}`,
      `${signature}00`,
      `0x00${signature.slice(2)}`,
    ];
    for (let end = 2; end < signature.length; end += 26) broken.push(`0x${signature.slice(2, end)}`);
    for (const bytes of broken) expect(await answer(hash(), bytes)).toBe(INVALID);
  });
});

test("typed data is not signed with the values of other typed data", async () => {
  const signature = await signPermit([owner.device, owner.mfa], account, 2n);
  expect(await answer(hashTypedData(permit(1n)), signature)).toBe(INVALID);
  expect(await answer(hashTypedData(permit(2n)), signature)).toBe(VALID);
});

test("as many mfa keys have to sign as the threshold says", async () => {
  const second = newSigner();
  const both = [owner.device, owner.mfa];
  await perform(world, account, { kind: "addKey", role: "mfa", key: second.key, expires: 0 }, both);
  await perform(world, account, { kind: "setThreshold", role: "mfa", threshold: 2 }, both);
  const hash = hashMessage(MESSAGE);
  expect(await answer(hash, await signMessage(both))).toBe(INVALID);
  expect(await answer(hash, await signMessage([...both, second]))).toBe(VALID);
});
