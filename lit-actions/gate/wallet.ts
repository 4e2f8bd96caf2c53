import { concat, keccak256 } from "viem/utils";
import type { Hex } from "#core/primitives/hex.ts";
import type { FactorProof } from "#core/security/gate-rules.ts";
import { recoverSigner } from "./secp256k1.ts";

/** "\x19Ethereum Signed Message:\n32" (EIP-191); in digits, because the gate's bytes are printable ones. */
const PERSONAL_MESSAGE_OF_32_BYTES = "0x19457468657265756d205369676e6564204d6573736167653a0a3332";

/**
 * The wallets that a signature over this very request proves: the signer of the EIP-712 digest, and the signer of a
 * personal message (EIP-191) of its 32 bytes. One of the two is an address of nobody, which no record holds. It is
 * made for this one request, so it is as fresh as can be.
 * @param hash the digest of GateRequest(digest, keccak256(jwt))
 * @param now Unix seconds
 */
export function walletProofs(signature: Hex | undefined, hash: Hex, now: number): FactorProof[] {
  if (!signature) return [];
  const hashes = [hash, keccak256(concat([PERSONAL_MESSAGE_OF_32_BYTES, hash]))];
  const signers = hashes.map((signed) => recoverSigner(signed, signature));
  return signers.flatMap((address) =>
    address ? [{ type: "wallet" as const, id: address.toLowerCase(), lastAuthenticatedAt: now }] : [],
  );
}
