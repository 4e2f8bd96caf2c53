import { describe, expect, it } from "vitest";
import { SoftwareLedger } from "../device.ts";
import { DEFAULT_SEED } from "../keys.ts";
import { MODEL_IDS } from "../models.ts";
import {
  addField,
  beginStruct,
  command,
  PATH,
  root,
  send,
  sendAll,
  signTyped,
  STRING,
  UINT256,
  value,
  watchFields,
} from "../testing/commands.ts";

const SETTINGS = {
  default: { rawMessages: false, blindSigning: false },
  raw: { rawMessages: true, blindSigning: false },
  blind: { rawMessages: false, blindSigning: true },
} as const;
type SettingsName = keyof typeof SETTINGS;

const ledger = (model: (typeof MODEL_IDS)[number], settings: SettingsName): SoftwareLedger =>
  new SoftwareLedger({ seed: DEFAULT_SEED, model, settings: SETTINGS[settings], approval: "always" });

const TYPED = [
  beginStruct("A"),
  addField(UINT256, "x"),
  beginStruct("EIP712Domain"),
  addField(STRING, "name"),
  root("EIP712Domain"),
  value("56"),
  root("A"),
  value("05"),
  signTyped,
];
const HASHED = command("e00c0000", PATH + "11".repeat(32) + "22".repeat(32));
/** A contract call: EIP-1559, chain 1, four bytes of data. */
const CALL = command(
  "e0040000",
  PATH +
    "02e7" +
    "01" +
    "03" +
    "01" +
    "02" +
    "825208" +
    "94" +
    "33".repeat(20) +
    "80" +
    "84" +
    "aabbccdd" +
    "c0",
);

const SIGNED = /^[0-9a-f]{130}9000$/;
const REFUSED = /^6a80$/;

/** The reply at which a series of commands ends: the first refusal, or the last. */
const outcome = async (device: SoftwareLedger, ...commands: string[]): Promise<string> => {
  const replies = await send(device, ...commands);
  return replies.find((reply) => reply !== "9000") ?? "9000";
};

describe("what is signed with which settings", () => {
  const table = MODEL_IDS.flatMap((model) => [
    { model, settings: "default", typed: REFUSED, hashed: REFUSED, call: REFUSED } as const,
    { model, settings: "raw", typed: SIGNED, hashed: REFUSED, call: REFUSED } as const,
    { model, settings: "blind", typed: SIGNED, hashed: SIGNED, call: SIGNED } as const,
  ]);

  it.each(table)("$model, $settings", async ({ model, settings, typed, hashed, call }) => {
    expect(await outcome(ledger(model, settings), ...TYPED)).toMatch(typed);
    expect(await outcome(ledger(model, settings), HASHED)).toMatch(hashed);
    expect(await outcome(ledger(model, settings), CALL)).toMatch(call);
  });
});

describe("what is shown before a signature", () => {
  const shownFor = async (model: (typeof MODEL_IDS)[number], settings: SettingsName, commands: string[]) => {
    const device = ledger(model, settings);
    const fields = watchFields(device);
    expect(await sendAll(device, ...commands)).toMatch(SIGNED);
    return fields.map(({ label, value: text }) => `${label}: ${text}`);
  };

  const every = ["Review struct: EIP712Domain", "name: V", "Review struct: A", "x: 5"];

  it("every field of a typed message, but on a Nano with Blind signing only", async () => {
    expect(await shownFor("flex", "raw", TYPED)).toEqual(every);
    expect(await shownFor("flex", "blind", TYPED)).toEqual(every);
    expect(await shownFor("nanosp", "raw", TYPED)).toEqual(every);
    const blind = (await shownFor("nanosp", "blind", TYPED)).join("\n");
    expect(blind).toMatch(
      /^name: V\nMessage hash \(1\/2\): 0x[0-9A-F]{46}\nMessage hash \(2\/2\): [0-9A-F]{18}$/,
    );
  });

  it("two hashes of a hashed message", async () => {
    expect(await shownFor("flex", "blind", [HASHED])).toEqual([
      `Domain hash: 0x${"11".repeat(32)}`,
      `Message hash: 0x${"22".repeat(32)}`,
    ]);
  });

  it("of a contract call the addresses, the fees and the hash", async () => {
    const shown = await shownFor("flex", "blind", [CALL]);
    expect(shown).toEqual([
      "From: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
      "To: 0x3333333333333333333333333333333333333333",
      "Max fees: 0.000000000000042 ETH",
      expect.stringMatching(/^Transaction hash: 0x[0-9a-f]{64}$/),
    ]);
  });
});

describe("commands the app knows", () => {
  it("reports version and blind signing, and nothing of Raw messages", async () => {
    expect(await send(ledger("flex", "raw"), "e006000000")).toEqual(["020116009000"]);
    expect(await send(ledger("flex", "blind"), "e006000000")).toEqual(["030116009000"]);
  });

  it.each([
    ["metadata signed by Ledger", "e00a000000", "6d00"],
    ["a plugin", "e016000000", "6d00"],
    ["another class", "8002000000", "6e00"],
    ["a length that is not the data's", "e00200000501", "6a87"],
    ["a truncated command", "e002", "6a87"],
    ["an unknown P1 of an address", command("e0020200", PATH), "6b00"],
    ["an unknown P2 of a transaction", command("e0040003", PATH), "6b00"],
    ["an unknown P2 of a typed message", command("e00c0002", PATH), "6b00"],
    ["a path without indices", command("e0020000", "00"), "6a80"],
    ["a path of eleven indices", command("e0020000", "0b" + "8000002c".repeat(11)), "6a80"],
    ["a path cut short", command("e0020000", "058000002c"), "6a80"],
    ["a path of another coin", command("e0020000", "028000002c80000000"), "6a15"],
    ["an address with too much", command("e0020000", PATH + "00"), "6a80"],
    ["an unknown transaction type", command("e0040000", PATH + "03c0"), "6501"],
    ["a transaction without its beginning", command("e0048000", "c0"), "6980"],
    ["a transaction that is no list", command("e0040000", PATH + "0280"), "6a80"],
    ["a message without its beginning", command("e0088000", "61"), "6a80"],
    ["a message longer than it says", command("e0080000", PATH + "000000016161"), "6a80"],
    ["a message larger than the memory", command("e0080000", PATH + "00005000"), "6a84"],
  ])("answers %s", async (_, bytes, status) => {
    expect(await send(ledger("flex", "blind"), bytes)).toEqual([status]);
  });

  it("gives addresses below 45' too", async () => {
    expect(await sendAll(ledger("flex", "default"), command("e0020000", "01" + "8000002d"))).toMatch(/9000$/);
  });
});

describe("a transaction in several pieces", () => {
  const CREATE = "02e4" + "01" + "03" + "01" + "02" + "825208" + "80" + "80" + "95" + "60".repeat(21) + "c0";
  const pieces = (transaction: string, at: number) => [
    command("e0040000", PATH + transaction.slice(0, at * 2)),
    command("e0048000", transaction.slice(at * 2)),
  ];

  it("refuses a call as soon as its data begins", async () => {
    const call = "02e7" + "0103010282520894" + "33".repeat(20) + "8084aabbccddc0";
    expect(await send(ledger("flex", "default"), ...pieces(call, 31))).toEqual(["9000", "6a80"]);
  });

  it("refuses the creation of a contract only when all of it has come", async () => {
    expect(await send(ledger("flex", "default"), ...pieces(CREATE, 16))).toEqual(["9000", "6a80"]);
    expect(await sendAll(ledger("flex", "blind"), ...pieces(CREATE, 16))).toMatch(SIGNED);
  });

  it("refuses a function selector that is cut in two", async () => {
    const call = "02e7" + "0103010282520894" + "33".repeat(20) + "8084aabbccddc0";
    expect(await send(ledger("flex", "blind"), ...pieces(call, 34))).toEqual(["6a80", "6980"]);
  });
});
