import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { isShippedGate } from "#core/key-network/gate-releases.ts";
import { sessionMessage, type SessionGrant } from "#core/key-network/session-message.ts";
import { gateRequestTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { hashMessage } from "viem/utils";
import type { Keyring } from "../keyring/keyring.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Authorization } from "../protocol.ts";
import type { PersonSession } from "../session/session.ts";
import { signingDomain } from "./confirm-view.ts";

/** How far the clocks of two processes on one computer may differ, in milliseconds. */
const CLOCK_SLACK_MS = 5_000;

export interface AuthorizeOptions {
  readonly config: NetworkConfig;
  readonly keyring: Keyring;
  readonly session: PersonSession;
  readonly ledger: Pick<Ledger, "sign">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the gate is asked with: the bound session, and the signature of a wallet that proves itself. */
export interface Authorized {
  readonly authorization: Authorization;
  readonly walletSignature?: Hex;
}

/**
 * Binds a young session JWT to one digest with the device key, for the gate. A wallet signs the same binding on the
 * Ledger (EIP-712), whose screen shows its two fields: the digest, and the hash of the JWT.
 */
export async function authorizeDigest(
  digest: Digest,
  { config, keyring, session, ledger }: AuthorizeOptions,
  wallet?: Address,
): Promise<Authorized> {
  const { device, deviceKey } = keyring;
  const jwt = await session.freshJwt();
  const request = gateRequestTypedData(signingDomain(config), digest, jwtHash(jwt));
  const walletSignature = wallet && (await ledger.sign(request, wallet));
  return {
    authorization: { jwt, deviceKey, deviceSignature: device.sign(typedDataDigest(request)) },
    ...(walletSignature && { walletSignature }),
  };
}

/**
 * Signs the key network's session message (EIP-191), composed here from its fields, if it is for this device key,
 * this chain, a gate that came with Trivet and the next minutes. Which of these gates a key is at, its record says:
 * a session for another one is worth nothing.
 */
export function signNetworkSession(grant: SessionGrant, { config, keyring, now }: AuthorizeOptions): Hex {
  const { device } = keyring;
  const issuedAt = Date.parse(grant.issuedAt);
  const fits =
    sameAddress(grant.address, device.address) &&
    grant.chainId === config.chain.id &&
    isShippedGate(grant.gate) &&
    Math.abs(issuedAt - now()) <= CLOCK_SLACK_MS;
  if (!fits) {
    throw new WalletError(
      "session-grant-refused",
      "The key network asked for a session that is not this wallet's.",
      "Nothing was signed. Restart Trivet and report it with the log file.",
    );
  }
  return device.sign(hashMessage(sessionMessage(grant)) as Digest);
}
