import { afterAll, beforeAll, expect, test } from "vitest";
import { Safe } from "#contracts/testing/safe.ts";
import { World } from "#contracts/testing/world.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import type { Withdraw } from "#core/operations/operation.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { readAccount } from "../chain/account.ts";
import { newOwner, newSigner } from "../testing/world.ts";
import { lookUp } from "./holdings.ts";
import { checkSignature, signingOf } from "./signatures.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

test("a Safe signs elsewhere, with bytes of its own or with none once it keeps on the chain what it signed", async () => {
  const { publicClient } = world.chain;
  const owners = [newSigner().account, newSigner().account];
  const safe = await Safe.create(world.chain, owners, 2);
  const owner = newOwner();
  const account = await world.createAccount(owner);
  const replacement = { role: "mfa", oldKey: owner.mfa.key, newKey: keyOfAddress(safe.address) } as const;
  await world.run({ kind: "replaceKey", account, ...replacement, nonce: 0n }, [owner.device, owner.mfa]);

  const connection = { url: "", client: publicClient, chainId: world.domain.chainId };
  const state = await readAccount(connection, account);
  const way = { kind: "elsewhere" } as const;
  const holding = await lookUp(publicClient, state, { signer: safe.address, salt: NO_SALT, way });
  const [key] = holding.keys;
  if (!key) throw new Error("the Safe holds no key");
  const operation: Withdraw = {
    kind: "withdraw",
    account,
    token: NATIVE_TOKEN,
    to: toAddress(newSigner().account.address),
    amount: 1n,
    nonce: 1n,
  };
  const signing = signingOf(operation, state, holding, key);
  const check = (typed: string) => checkSignature(publicClient, state, signing, typed);
  for (const typed of ["0x", await safe.sign(signing.digest, owners.slice(0, 1))]) {
    await expect(check(typed)).rejects.toMatchObject({ code: "signature-unfit" });
  }
  const signature = await safe.sign(signing.digest, owners);
  expect(await check(signature)).toMatchObject({ signer: "contract", signature });
  await safe.markSigned(signing.digest, owners);
  expect(await check("0x")).toMatchObject({ signer: "contract", signature: "0x" });
  await expect(check("")).rejects.toMatchObject({ code: "signature-unreadable" });
});
