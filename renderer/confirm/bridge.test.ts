import { describe, expect, it } from "vitest";
import type { ConfirmBridge } from "#core/wallet-api/bridge.ts";
import { recipient } from "../testing/samples.ts";
import { readConfirmView } from "./bridge.ts";

const view = {
  id: "2f9c8b1e-8f8a-4f0b-9a6b-0d7b8f1c2d3e",
  title: "Withdraw 25 TUSD",
  fields: [{ label: "To", value: recipient, kind: "address" }],
  signers: [{ role: "device", holder: "this-computer" }],
  then: "25 TUSD leave.",
  otherwise: "Nothing happens.",
  cannot: "Nothing else.",
  digest: `0x${"ab".repeat(32)}`,
  chainName: "Devnet",
};

function bridge(answer: () => Promise<unknown>): ConfirmBridge {
  return { view: answer, decide: async () => undefined };
}

describe("what the confirm window shows", () => {
  it("is the view that the vault decoded", async () => {
    expect(await readConfirmView(bridge(async () => view))).toEqual(view);
  });

  it.each([
    ["there is no bridge", undefined],
    ["a field is missing", bridge(async () => ({ ...view, digest: undefined }))],
    [
      "a field is of an unknown kind",
      bridge(async () => ({ ...view, fields: [{ label: "", value: "", kind: "html" }] })),
    ],
    [
      "main does not answer",
      bridge(async () => {
        throw new Error("gone");
      }),
    ],
  ])("is nothing at all when %s", async (_name, badBridge) => {
    await expect(readConfirmView(badBridge)).rejects.toMatchObject({ code: "confirm-unreadable" });
  });
});
