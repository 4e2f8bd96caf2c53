import { describe, expect, test } from "vitest";
import { zNetworkConfig } from "#core/config/network.ts";
import { EXIT_KIT_PLACE, zExitKit } from "#core/exit-kit/exit-kit.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
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
  },
  tokens: [{ address: at("11"), symbol: "TUSD", decimals: 6, name: "Trivet Dollar" }],
  relayUrl: url,
  keyNetwork: { adapter: "local", rpcUrl: url, staking: at("04"), nodes: [{ index: 1, url }] },
  authenticator: { baseUrl: url, publicToken: "token", projectId: "project", issuer: "issuer" },
  ledger: { transport: "usb" },
});

const key = (byte: string) => keyOfAddress(at(byte));
const firstKeys = { device: key("d1"), mfa: key("f1"), recovery: key("e1"), salt: NO_SALT };
const address = accountAddress(config.contracts.factory, config.contracts.implementation, {
  device: keyId(firstKeys.device),
  mfa: keyId(firstKeys.mfa),
  recovery: keyId(firstKeys.recovery),
  salt: NO_SALT,
});
const profile: Profile = {
  ...newProfile("ada@example.org", 31337),
  account: { address, firstKeys },
  keys: {
    device: { key: firstKeys.device, holder: "this-computer", detail: "Encrypted here" },
    mfa: { key: key("77"), holder: "ledger", detail: "Nano S Plus" },
    recovery: { key: firstKeys.recovery, holder: "network", detail: "4 nodes" },
  },
};

describe("an exit kit", () => {
  test("names the keys as they are now, and the account by its first ones", () => {
    const kit = exitKitOf(profile, config, 1000);
    expect(kit.account).toBe(address);
    expect(kit.firstKeys.mfa).toBe(keyId(firstKeys.mfa));
    expect(kit.keys.map(({ role, key: { signer }, holder }) => [role, signer, holder])).toEqual([
      ["device", at("d1"), "Encrypted here"],
      ["mfa", at("77"), "Nano S Plus"],
      ["recovery", at("e1"), "4 nodes"],
    ]);
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
      config,
      profile: { get: async () => profile },
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
      config,
      profile: { get: async () => profile },
      template: async () => EXIT_KIT_PLACE,
      save: async () => undefined,
      now: () => 1000,
    });
    expect(await kits.create()).toEqual({ savedAs: undefined });
  });
});
