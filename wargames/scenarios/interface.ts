/** A script injected into the app's window: it asks the real vault for whatever it likes; the person looks and says no. */
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import { keyId } from "#core/keys/key.ts";
import { makeNonce } from "#core/operations/nonce.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { newSigner } from "#contracts/testing/world.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import type { Signers } from "#electron/vault/signing/confirm-view.ts";
import { createVault } from "#electron/vault/vault.ts";
import type { Outcome } from "../people/actor.ts";
import { FUNDS, type Household } from "../people/household.ts";
import { errorCode } from "../people/proving.ts";
import { type Attack, type Scenario, SOURCE } from "../scenario.ts";
import type { WargameWorld } from "../world/world.ts";
import { LEVEL_0, LEVEL_2 } from "./accounts.ts";

function configOf({ network, authenticator }: WargameWorld): NetworkConfig {
  const { factory, implementation, factorRegistry, gateRegistry, staking } = network.contracts;
  const { issuer, projectId, publicToken } = DEVNET_AUTHENTICATOR;
  const { rpcUrl } = network;
  return zNetworkConfig.parse({
    name: "Trivet devnet",
    kind: "devnet",
    chain: { id: 31337, name: "Devnet", rpcUrls: [rpcUrl], nativeSymbol: "ETH" },
    contracts: { factory, implementation, factorRegistry, gateRegistry },
    tokens: [],
    relayUrl: rpcUrl,
    keyNetwork: {
      adapter: "local",
      rpcUrl,
      staking,
      nodes: network.nodes.map(({ index, url }) => ({ index, url })),
    },
    authenticator: { baseUrl: authenticator.url, publicToken, projectId, issuer },
    ledger: { transport: "usb" },
  });
}

/**
 * The unlocked vault of the owner's computer, and a script that may call it as main does: more than any script in the
 * window can, which reaches main's checked methods only. What it cannot call is the confirm window.
 */
async function injectScript({ world, target, to }: Attack, home: Household): Promise<Outcome> {
  const { folder, keyStore, mailbox } = home.profile({ keyStore: true, mailbox: true });
  if (!keyStore || !mailbox) throw new Error("the owner has the whole computer");
  const shown: ConfirmView[] = [];
  const main = {
    protect: async ({ secret }: { secret: string }) => ({ protected: await keyStore.protect(secret) }),
    unprotect: async (input: { protected: string }) => ({
      secret: await keyStore.unprotect(input.protected),
    }),
    confirm: ({ view }: { view: ConfirmView }) => {
      shown.push(view);
      return Promise.resolve({ approved: false });
    },
  };
  const vault = createVault({
    // Each method with its own input, which the caller's type knows and this dispatch does not.
    main: { call: (method, input) => main[method as keyof typeof main](input as never) as never },
    onUnexpected: () => undefined,
  });
  await vault.start({ config: configOf(world), directory: folder });
  await vault.sendCode({ email: mailbox.address });
  await vault.verifyCode({ code: await mailbox.newestCode() });

  const thief = newSigner();
  const common = { account: target.account, nonce: makeNonce(5n, 0n) } as const;
  const { device, mfa } = target.firstKeys;
  const operations: readonly Operation[] = [
    { kind: "withdraw", token: NATIVE_TOKEN, to, amount: FUNDS, ...common },
    { kind: "execute", calls: [{ target: to, value: FUNDS, data: "0x" }], ...common },
    { kind: "addKey", role: "device", key: thief.key, expires: 0, ...common },
    { kind: "replaceKey", role: "mfa", oldKey: mfa, newKey: thief.key, ...common },
    { kind: "setEmergencyAddress", recipient: to, enabled: true, ...common },
    { kind: "removeKey", key: keyId(device), ...common },
    { kind: "lock", ...common },
    { kind: "migrate", successor: to, assets: [], ...common },
  ];
  const signers: Signers = [
    { role: "device", holder: "this-computer" },
    { role: "mfa", holder: "network" },
  ];
  const steps: string[] = [];
  const signed: string[] = [];
  const ask = async (what: string, asking: Promise<unknown>) => {
    try {
      await asking;
      signed.push(what);
      steps.push(`${what}: signed`);
    } catch (error) {
      steps.push(`${what}: ${errorCode(error)}`);
    }
  };
  for (const operation of operations) {
    const input = { operation, signers, timing: { effect: "now" } } as const;
    await ask(`${operation.kind} by the device key`, vault.signWithDevice(input));
    await ask(`${operation.kind} bound for the gate`, vault.authorizeOperation(input));
    const digest = operationDigest(operation, "compact", world.contracts.domain);
    if (shown.at(-1)?.digest !== digest)
      throw new Error(`the confirm window did not show the ${operation.kind}`);
  }
  await vault.lock(undefined);
  steps.push(`the confirm window came up ${shown.length} times, each time with what would be signed`);
  const gotFunds = signed.length > 0;
  return { gotFunds, afterSeconds: gotFunds ? 0 : null, steps };
}

export const INTERFACE: readonly Scenario[] = [LEVEL_0, LEVEL_2].map((account) => ({
  name: "script injection in the interface",
  source: SOURCE.threats,
  account,
  attack: injectScript,
  promises: "safe",
}));
