import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { Person } from "../../vault/authenticator/testing/person.ts";
import type { Proofs } from "../proofs/proofs.ts";

/** Proves the first of what is asked for, as the person does. */
export async function give(
  proofs: Proofs,
  person: Person,
  { ways: [way = []], factors }: ProofNeed,
): Promise<void> {
  const factor = factors.find((one) => one.proof === way[0]);
  if (!factor || factor.type === "wallet") throw new Error("a wallet proves itself");
  const { type, id, provider = "google" } = factor;
  if (type === "email" || type === "sms") await proofs.sendCode({ kind: type, id });
  if (type === "passkey") await proofs.give({ kind: type });
  else if (type === "oauth") await proofs.give({ kind: type, provider });
  else await proofs.give(await person.type(type));
}
