import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { WalletError } from "#core/errors/wallet-error.ts";

/**
 * The private key that a person typed or pasted: 64 hexadecimal digits, with or without 0x.
 * @throws WalletError when it is none
 */
export function parsePrivateKey(typed: string): PrivateKeyAccount {
  const digits = typed.trim().replace(/^0x/i, "");
  if (/^[a-z]+(\s+[a-z]+){11,23}$/i.test(typed.trim())) {
    throw new WalletError(
      "recovery-phrase",
      "This is a recovery phrase, not a private key.",
      "Do not type phrases into pages. Open it in a wallet, and choose “A wallet in this browser” or “Sign elsewhere”.",
    );
  }
  if (/^[0-9a-f]{64}$/i.test(digits)) {
    try {
      return privateKeyToAccount(`0x${digits}`);
    } catch {
      // Zero, or beyond the curve's order: falls through to the same sentence.
    }
  }
  throw new WalletError(
    "private-key",
    "This is not a private key.",
    "A private key has 64 hexadecimal digits (0 to 9, a to f), with or without 0x in front.",
  );
}
