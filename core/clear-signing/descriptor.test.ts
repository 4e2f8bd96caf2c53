import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { keccak256, stringToHex } from "viem";
import { hashStruct } from "viem/utils";
import { TYPES } from "../operations/typed-data.ts";
import { toAddress } from "../primitives/address.ts";
import { describedTypes, trivetDescriptor } from "./descriptor.ts";
import { encodeType, readEncodedType } from "./encode-type.ts";
import { type Descriptor, zDescriptor } from "./schema.ts";

const formats = Object.entries(trivetDescriptor().display.formats);

/** The descriptor with one message's description changed. */
function changed(primaryType: string, change: (json: string) => string): unknown {
  const key = formats.map(([one]) => one).find((one) => one.startsWith(`${primaryType}(`)) ?? "";
  const descriptor = structuredClone(trivetDescriptor());
  const { formats: all } = descriptor.display;
  const described: unknown = JSON.parse(change(JSON.stringify(all[key])));
  return { ...descriptor, display: { formats: { ...all, [key]: described } } };
}

describe("the descriptor of our messages", () => {
  it("is what lies in docs/erc7730, letter for letter", async () => {
    const text = await format(JSON.stringify(trivetDescriptor()), { parser: "json", printWidth: 110 });
    await expect(text).toMatchFileSnapshot("../../docs/erc7730/eip712-trivet.json");
  });

  it("is one by the format's rules, with deployments and without", () => {
    expect(zDescriptor.parse(trivetDescriptor())).toEqual(trivetDescriptor());
    const deployments = [{ chainId: 1, address: toAddress(`0x${"1".repeat(40)}`) }];
    expect(zDescriptor.parse(trivetDescriptor(deployments)).context.eip712.deployments).toEqual(deployments);
  });

  it("describes every message of the domain, under the text that its type hash is made of", () => {
    const described = formats.map(([, { $id }]) => $id);
    expect(described).toEqual([...describedTypes().keys()]);
    expect(described).toEqual(expect.arrayContaining(Object.keys(TYPES)));
    // A struct without values: its hash is the hash of the type hash alone.
    expect(hashStruct({ data: {}, types: { Nothing: [] }, primaryType: "Nothing" })).toBe(
      keccak256(keccak256(stringToHex(encodeType("Nothing", { Nothing: [] })))),
    );
    for (const [key, { $id }] of formats) {
      expect(readEncodedType(key)).toEqual({ primaryType: $id, types: describedTypes().get($id) });
    }
  });

  it("fits on a hardware wallet: labels and sentences in ASCII", () => {
    for (const [, { intent, fields }] of formats) {
      for (const text of [intent, ...fields.map(({ label }) => label)]) expect(text).toMatch(/^[ -~]+$/);
    }
  });
});

describe("the format's rules refuse", () => {
  it.each<[what: string, broken: unknown, words: RegExp]>([
    [
      "a field that is not there",
      changed("Withdraw", (json) => json.replace('"To"', '"Too"')),
      /no such field|not described/,
    ],
    [
      "a field that is left out",
      changed("SetLimit", (json) => json.replace(/\{[^{}]*"nonce"[^{}]*\},?/, "").replace(",]", "]")),
      /nonce is not described/,
    ],
    [
      "an address as an amount of time",
      changed("Withdraw", (json) => json.replace('"addressName"', '"duration"')),
      /cannot be shown as duration/,
    ],
    [
      "an amount of no token",
      changed("Withdrawal", (json) => json.replace('"tokenPath":"token"', '"tokenPath":"nonce"')),
      /names no token/,
    ],
    [
      "an enumeration that is not there",
      changed("KeyReplacement", (json) => json.replace("enums.role", "enums.rolle")),
      /no enumeration/,
    ],
    [
      "a sentence about what may be hidden",
      changed("Withdraw", (json) => json.replace("{Amount}", "{Nonce}")),
      /not always shown/,
    ],
    [
      "a field hidden for good",
      changed("Withdraw", (json) => json.replace('"optional"', '"never"')),
      /Invalid|expected/,
    ],
    ["a key that the format does not know", { ...trivetDescriptor(), more: 1 }, /Unrecognized/],
  ])("%s", (_, broken, words) => {
    const { error } = zDescriptor.safeParse(broken);
    expect(error?.message).toMatch(words);
  });

  it("a message under a text that is no type's", () => {
    const descriptor: Descriptor = trivetDescriptor();
    const [[, described] = []] = formats;
    if (!described) throw new Error("no message");
    const broken = { ...descriptor, display: { formats: { "Withdraw(Call c)Withdrawn()": described } } };
    expect(zDescriptor.safeParse(broken).error?.message).toMatch(/not what encodeType writes/);
  });
});
