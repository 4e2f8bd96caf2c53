import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Safe } from "#contracts/testing/safe.ts";
import { newOwner, newSigner, World } from "#contracts/testing/world.ts";
import { keyOfAddress } from "../keys/key.ts";
import type { Withdraw } from "../operations/operation.ts";
import { operationDigest } from "../operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "../primitives/address.ts";
import type { Hex } from "../primitives/hex.ts";
import { contractSigners } from "./contract-signers.ts";
import { MOST_SIGNATURE_BYTES } from "./limits.ts";

/** The real account on a chain is the judge: what the app would take, it takes, and nothing else. */
let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

const bob = toAddress(newSigner().account.address);

/** An account whose mfa key is at that address, and a withdrawal that it and the device key can make. */
async function withMfa(signer: Address) {
  const owner = newOwner();
  const account = await world.createAccount(owner);
  const key = keyOfAddress(signer);
  const replacement = { role: "mfa", oldKey: owner.mfa.key, newKey: key, nonce: 0n } as const;
  await world.run({ kind: "replaceKey", account, ...replacement }, [owner.device, owner.mfa]);
  const operation: Withdraw = {
    kind: "withdraw",
    account,
    token: NATIVE_TOKEN,
    to: bob,
    amount: 1n,
    nonce: 1n,
  };
  return { owner, account, key, operation, digest: operationDigest(operation, "compact", world.domain) };
}

/** What the app says of a contract's signature, and what the account does with it. */
async function bothOf(
  signer: Address,
  signatureOf: (digest: Hex) => Hex | Promise<Hex>,
): Promise<readonly [app: string, account: string]> {
  const { owner, account, key, operation, digest } = await withMfa(signer);
  const signature = await signatureOf(digest);
  const signers = contractSigners(account, "Test chain", (request) =>
    // viem types parameters by method; the port leaves both to the caller.
    world.chain.publicClient.request(request as Parameters<typeof world.chain.publicClient.request>[0]),
  );
  const app = await signers.ask(signer, digest, signature);
  const signatures = [
    await world.sign(operation, owner.device),
    { key, signer: "contract", form: "compact", signature } as const,
  ];
  if (app === "yes") {
    await world.submit(operation, signatures);
    return [app, "takes it"];
  }
  return [app, (await world.refusal(operation, signatures)).name];
}

const YES = `0x1626ba7e${"00".repeat(28)}` as const;
const SOME: Hex = "0x1234";

describe("a contract that is asked whether it signed", () => {
  test.each([
    ["yes", YES, "yes", "takes it"],
    ["yes, and more behind it", `${YES}${"ab".repeat(64)}`, "yes", "takes it"],
    ["nothing", "0x", "no", "SignatureRejected"],
    ["too little", "0x1626ba7e", "no", "SignatureRejected"],
    ["31 bytes", YES.slice(0, -2), "no", "SignatureRejected"],
    ["something dirty", `${YES.slice(0, -2)}01`, "no", "SignatureRejected"],
    ["true", `0x${"00".repeat(31)}01`, "no", "SignatureRejected"],
    ["a number", `0x${"00".repeat(28)}1626ba7e`, "no", "SignatureRejected"],
    ["junk", `0x${"fe".repeat(4096)}`, "no", "SignatureRejected"],
  ])("and answers with %s: the app and the account agree", async (_what, answer, app, account) => {
    const { address } = await world.deployHostile("LiteralSigner", [answer]);
    expect(await bothOf(address, () => SOME)).toEqual([app, account]);
  });

  test("and burns all its gas, or returns far too much, is heard as the account hears it", async () => {
    const burning = await world.deployHostile("BurningSigner");
    expect(await bothOf(burning.address, () => SOME)).toEqual(["no", "SignatureRejected"]);
    for (const [yes, outcome] of [
      [true, ["yes", "takes it"]],
      [false, ["no", "SignatureRejected"]],
    ] as const) {
      const bomb = await world.deployHostile("BombSigner", [yes]);
      expect(await bothOf(bomb.address, () => SOME)).toEqual(outcome);
    }
  });

  test("says no once it changed its mind", async () => {
    const signer = newSigner().account;
    const { address, abi } = await world.deployHostile("OwnedSigner", [signer.address]);
    const sign = (hash: Hex) => signer.sign({ hash });
    expect(await bothOf(address, sign)).toEqual(["yes", "takes it"]);
    const { walletClient } = world.chain;
    await walletClient.writeContract({ address, abi, functionName: "stop" });
    expect(await bothOf(address, sign)).toEqual(["no", "SignatureRejected"]);
  });

  test("but is no contract, or a precompile, signs nothing", async () => {
    expect(await bothOf(bob, () => SOME)).toEqual(["no-contract", "SignatureRejected"]);
    expect(await bothOf(toAddress(`0x${"00".repeat(19)}04`), () => SOME)).toEqual([
      "no-contract",
      "SignatureRejected",
    ]);
  });

  test("but is a plain key that borrows a contract's code (EIP-7702) is not asked", async () => {
    const { address } = await world.deployHostile("GullibleSigner");
    const signer = toAddress(newSigner().account.address);
    await world.chain.testClient.setCode({ address: signer, bytecode: `0xef0100${address.slice(2)}` });
    expect(await bothOf(signer, () => SOME)).toEqual(["delegated", "SignatureRejected"]);
  });

  test("is asked about the longest signature that a letter carries", async () => {
    const { address } = await world.deployHostile("GullibleSigner");
    expect(await bothOf(address, () => `0x${"ab".repeat(MOST_SIGNATURE_BYTES)}`)).toEqual([
      "yes",
      "takes it",
    ]);
  });
});

describe("a Safe with two of three owners", () => {
  const owners = [newSigner().account, newSigner().account, newSigner().account] as const;
  const [first, second, third] = owners;
  let safe: Safe;
  beforeEach(async () => {
    safe = await Safe.create(world.chain, owners, 2);
  });

  test("signs by any two of its owners, and by no one of them", async () => {
    for (const [by, outcome] of [
      [
        [first, third],
        ["yes", "takes it"],
      ],
      [[second], ["no", "SignatureRejected"]],
      [
        [second, newSigner().account],
        ["no", "SignatureRejected"],
      ],
    ] as const) {
      expect(await bothOf(safe.address, (digest) => safe.sign(digest, by))).toEqual(outcome);
    }
  });

  test("signs with nothing once its owners marked the message as signed on the chain", async () => {
    expect(await bothOf(safe.address, () => "0x")).toEqual(["no", "SignatureRejected"]);
    const marked = async (digest: Hex): Promise<Hex> => {
      await safe.markSigned(digest, [first, second]);
      return "0x";
    };
    expect(await bothOf(safe.address, marked)).toEqual(["yes", "takes it"]);
  });

  test("no longer counts two signatures once it asks for three", async () => {
    const outcome = await bothOf(safe.address, async (digest) => {
      const signature = await safe.sign(digest, [first, second]);
      await safe.changeThreshold(3, [first, second]);
      return signature;
    });
    expect(outcome).toEqual(["no", "SignatureRejected"]);
  });
});

describe("a chain that does not answer", () => {
  const rpcError = (message: string, more: object = {}) => Object.assign(new Error(message), more);
  const digest = operationDigest(
    { kind: "withdraw", account: bob, token: NATIVE_TOKEN, to: bob, amount: 1n, nonce: 0n },
    "compact",
    { chainId: 1, implementation: bob },
  );
  const askedOf = (failure: Error) =>
    contractSigners(bob, "Test chain", ({ method }) =>
      method === "eth_getCode" ? Promise.resolve("0x60") : Promise.reject(failure),
    ).ask(bob, digest, SOME);

  test.each([
    rpcError("rate limit exceeded"),
    rpcError("The method eth_call is not supported.", { code: 4200 }),
    rpcError("fetch failed"),
  ])("says nothing of a signature: %s", async (failure) => {
    await expect(askedOf(failure)).rejects.toBe(failure);
  });

  test.each([
    rpcError("execution reverted", { code: 3, data: "0x" }),
    rpcError("Internal JSON-RPC error.", { code: -32603, data: { code: 3, message: "execution reverted" } }),
    rpcError("out of gas", { code: -32000 }),
    rpcError("VM execution error.", { code: -32015 }),
    new Error("wrapped", { cause: rpcError("invalid opcode: INVALID", { code: -32000 }) }),
  ])("is told from a contract that failed, however the node says it: %s", async (failure) => {
    expect(await askedOf(failure)).toBe("no");
  });
});
