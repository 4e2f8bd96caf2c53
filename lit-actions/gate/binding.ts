import type { GateRequest } from "#core/key-network/gate-request.ts";
import { addressOfKey } from "#core/keys/key.ts";
import { gateRequestTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import type { Deployment } from "./deployment.ts";
import { recoverSigner } from "./secp256k1.ts";

/** The address of the device key that asks. Refuses when another key opened the session with the key network. */
export function deviceAddress({ deviceKey }: GateRequest, sessionAddress: string | undefined): Address {
  const address = addressOfKey(deviceKey);
  if (!address) throw new GateRefusal("request-malformed");
  if (sessionAddress !== undefined && !sameAddress(address, sessionAddress)) {
    throw new GateRefusal("device-session-mismatch");
  }
  return address;
}

/** What a device key or a wallet signs to allow exactly this digest with exactly this session JWT. */
export function bindingDigest(digest: Digest, { jwt }: GateRequest, deployment: Deployment): Digest {
  return typedDataDigest(gateRequestTypedData(deployment, digest, jwtHash(jwt)));
}

/** Refuses unless the device key signed the binding, so that a JWT seen by someone else is worth nothing. */
export function requireBinding({ deviceSignature }: GateRequest, device: Address, binding: Digest): void {
  const signer = recoverSigner(binding, deviceSignature);
  if (!signer || !sameAddress(signer, device)) throw new GateRefusal("binding-mismatch");
}
