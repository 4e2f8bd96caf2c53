import { z } from "zod";
import { zAddress } from "#core/primitives/address.ts";

/** The world a gate is made for. It is part of the gate's bytes, so another world is another gate with another CID. */
export const zDeployment = z.strictObject({
  /** Which release of the gate this is. No rule reads it: it keeps apart what otherwise would be the same bytes. */
  release: z.int().positive(),
  /** `iss` of the session JWTs. */
  issuer: z.string().min(1),
  /** The project id that `aud` must hold. */
  audience: z.string().min(1),
  /** Where the authenticator publishes its signing keys. */
  jwksUrl: z.url({ protocol: /^https?$/ }),
  chainId: z.int().positive(),
  /** The name under which the key network knows this chain's RPC. */
  chainName: z.string().min(1),
  /** The chain's RPC, where the key network names none. */
  rpcUrl: z.url({ protocol: /^https?$/ }),
  /** The implementation contract: verifying contract of every operation's typed data. */
  implementation: zAddress,
  factorRegistry: zAddress,
  gateRegistry: zAddress,
});

export type Deployment = z.output<typeof zDeployment>;
