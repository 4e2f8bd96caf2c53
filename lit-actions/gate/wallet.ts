import { hashMessage, recoverAddress } from "viem/utils";
import type { Hex } from "#core/primitives/hex.ts";
import type { FactorProof } from "#core/security/gate-rules.ts";

/**
 * The wallets that a signature over this very request proves: the signer of the EIP-712 digest, and the signer of a
 * personal message (EIP-191) of its 32 bytes. One of the two is an address of nobody, which no record holds. It is
 * made for this one request, so it is as fresh as can be.
 * @param hash the digest of GateRequest(digest, keccak256(jwt))
 * @param now Unix seconds
 */
export async function walletProofs(
  signature: Hex | undefined,
  hash: Hex,
  now: number,
): Promise<FactorProof[]> {
  if (!signature) return [];
  const hashes = [hash, hashMessage({ raw: hash })];
  const signers = await Promise.all(
    hashes.map((signed) => recoverAddress({ hash: signed, signature }).catch(() => undefined)),
  );
  return signers.flatMap((address) =>
    address ? [{ type: "wallet" as const, id: address.toLowerCase(), lastAuthenticatedAt: now }] : [],
  );
}
