import { recoverAddress } from "viem/utils";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { type Digest, type Hex, zHex } from "#core/primitives/hex.ts";

/** The signature if it is really this key's over this digest. */
export async function verifiedSignature(
  publicKey: PublicKey,
  digest: Digest,
  signature: string | undefined,
): Promise<Hex | undefined> {
  const parsed = zHex.safeParse(signature);
  if (!parsed.success) return undefined;
  const signer = await recoverAddress({ hash: digest, signature: parsed.data }).catch(() => undefined);
  return signer && sameAddress(signer, addressOfPublicKey(publicKey)) ? parsed.data : undefined;
}
