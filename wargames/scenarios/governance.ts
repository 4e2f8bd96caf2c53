/** What those do who run the services, or who stop running them. */
import type { Address } from "#core/primitives/address.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { newSigner } from "#contracts/testing/world.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Operation, operationToJson } from "#core/operations/operation.ts";
import type { Outcome } from "../people/actor.ts";
import { GateCaller } from "../people/gate-caller.ts";
import type { Attack } from "../scenario.ts";
import type { WargameWorld } from "../world/world.ts";

type Restore = () => Promise<void>;

const NODES = [1, 2, 3, 4] as const;
/** A gate that asks nothing. */
const EVIL_GATE = `void (async () => {
  const toSign = Uint8Array.from(jsParams.digest.slice(2).match(/../g), (byte) => parseInt(byte, 16));
  await Lit.Actions.signEcdsa({ toSign, publicKey: jsParams.publicKey, sigName: "operation" });
  Lit.Actions.setResponse({ response: JSON.stringify({ ok: true, digest: jsParams.digest }) });
})();`;

const theft = (account: Address, to: Address): Operation => ({
  kind: "withdraw",
  account,
  token: NATIVE_TOKEN,
  to,
  amount: 1n,
  nonce: makeNonce(7n, 0n),
});

/** Governance publishes a gate that signs everything, and has the nodes run it over the account's keys. */
export async function publishAndRun({ world, target, to }: Attack): Promise<Outcome> {
  await world.network.publish(EVIL_GATE);
  const device = newSigner();
  const caller = await GateCaller.connect(world, device);
  const steps: string[] = [];
  const operation = theft(target.account, to);
  const digest = operationDigest(operation, "compact", world.contracts.domain);
  let signed = false;
  for (const [role, publicKey] of Object.entries(target.networkKeys)) {
    const answer = await caller.ask(EVIL_GATE, {
      action: "sign-operation",
      role,
      publicKey,
      salt: NO_SALT,
      operation: operationToJson(operation),
      digest,
    });
    signed ||= "signature" in answer;
    steps.push(`the ${role} key under the new gate: ${"refused" in answer ? answer.refused : "signed"}`);
  }
  await caller.close();
  // A signature of either key is more than governance may ever have, whatever it would lead to.
  return { gotFunds: signed, afterSeconds: signed ? 0 : null, steps };
}

/** Governance publishes two more gates, so that the account's is neither the canonical nor the previous one. */
export async function withdrawGate({ network }: WargameWorld): Promise<Restore> {
  await network.publish(`${EVIL_GATE}//1`);
  await network.publish(`${EVIL_GATE}//2`);
  return () => Promise.resolve();
}

/** Governance names nodes that nobody runs. */
export async function replaceNodes({ network }: WargameWorld): Promise<Restore> {
  await network.listRunningNodes([]);
  return () => Promise.resolve();
}

/** All nodes end. */
export async function stopNodes({ network }: WargameWorld): Promise<Restore> {
  for (const index of NODES) await network.stopNode(index);
  return async () => {
    await Promise.all(NODES.map((index) => network.startNode(index)));
  };
}

/** The authenticator ends. */
export async function closeAuthenticator({ authenticator }: WargameWorld): Promise<Restore> {
  await authenticator.close();
  return () => authenticator.open();
}
