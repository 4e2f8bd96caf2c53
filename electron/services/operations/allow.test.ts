import { createWalletClient, erc20Abi, http } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { zTransactionHash } from "#core/primitives/hex.ts";
import { deployer } from "#devnet/chain/accounts.ts";
import { World } from "../testing/world.ts";
import { allow } from "./intents/allow.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

test("two keys let a contract take so much of a token, and take that back", async () => {
  const { directory, account } = await world.createAccount();
  const { operations, finish, chain } = await world.startApp(directory);
  const spender = world.config.contracts.gateRegistry;
  const wish = (amount: bigint) => allow({ token: world.tusd, spender, amount });
  const given = () =>
    chain.read((client) =>
      client.readContract({
        address: world.tusd,
        abi: erc20Abi,
        functionName: "allowance",
        args: [account, spender],
      }),
    );
  expect((await operations.review(wish(5n))).ways.map(({ roles }) => roles)).toEqual([["device", "mfa"]]);
  const done = await finish(await operations.start(wish(5n)));
  expect(done.status).toBe("done");
  expect(done.summary).toMatchObject({
    kind: "execute",
    allowance: { token: { symbol: "TUSD" }, spender, amount: 5n },
  });
  expect(await given()).toBe(5n);
  expect((await finish(await operations.start(wish(0n)))).status).toBe("done");
  expect(await given()).toBe(0n);
});

test("nobody but a contract is allowed to take tokens; from whatever was, it is taken back", async () => {
  const { directory, account } = await world.createAccount();
  const { operations, chain } = await world.startApp(directory);
  const person = toAddress(`0x${"be".repeat(20)}`);
  // A plain key that borrows a contract's code (EIP-7702): whoever has the key can take the tokens by other code, or none.
  const borrower = privateKeyToAccount(generatePrivateKey());
  const delegating = toAddress(borrower.address);
  const authorization = await borrower.signAuthorization({
    chainId: world.config.chain.id,
    nonce: 0,
    contractAddress: world.config.contracts.gateRegistry,
  });
  const hash = await createWalletClient({
    account: deployer,
    transport: http(world.config.chain.rpcUrls[0]),
  }).sendTransaction({ chain: null, to: delegating, authorizationList: [authorization], gas: 200_000n });
  await chain.receipt(zTransactionHash.parse(hash));
  for (const spender of [person, account, delegating]) {
    const wish = { token: world.tusd, spender, amount: 1n };
    await expect(operations.review(allow(wish))).rejects.toMatchObject({ code: "allowance-no-contract" });
  }
  await operations.review(allow({ token: world.tusd, spender: person, amount: 0n }));
});
