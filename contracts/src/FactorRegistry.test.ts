import { encodePacked, keccak256, toHex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { factorRegistryAbi, gateRegistryAbi } from "../abi.ts";
import { newSigner, World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

test("a record is set by the typed data a wallet would sign", async () => {
  const { publicClient, walletClient } = world.chain;
  const { factorRegistry, gateRegistry } = world.contracts;
  const key = newSigner().account;
  const gate = keccak256(toHex("gate"));
  const gates = { address: gateRegistry, abi: gateRegistryAbi } as const;
  const published = await walletClient.writeContract({ ...gates, functionName: "publish", args: [gate] });
  await publicClient.waitForTransactionReceipt({ hash: published });
  const factors = [keccak256(toHex("email")), keccak256(toHex("totp"))].sort();
  const signature = await key.signTypedData({
    domain: {
      name: "Trivet Factor Registry",
      version: "1",
      chainId: walletClient.chain.id,
      verifyingContract: factorRegistry,
    },
    types: {
      SetRecord: [
        { name: "key", type: "address" },
        { name: "gate", type: "bytes32" },
        { name: "factors", type: "bytes32" },
        { name: "version", type: "uint256" },
      ],
    },
    primaryType: "SetRecord",
    message: {
      key: key.address,
      gate,
      factors: keccak256(encodePacked(["bytes32[]"], [factors])),
      version: 1n,
    },
  });
  const contract = { address: factorRegistry, abi: factorRegistryAbi } as const;
  const args = [key.address, gate, factors, signature] as const;
  const hash = await walletClient.writeContract({ ...contract, functionName: "setRecord", args });
  await publicClient.waitForTransactionReceipt({ hash });
  expect(
    await publicClient.readContract({ ...contract, functionName: "recordOf", args: [key.address] }),
  ).toEqual([gate, 1n, factors]);
});
