import { encodeFunctionData, parseEther, parseEventLogs } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { FIRST_ENTRY_POINT_LANE, makeNonce } from "#core/operations/nonce.ts";
import type { ReplaceKey, Withdraw } from "#core/operations/operation.ts";
import { encodeSignatures } from "#core/operations/signatures.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { accountAbi } from "../abi.ts";
import { newOwner, newSalt, newSigner, type Owner, World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

let owner: Owner;
let account: Address;
let bob: Address;
beforeEach(async () => {
  owner = newOwner();
  account = await world.createAccount(owner);
  bob = toAddress(newSigner().account.address);
});

const withdrawal = (change: Partial<Withdraw> = {}): Withdraw => ({
  kind: "withdraw",
  account,
  token: NATIVE_TOKEN,
  to: bob,
  amount: parseEther("1.5"),
  nonce: 0n,
  ...change,
});

const replacement = (change: Partial<ReplaceKey> = {}): ReplaceKey => ({
  kind: "replaceKey",
  account,
  role: "mfa",
  oldKey: owner.mfa.key,
  newKey: newSigner().key,
  nonce: 0n,
  ...change,
});

const sign = async (operation: Withdraw | ReplaceKey, on = world) => [
  await on.sign(operation, owner.device),
  await on.sign(operation, owner.mfa),
];

const etherOf = async (address: Address) => await world.chain.publicClient.getBalance({ address });

const balanceOf = async (token: Address, holder: Address) =>
  await world.chain.publicClient.readContract({
    address: token,
    abi: [
      {
        type: "function",
        name: "balanceOf",
        stateMutability: "view",
        inputs: [{ type: "address" }],
        outputs: [{ type: "uint256" }],
      },
    ],
    functionName: "balanceOf",
    args: [holder],
  });

describe("a withdrawal", () => {
  test("moves ether and says so in an event", async () => {
    const { logs } = await world.submit(withdrawal(), await sign(withdrawal()));
    expect(await etherOf(bob)).toBe(parseEther("1.5"));
    expect(parseEventLogs({ abi: accountAbi, logs })).toMatchObject([
      {
        eventName: "Withdrawn",
        args: { token: NATIVE_TOKEN, to: bob, amount: parseEther("1.5"), nonce: 0n },
      },
    ]);
  });

  test("moves tokens on the readable signature of a hardware wallet, which hides behind a salt", async () => {
    const ledger = newSigner(newSalt());
    const replace = replacement({ newKey: ledger.key });
    await world.submit(replace, await sign(replace));
    const operation = withdrawal({ token: world.contracts.tusd, amount: 25_500_000n, nonce: 1n });
    await world.submit(operation, [
      await world.sign(operation, owner.device),
      await world.sign(operation, ledger, "readable"),
    ]);
    expect(await balanceOf(world.contracts.tusd, bob)).toBe(25_500_000n);
  });

  test("runs on any lane, each in its own order", async () => {
    const lane = FIRST_ENTRY_POINT_LANE - 1n;
    for (const nonce of [makeNonce(lane, 0n), 0n, makeNonce(lane, 1n)]) {
      await world.run(withdrawal({ nonce, amount: 1n }), [owner.device, owner.mfa]);
    }
    expect(await world.nextNonce(account, lane)).toBe(makeNonce(lane, 2n));
    expect(await etherOf(bob)).toBe(3n);
  });

  test("never runs twice, nor under another nonce", async () => {
    const signatures = await sign(withdrawal());
    await world.submit(withdrawal(), signatures);
    expect(await world.refusal(withdrawal(), signatures)).toEqual({ name: "NonceNotNext", args: [0n, 1n] });
    expect(await world.refusal(withdrawal({ nonce: 1n }), signatures)).toMatchObject({ name: "KeyUnknown" });
  });

  test("never runs on another chain, though everything has the same address there", async () => {
    const elsewhere = await World.start(1);
    try {
      expect(await elsewhere.createAccount(owner)).toBe(account);
      expect(elsewhere.contracts).toEqual(world.contracts);
      const signatures = await sign(withdrawal());
      expect(await elsewhere.refusal(withdrawal(), signatures)).toMatchObject({ name: "KeyUnknown" });
      await elsewhere.submit(withdrawal(), await sign(withdrawal(), elsewhere));
    } finally {
      await elsewhere.stop();
    }
  });

  test("never runs from another account of the same keys", async () => {
    const twin = await world.createAccount(owner, newSalt());
    expect(twin).not.toBe(account);
    const signatures = await sign(withdrawal());
    expect(await world.refusal(withdrawal({ account: twin }), signatures)).toMatchObject({
      name: "KeyUnknown",
    });
  });

  test("is refused with any of its values changed", async () => {
    const signatures = await sign(withdrawal());
    const changes: Partial<Withdraw>[] = [
      { to: toAddress(newSigner().account.address) },
      { amount: parseEther("1.5") + 1n },
      { token: world.contracts.tusd },
      { nonce: makeNonce(1n, 0n) },
    ];
    for (const change of changes) {
      expect(await world.refusal(withdrawal(change), signatures)).toMatchObject({ name: "KeyUnknown" });
    }
  });

  test("says what is missing when the account holds too little", async () => {
    const ether = withdrawal({ amount: parseEther("10") + 1n });
    expect(await world.refusal(ether, await sign(ether))).toEqual({
      name: "BalanceTooLow",
      args: [NATIVE_TOKEN, parseEther("10"), parseEther("10") + 1n],
    });
    const token = withdrawal({ token: world.contracts.tusd, amount: 1_000_000_001n });
    expect(await world.refusal(token, await sign(token))).toEqual({
      name: "BalanceTooLow",
      args: [world.contracts.tusd, 1_000_000_000n, 1_000_000_001n],
    });
  });

  test("names the key that has not signed", async () => {
    const refusal = async (...signers: (keyof Owner)[]) => {
      const operation = withdrawal();
      const signatures = signers.map(async (role) => await world.sign(operation, owner[role]));
      return (await world.refusal(operation, await Promise.all(signatures))).name;
    };
    expect(await refusal("device")).toBe("NotAllowedAlone");
    expect(await refusal("device", "recovery")).toBe("MfaKeyMissing");
    expect(await refusal("mfa", "recovery")).toBe("DeviceKeyMissing");
  });
});

describe("a withdrawal of a hostile token", () => {
  const withdrawFrom = async (name: string, args: readonly unknown[] = []) => {
    const { address, abi } = await world.deployHostile(name, args);
    const { publicClient, walletClient } = world.chain;
    const hash = await walletClient.writeContract({
      address,
      abi,
      functionName: "mint",
      args: [account, 100n],
    });
    await publicClient.waitForTransactionReceipt({ hash });
    const operation = withdrawal({ token: address, amount: 100n, nonce: await world.nextNonce(account) });
    await world.submit(operation, [
      await world.sign(operation, owner.device),
      // The vault knows the token by what it says; here nothing usable.
      await world.sign(operation, owner.mfa, "readable", {}),
    ]);
    return await balanceOf(address, bob);
  };

  test("works when its transfer returns nothing", async () => {
    expect(await withdrawFrom("SilentToken")).toBe(100n);
  });

  test.each(["RevertingSymbolToken", "BurningSymbolToken", "WritingSymbolToken"])(
    "works for %s, shown in raw units",
    async (name) => {
      expect(await withdrawFrom(name)).toBe(100n);
    },
  );

  test("works when symbol and decimals are garbage, shown in raw units", async () => {
    expect(await withdrawFrom("LiteralToken", ["0xdeadbeef", "0x"])).toBe(100n);
  });

  test("names a token that refuses", async () => {
    const { address } = await world.deployHostile("RefusingToken", [100n]);
    const operation = withdrawal({ token: address, amount: 100n });
    expect(await world.refusal(operation, await sign(operation))).toEqual({
      name: "TokenTransferFailed",
      args: [address],
    });
  });
});

describe("a key's replacement", () => {
  const roleOf = async (key: ReplaceKey["newKey"]) => {
    const call = { address: account, abi: accountAbi, functionName: "getKey" } as const;
    const [role] = await world.chain.publicClient.readContract({ ...call, args: [keyId(key)] });
    return role;
  };

  test.each([
    ["mfa", "mfa"],
    ["mfa", "recovery"],
    ["recovery", "mfa"],
    ["recovery", "recovery"],
  ] as const)("of the %s key works with device and %s, in either form", async (role, approver) => {
    for (const form of ["compact", "readable"] as const) {
      const nonce = await world.nextNonce(account);
      const newcomer = newSigner();
      const operation = replacement({ role, oldKey: owner[role].key, newKey: newcomer.key, nonce });
      const { logs } = await world.submit(operation, [
        await world.sign(operation, owner.device),
        await world.sign(operation, owner[approver], form),
      ]);
      expect(parseEventLogs({ abi: accountAbi, logs })).toMatchObject([
        {
          eventName: "KeyReplaced",
          args: { oldKey: keyId(operation.oldKey), newKey: keyId(newcomer.key), nonce },
        },
      ]);
      expect(await roleOf(newcomer.key)).toBe(role === "mfa" ? 2 : 3);
      expect(await roleOf(operation.oldKey)).toBe(0);
      owner = { ...owner, [role]: newcomer };
    }
  });

  test("never runs twice, not even when the old key is back", async () => {
    const there = replacement();
    const signatures = [await world.sign(there, owner.device), await world.sign(there, owner.recovery)];
    await world.submit(there, signatures);
    const back = replacement({ oldKey: there.newKey, newKey: there.oldKey, nonce: 1n });
    await world.run(back, [owner.device, owner.recovery]);
    expect(await world.refusal(there, signatures)).toEqual({ name: "NonceNotNext", args: [0n, 2n] });
  });

  test("needs the signers of both keys when the readable form was signed", async () => {
    const operation = replacement({ newKey: keyOfAddress(bob, newSalt()) });
    const signatures = [
      await world.sign(operation, owner.device),
      await world.sign(operation, owner.mfa, "readable"),
    ];
    const without = encodeFunctionData({
      abi: accountAbi,
      functionName: "replaceKey",
      args: [2, keyId(operation.oldKey), keyId(operation.newKey), 0n, "0x", encodeSignatures(signatures)],
    });
    expect(await world.refusalOf(account, without)).toMatchObject({ name: "RevealMissing" });
    await world.submit(operation, signatures);
    expect(await roleOf(operation.newKey)).toBe(2);
  });

  test("names what is wrong with the keys", async () => {
    const refusal = async (change: Partial<ReplaceKey>) => {
      const operation = replacement(change);
      return (await world.refusal(operation, await sign(operation))).name;
    };
    expect(await refusal({ oldKey: owner.recovery.key })).toBe("KeyNotOfRole");
    expect(await refusal({ newKey: owner.recovery.key })).toBe("KeyAlreadyPresent");
    expect(await refusal({ newKey: owner.mfa.key })).toBe("KeyAlreadyPresent");
  });
});
