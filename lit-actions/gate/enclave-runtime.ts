import { z } from "zod";
import { zGateCid } from "#core/key-network/gate-cid.ts";
import { addressOfPublicKey } from "#core/keys/public-key.ts";
import { type Address, sameAddress, zAddress } from "#core/primitives/address.ts";
import { type Hex, zBytes32 } from "#core/primitives/hex.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import type { Deployment } from "./deployment.ts";
import { addressOfPrivateKey, signDigest } from "./secp256k1.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The part of a program's globals in Lit's live service (Chipotle) that the gate uses. An enclave runs `main(params)`
 * and hands the program the whole key; every program has a key of its own besides, which follows from its CID.
 */
export interface EnclaveGlobals {
  readonly Lit: {
    readonly Actions: {
      /** The private key behind an address, if program and usage key may use it. */
      readonly getPrivateKey: (query: { pkpId: string }) => Promise<string>;
      /** The private key of the program that runs. */
      readonly getLitActionPrivateKey: () => Promise<string>;
      /** The address of any program's key. */
      readonly getLitActionWalletAddress: (query: { ipfsId: string }) => Promise<string>;
    };
  };
}

type EnclaveActions = EnclaveGlobals["Lit"]["Actions"];

const zClaim = z.object({ gate: zGateCid });

/**
 * The gate's own CID, which the service does not tell: the request claims one, and it is believed if this program's own
 * key is the key of the claimed CID. Refuses otherwise.
 */
async function proveCid(actions: EnclaveActions, params: unknown): Promise<string> {
  const claim = zClaim.safeParse(params);
  if (!claim.success) throw new GateRefusal("request-malformed", { cause: claim.error });
  const { gate } = claim.data;
  const [own, claimed] = await Promise.all([
    actions.getLitActionPrivateKey(),
    actions.getLitActionWalletAddress({ ipfsId: gate }),
  ]);
  const address = addressOfPrivateKey(zBytes32.parse(own));
  if (!sameAddress(address, zAddress.parse(claimed))) throw new GateRefusal("gate-not-itself");
  return gate;
}

/** The private key of an address; refuses when the service gives none, or another one. */
export async function takePrivateKey(actions: EnclaveActions, address: Address): Promise<Hex> {
  let key: Hex;
  try {
    key = zBytes32.parse(await actions.getPrivateKey({ pkpId: address }));
  } catch (cause) {
    throw new GateRefusal("key-unavailable", { cause });
  }
  if (!sameAddress(addressOfPrivateKey(key), address)) throw new GateRefusal("key-unavailable");
  return key;
}

/** The runtime of Lit's live service. It has no sessions, and does not remember who made a key. */
export function enclaveRuntime({ Lit }: EnclaveGlobals, params: unknown, { rpcUrl }: Deployment): Runtime {
  const { Actions } = Lit;
  return {
    params,
    sessionAddress: undefined,
    gateCid: () => proveCid(Actions, params),
    keyCreator: undefined,
    async sign(digest, publicKey) {
      const privateKey = await takePrivateKey(Actions, addressOfPublicKey(publicKey));
      return signDigest(digest, privateKey);
    },
    rpcUrl: () => Promise.resolve(rpcUrl),
    fetch: (url, init) => fetch(url, init),
    now: () => Math.floor(Date.now() / 1000),
  };
}
