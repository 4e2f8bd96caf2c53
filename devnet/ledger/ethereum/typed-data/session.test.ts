import { describe, expect, it } from "vitest";
import { SoftwareLedger } from "../../device.ts";
import { DEFAULT_SEED } from "../../keys.ts";
import {
  addField,
  arrayOf,
  beginStruct,
  command,
  PATH,
  root,
  send,
  sendAll,
  signTyped,
  STRING,
  structType,
  UINT256,
  value,
  watchFields,
} from "../../testing/commands.ts";

const ledger = (options: Partial<ConstructorParameters<typeof SoftwareLedger>[0]> = {}): SoftwareLedger =>
  new SoftwareLedger({
    seed: DEFAULT_SEED,
    approval: "always",
    settings: { rawMessages: true, blindSigning: false },
    ...options,
  });

const DOMAIN = [beginStruct("EIP712Domain"), addField(STRING, "name")];
const DOMAIN_VALUES = [root("EIP712Domain"), value("56")];
/** Everything before the root of the message. */
const upTo = (...definitions: string[]): string[] => [...definitions, ...DOMAIN, ...DOMAIN_VALUES];
const A = [beginStruct("A"), addField(UINT256, "x")];

/** A chain of structs S1 to Sn, each holding the next, the last one a number. */
const chain = (length: number): string[] =>
  Array.from({ length }, (_, index) => [
    beginStruct(`S${index + 1}`),
    addField(index + 1 < length ? structType(`S${index + 2}`) : UINT256, "f"),
  ]).flat();

describe("limits of a typed message", () => {
  it("takes sixteen structs inside one another, not seventeen", async () => {
    const deep = (count: number) => [...upTo(...chain(count)), root("S1"), value("01")];
    expect(await sendAll(ledger(), ...deep(16), signTyped)).toMatch(/9000$/);
    expect(await sendAll(ledger(), ...deep(17))).toBe("6a00");
  });

  it("takes a hundred numbers and runs out of memory before a hundred and fifty", async () => {
    const wide = (count: number) => [
      ...upTo(
        beginStruct("W"),
        ...Array.from({ length: count }, (_, index) => addField(UINT256, `f${index}`)),
      ),
      root("W"),
      ...Array.from({ length: count }, () => value("01")),
      signTyped,
    ];
    for (const model of ["nanosp", "flex"] as const) {
      expect(await sendAll(ledger({ model }), ...wide(100))).toMatch(/9000$/);
      expect(await sendAll(ledger({ model }), ...wide(150))).toBe("6a84");
    }
  });

  it("takes an array of 255 elements", async () => {
    const commands = [
      ...upTo(beginStruct("L"), addField("c2200100", "l")),
      root("L"),
      arrayOf(255),
      ...Array.from({ length: 255 }, () => value("01")),
    ];
    // On a Nano without Raw messages nothing of it is kept for the screen.
    const device = ledger({ model: "nanosp", settings: { rawMessages: false, blindSigning: true } });
    expect(await sendAll(device, ...commands, signTyped)).toMatch(/9000$/);
  });

  it("refuses an array of another length than the type says", async () => {
    const definitions = [beginStruct("F"), addField("c220010103", "f")];
    expect(await sendAll(ledger(), ...upTo(...definitions), root("F"), arrayOf(2))).toBe("6a80");
  });
});

describe("order of the commands of a typed message", () => {
  it.each([
    ["a value before any definition", [value("01")], "6980"],
    ["a signature before any definition", [signTyped], "6980"],
    ["a filter before any definition", [command("e01e0000")], "6980"],
    ["a field before any struct", [addField(UINT256, "x")], "6a80"],
    ["a value before a root", [...A, value("01")], "6a80"],
    ["the message before the domain", [...A, root("A")], "6a00"],
    ["a root that is not defined", [...upTo(...A), root("B")], "6a80"],
    ["the same root twice", [...DOMAIN, root("EIP712Domain"), root("EIP712Domain")], "6a00"],
    ["a definition after a root", [...upTo(...A), beginStruct("B")], "6a00"],
    ["a value too many", [...upTo(...A), root("A"), value("01"), value("01")], "6a80"],
    [
      "a value where an array is due",
      [...upTo(beginStruct("A"), addField("c2200100", "x")), root("A"), value("01")],
      "6a80",
    ],
    ["an array where a value is due", [...upTo(...A), root("A"), arrayOf(1)], "6a80"],
    ["a signature before the message is complete", [...upTo(...A), root("A"), signTyped], "6a80"],
    ["a signature before the message began", [...upTo(...A), signTyped], "6a80"],
    [
      "a struct that is not defined",
      [...upTo(beginStruct("A"), addField(structType("B"), "b")), root("A")],
      "6a80",
    ],
  ])("refuses %s", async (_, commands, status) => {
    const device = ledger();
    expect((await send(device, ...commands)).at(-1)).toBe(status);
    // It is over then: the next message starts from nothing.
    expect(await sendAll(device, ...upTo(...A), root("A"), value("05"), signTyped)).toMatch(/9000$/);
  });

  it("fails once when the message of another program was left unfinished", async () => {
    const device = ledger();
    await sendAll(device, ...upTo(...A));
    expect(await send(device, ...A)).toEqual(["6a00", "6a80"]);
    expect(await sendAll(device, ...upTo(...A), root("A"), value("05"), signTyped)).toMatch(/9000$/);
  });

  it("refuses a personal message once when a typed message was left unfinished", async () => {
    const device = ledger();
    await sendAll(device, ...upTo(...A));
    const hello = command("e0080000", `${PATH}00000005${Buffer.from("hello").toString("hex")}`);
    const replies = await send(device, hello, hello);
    expect(replies[0]).toBe("6980");
    expect(replies[1]).toMatch(/9000$/);
  });

  it("loses the hashes when the address is asked for in between", async () => {
    const device = ledger();
    const [last] = await send(device, ...upTo(...A), root("A"), command("e0020000", PATH)).then((all) =>
      all.slice(-1),
    );
    expect(last).toMatch(/9000$/);
    expect(await sendAll(device, value("05"), signTyped)).toBe("6a80");
  });
});

describe("values of a typed message", () => {
  const one = (type: string) => [...upTo(beginStruct("A"), addField(type, "x")), root("A")];

  it.each([
    ["uint256 5", UINT256, "05", "5"],
    ["uint256 0 without bytes", UINT256, "", "0"],
    ["the largest uint256", UINT256, "ff".repeat(32), (2n ** 256n - 1n).toString()],
    ["int256 -5", "4120", "ff".repeat(31) + "fb", "-5"],
    ["int256 251 in one byte", "4120", "fb", "251"],
    ["int8 -1", "4101", "ff", "-1"],
    ["int32 -2", "4104", "fffffffe", "-2"],
    [
      "an address",
      "03",
      "f39fd6e51aad88f6f4ce6ab8827279cfffb92266",
      "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    ],
    ["true", "04", "01", "true"],
    ["false", "04", "00", "false"],
    ["a text", STRING, Buffer.from("1.5 ETH").toString("hex"), "1.5 ETH"],
    ["an empty text", STRING, "", ""],
    ["a text that is not ASCII", STRING, Buffer.from("1·5 €TH").toString("hex"), "15 TH"],
    ["bytes", "07", "12ab", "0x12AB"],
    ["bytes4", "4604", "12abcdef", "0x12ABCDEF"],
  ])("shows %s", async (_, type, data, shown) => {
    const device = ledger();
    const fields = watchFields(device);
    expect(await sendAll(device, ...one(type), value(data), signTyped)).toMatch(/9000$/);
    expect(fields).toContainEqual({ label: "x", value: shown });
  });

  it.each([
    ["an int24, which the screen cannot show", "4103", "000001"],
    ["an address of 19 bytes", "03", "11".repeat(19)],
    ["a bool of two bytes", "04", "0001"],
    ["an int without bytes", "4120", ""],
    ["an int8 of two bytes", "4101", "0001"],
    ["a uint of 33 bytes", UINT256, "11".repeat(33)],
  ])("refuses %s", async (_, type, data) => {
    expect(await sendAll(ledger(), ...one(type), value(data))).toBe("6a80");
  });

  it("takes a long text in parts, and shows three dots where it ends", async () => {
    const device = ledger();
    const fields = watchFields(device);
    const long = "61".repeat(253) + "62".repeat(150);
    await sendAll(
      device,
      ...one(STRING),
      command("e01c01ff", `0193${long.slice(0, 506)}`),
      command("e01c00ff", long.slice(506)),
      signTyped,
    );
    const text = fields
      .filter(({ label }) => label.startsWith("x"))
      .map((field) => field.value)
      .join("");
    expect(text).toBe("a".repeat(253) + "b".repeat(123) + "...");
  });

  it.each([
    ["a value whose length is a lie", command("e01c00ff", "000401")],
    ["a part that is the last but says there is more", command("e01c01ff", "000101")],
    ["a value without its length", command("e01c00ff", "00")],
    ["more than its length", command("e01c00ff", "00010102")],
  ])("refuses %s", async (_, bad) => {
    expect(await sendAll(ledger(), ...one(STRING), bad)).toBe("6a80");
  });

  it("refuses a verifying contract that is no address", async () => {
    const domain = [beginStruct("EIP712Domain"), addField(STRING, "verifyingContract"), root("EIP712Domain")];
    expect(await sendAll(ledger(), ...domain, value(Buffer.from("x").toString("hex")))).toBe("6a80");
  });
});
