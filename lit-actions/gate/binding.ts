import { recoverAddress } from "viem/utils";
import type { GateRequest } from "#core/key-network/gate-request.ts";
import { addressOfKey } from "#core/keys/key.ts";
import { gateRequestTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import type { Deployment } from "./deployment.ts";

/** The address of the device key that asks. Refuses when another key opened the session with the key network. */
export function deviceAddress({ deviceKey }: GateRequest, sessionAddress: string): Address {
  const address = addressOfKey(deviceKey);
  if (!address || !sameAddress(address, sessionAddress)) throw new GateRefusal("device-session-mismatch");
  return address;
}

/**
 * Checks that the device key approved exactly this digest with exactly this session JWT, so that a JWT seen by
 * someone else is worth nothing.
 */
export async function checkBinding(
  { jwt, deviceSignature }: GateRequest,
  device: Address,
  digest: Digest,
  deployment: Deployment,
): Promise<void> {
  const hash = typedDataDigest(gateRequestTypedData(deployment, digest, jwtHash(jwt)));
  const signer = await recoverAddress({ hash, signature: deviceSignature }).catch(() => undefined);
  if (!signer || !sameAddress(signer, device)) throw new GateRefusal("binding-mismatch");
}
