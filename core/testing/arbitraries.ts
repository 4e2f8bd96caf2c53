import fc from "fast-check";
import { bytesToHex } from "viem/utils";
import { type Key, keyOfAddress } from "../keys/key.ts";
import { REPLACEABLE_ROLES } from "../keys/role.ts";
import type { Operation } from "../operations/operation.ts";
import { toAddress } from "../primitives/address.ts";
import type { Hex } from "../primitives/hex.ts";

/** Generators for property tests: any address, key, operation. */
export const anyBytes = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes): Hex => bytesToHex(bytes));

export const anyAddress = anyBytes(20).map(toAddress);
export const anyUint256 = fc.bigInt(0n, 2n ** 256n - 1n);
export const anyKey: fc.Arbitrary<Key> = fc
  .tuple(anyAddress, anyBytes(32))
  .map(([address, salt]) => keyOfAddress(address, salt));

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant("withdraw" as const),
    account: anyAddress,
    token: anyAddress,
    to: anyAddress,
    amount: anyUint256,
    nonce: anyUint256,
  }),
  fc.record({
    kind: fc.constant("replaceKey" as const),
    account: anyAddress,
    role: fc.constantFrom(...REPLACEABLE_ROLES),
    oldKey: anyKey,
    newKey: anyKey,
    nonce: anyUint256,
  }),
);
