import { describe, expect, test } from "vitest";
import { Passkey } from "#contracts/testing/signers.ts";
import { zNetworkConfig } from "#core/config/network.ts";
import { EXIT_KIT_PLACE, zExitKit } from "#core/exit-kit/exit-kit.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { keyOfPasskey } from "#core/passkey/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { createChainClient } from "../chain/client.ts";
import { newProfile, type Profile } from "../profile.ts";
import { createExitKits, exitKitOf } from "./exit-kit.ts";

const at = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const url = "http://127.0.0.1:1";
const config = zNetworkConfig.parse({
  name: "Trivet devnet",
  kind: "devnet",
  chain: { id: 31337, name: "Devnet", rpcUrls: [url], nativeSymbol: "ETH" },
  contracts: {
    factory: at("fa"),
    implementation: at("1a"),
    factorRegistry: at("02"),
    gateRegistry: at("03"),
    webAuthnVerifier: at("05"),
  },
  tokens: [{ address: at("11"), symbol: "TUSD", decimals: 6, name: "Trivet Dollar" }],
  relayUrl: url,
  keyNetwork: { adapter: "local", rpcUrl: url, staking: at("04"), nodes: [{ index: 1, url }] },
  authenticator: { baseUrl: url, publicToken: "token", projectId: "project", issuer: "issuer" },
  ledger: { transport: "usb" },
});

const key = (byte: string) => keyOfAddress(at(byte));
const firstKeys = {
  device: keyId(key("d1")),
  mfa: keyId(key("f1")),
  recovery: keyId(key("e1")),
  salt: NO_SALT,
};
const address = accountAddress(config.contracts.factory, config.contracts.implementation, firstKeys);
const profile: Profile = {
  ...newProfile("ada@example.org", 31337),
  account: { address, firstKeys },
  keys: {
    device: [{ key: key("d1"), holder: "this-computer", detail: "Encrypted here" }],
    mfa: [{ key: key("77"), holder: "ledger", detail: "Nano S Plus" }],
    recovery: [{ key: key("e1"), holder: "network", detail: "4 nodes" }],
  },
};

describe("an exit kit", () => {
  test("names the keys as they are now, and the account by its first ones", () => {
    const kit = exitKitOf(profile, config, 1000);
    expect(kit.account).toBe(address);
    expect(kit.firstKeys.mfa).toBe(firstKeys.mfa);
    expect(kit.keys.map(({ role, key: { signer }, holder }) => [role, signer, holder])).toEqual([
      ["device", at("d1"), "Encrypted here"],
      ["mfa", at("77"), "Nano S Plus"],
      ["recovery", at("e1"), "4 nodes"],
    ]);
  });

  test("names the account's other keys: of computers that were let in here, whose; of the rest, that they are", () => {
    const onChain = [
      ...(["device", "mfa", "recovery"] as const).flatMap((role) =>
        profile.keys[role].map((held) => ({ role, id: keyId(held.key) })),
      ),
      { role: "device" as const, id: keyId(key("d2")) },
      { role: "recovery" as const, id: keyId(key("e9")) },
    ];
    const contract = { keys: onChain.map((one) => ({ ...one, active: true, pending: false })) };
    const computers = [
      { id: keyId(key("d2")), signer: at("d2"), name: "Laptop" },
      { id: keyId(key("d3")), signer: at("d3"), name: "Sold long ago" },
    ];
    const kit = exitKitOf(profile, config, 1000, { contract, computers });
    expect(kit.keys.slice(3)).toEqual([{ role: "device", key: key("d2"), holder: "Laptop" }]);
    expect(kit.others).toEqual([{ role: "recovery", id: keyId(key("e9")) }]);
    // Without the chain nobody can say which keys there are.
    expect(exitKitOf(profile, config, 1000, { computers })).not.toHaveProperty("others");
  });

  test("has what a passkey is asked by", () => {
    const point = new Passkey().publicKey;
    const passkey = keyOfPasskey(at("05"), point);
    const held = { key: passkey, holder: "passkey" as const, detail: "on this phone", credential: "AQID" };
    const kit = exitKitOf({ ...profile, keys: { ...profile.keys, mfa: [held] } }, config, 1000);
    expect(kit.webAuthnVerifier).toBe(at("05"));
    expect(kit.keys[1]).toEqual({
      role: "mfa",
      key: passkey,
      holder: "Passkey on this phone",
      credential: "AQID",
    });
  });

  test("tells nobody the person's email address", () => {
    expect(JSON.stringify(exitKitOf(profile, config, 1000))).not.toContain("ada");
  });

  test("is refused while there is no account", () => {
    expect(() => exitKitOf(newProfile("ada@example.org", 31337), config, 1000)).toThrow(
      "There is no account yet.",
    );
  });

  test("is saved as a page with its data, under a name that says whose it is", async () => {
    const saved: [string, string][] = [];
    const kits = createExitKits({
      chain: createChainClient(config),
      profile: { get: async () => profile },
      names: { read: async () => undefined },
      template: async () => `<main>${EXIT_KIT_PLACE}</main>`,
      save: async (name, content) => {
        saved.push([name, content]);
        return name;
      },
      now: () => 1000,
    });
    const { savedAs } = await kits.create();
    expect(savedAs).toBe(`trivet-exit-kit-${address.slice(2, 10)}.html`);
    const json = /json">(.*)<\/script>/.exec(saved[0]?.[1] ?? "")?.[1] ?? "";
    expect(zExitKit.parse(JSON.parse(json))).toEqual(exitKitOf(profile, config, 1000));
  });

  test("is nowhere when the person decides against it", async () => {
    const kits = createExitKits({
      chain: createChainClient(config),
      profile: { get: async () => profile },
      names: { read: async () => undefined },
      template: async () => EXIT_KIT_PLACE,
      save: async () => undefined,
      now: () => 1000,
    });
    expect(await kits.create()).toEqual({ savedAs: undefined });
  });
});
