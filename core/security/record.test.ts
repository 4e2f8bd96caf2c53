import { privateKeyToAccount } from "viem/accounts";
import { concat, keccak256 } from "viem/utils";
import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import type { FactorId, GateDigest } from "../primitives/hex.ts";
import { type FactorRecord, recordDigest } from "./record.ts";

const idOf = (byte: string) => `0x${byte.repeat(32)}` as FactorId;
const domain = {
  chainId: 31337,
  factorRegistry: toAddress("0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9"),
};
const record: FactorRecord = {
  key: toAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
  gate: `0x${"aa".repeat(32)}` as GateDigest,
  factors: [idOf("11"), idOf("22")],
  version: 1n,
};

describe("recordDigest", () => {
  test("is the EIP-712 digest of SetRecord(address key,bytes32 gate,bytes32 factors,uint256 version)", async () => {
    const account = privateKeyToAccount(`0x${"01".repeat(32)}`);
    const signature = await account.signTypedData({
      domain: {
        name: "Trivet Factor Registry",
        version: "1",
        chainId: 31337,
        verifyingContract: domain.factorRegistry,
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
        key: record.key,
        gate: record.gate,
        factors: keccak256(concat([idOf("11"), idOf("22")])),
        version: 1n,
      },
    });
    expect(await account.sign({ hash: recordDigest(record, domain) })).toBe(signature);
  });

  test("does not depend on the order in which factors are given", () => {
    const turned = { ...record, factors: [...record.factors].reverse() };
    expect(recordDigest(turned, domain)).toBe(recordDigest(record, domain));
  });

  test("changes with every field, the chain and the registry", () => {
    const digests = [
      recordDigest(record, domain),
      recordDigest({ ...record, key: domain.factorRegistry }, domain),
      recordDigest({ ...record, gate: `0x${"ab".repeat(32)}` as GateDigest }, domain),
      recordDigest({ ...record, factors: [idOf("11")] }, domain),
      recordDigest({ ...record, version: 2n }, domain),
      recordDigest(record, { ...domain, chainId: 1 }),
      recordDigest(record, { ...domain, factorRegistry: record.key }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});
