import { describe, expect, test } from "vitest";
import { accountAddress } from "../keys/account-address.ts";
import { keyId, keyOfAddress } from "../keys/key.ts";
import { toAddress } from "../primitives/address.ts";
import { NO_SALT } from "../primitives/hex.ts";
import { EXIT_KIT_PLACE, type ExitKit, fillExitKit, readExitKit, zExitKit } from "./exit-kit.ts";

const at = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const factory = at("fa");
const implementation = at("1a");
const [device, mfa, recovery] = [at("d1"), at("f1"), at("e1")].map((signer) => keyOfAddress(signer));
const firstKeys = { device: keyId(device!), mfa: keyId(mfa!), recovery: keyId(recovery!), salt: NO_SALT };

const kit: ExitKit = {
  version: 1,
  createdAt: 1_795_269_780_000,
  chain: { id: 31337, name: "Devnet", nativeSymbol: "ETH" },
  account: accountAddress(factory, implementation, firstKeys),
  implementation,
  factory,
  firstKeys,
  keys: [{ role: "device", key: device!, holder: "This computer" }],
  tokens: [{ address: at("11"), symbol: "TUSD", decimals: 6 }],
};

describe("zExitKit", () => {
  test("reads what was written as JSON", () => {
    expect(zExitKit.parse(JSON.parse(JSON.stringify(kit)))).toEqual(kit);
  });

  test.each([
    ["another account", { account: at("22") }],
    ["another factory", { factory: at("22") }],
    ["another first key", { firstKeys: { ...firstKeys, mfa: keyId(device!) } }],
    ["another version", { version: 2 }],
    ["something besides", { privateKey: "0x1" }],
  ])("refuses a kit with %s", (_what, change) => {
    expect(zExitKit.safeParse({ ...kit, ...change }).success).toBe(false);
  });
});

describe("fillExitKit", () => {
  const dataOf = (page: string) => /<script id="exit-kit"[^>]*>(.*?)<\/script>/s.exec(page)?.[1] ?? "";

  test("puts the data into its place and leaves the rest as it is", () => {
    const page = fillExitKit(`<head>${EXIT_KIT_PLACE}</head>`, kit);
    expect(page.startsWith("<head><script")).toBe(true);
    expect(page.endsWith("</script></head>")).toBe(true);
    expect(zExitKit.parse(JSON.parse(dataOf(page)))).toEqual(kit);
  });

  test("lets no name end the data or begin a script", () => {
    const hostile = "</script><script>alert(1)//$&$'";
    const named = { ...kit, chain: { ...kit.chain, name: hostile } };
    const page = fillExitKit(`<p>${EXIT_KIT_PLACE}</p>`, named);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(zExitKit.parse(JSON.parse(dataOf(page))).chain.name).toBe(hostile);
  });

  test.each([
    ["no place", "<p></p>"],
    ["two places", `${EXIT_KIT_PLACE}${EXIT_KIT_PLACE}`],
  ])("refuses a page with %s for data", (_what, page) => {
    expect(() => fillExitKit(page, kit)).toThrow(TypeError);
  });
});

describe("readExitKit", () => {
  const page = fillExitKit(`<head>${EXIT_KIT_PLACE}</head>`, kit);

  test("reads what was filled in", () => {
    expect(readExitKit(page)).toEqual(kit);
  });

  test("says that a page is none, or that its data is not whole", () => {
    expect(readExitKit("<head></head>")).toBeUndefined();
    for (const broken of [
      EXIT_KIT_PLACE,
      page.slice(0, 200),
      page.replace("Devnet", ""),
      page.replace("}", ""),
    ])
      expect(readExitKit(broken)).toBe("damaged");
  });
});
