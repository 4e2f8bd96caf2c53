import { recoverAddress } from "viem/utils";
import { gateRequestTypedData, type SigningDomain, typedDataDigest } from "#core/operations/typed-data.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";
import { listFactors } from "#core/security/factors.ts";
import { type FactorProof, findShortage, type GuardedAction } from "#core/security/gate-rules.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { zSessionClaims } from "#core/security/session-claims.ts";
import type { Authorization } from "../../vault/protocol.ts";

/** What a test's key network is asked with. */
export interface Asked {
  readonly action: GuardedAction;
  readonly opened: OpenedRecord;
  readonly digest: Digest;
  readonly authorization: Authorization;
  readonly walletSignature: Hex | undefined;
}

/**
 * Refuses as the gate does when what was proven does not suffice. The whole gate runs in its sandbox elsewhere; this is
 * its rules alone, so that a hundred operations take seconds.
 * @param now Unix seconds
 * @throws GateRefusal
 */
export async function demandProofs(asked: Asked, domain: SigningDomain, now: number): Promise<void> {
  const { action, opened, digest, authorization, walletSignature } = asked;
  const { jwt } = authorization;
  const payload = Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8");
  const proofs: FactorProof[] = [...listFactors(zSessionClaims.parse(JSON.parse(payload)))];
  if (walletSignature) {
    const hash = typedDataDigest(gateRequestTypedData(domain, digest, jwtHash(jwt)));
    const wallet = await recoverAddress({ hash, signature: walletSignature });
    proofs.push({ type: "wallet", id: wallet.toLowerCase(), lastAuthenticatedAt: now });
  }
  const shortage = findShortage({ action, record: opened, proofs, deviceCounts: true, now });
  if (shortage) throw new GateRefusal(shortage.reason);
}
