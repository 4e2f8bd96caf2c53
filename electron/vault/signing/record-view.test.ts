import { describe, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { cidOfDigest, gateDigest } from "#core/key-network/gate-cid.ts";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { zDigest, zGateDigest } from "#core/primitives/hex.ts";
import type { RecordFactor } from "#core/security/opened-record.ts";
import type { RecordState } from "#core/security/record-change.ts";
import { zConfirmView } from "#core/wallet-api/operation-view.ts";
import { recordChangeView } from "./record-view.ts";

const account = toAddress(`0x${"11".repeat(20)}`);
const gate = zGateDigest.parse(`0x${"aa".repeat(32)}`);
const newer = GATE_RELEASES.map(({ cid }) => gateDigest(cid))[0] ?? gate;
const WALLET = `0x${"cd".repeat(20)}`;
const context = {
  id: "3f1cbd1a-4f7a-4a35-9a5e-0f4b5c8f3b11",
  digest: zDigest.parse(`0x${"dd".repeat(32)}`),
  chain: { name: "Devnet" },
  nameOf: ({ id }: RecordFactor) => (id === "email-2" ? "new@example.org" : undefined),
};
const email: RecordFactor = { type: "email", id: "email-1" };
const state = (factors: RecordFactor[], named = gate): RecordState => ({
  record: { account, factors },
  gate: named,
});
const view = (to: RecordState) => recordChangeView({ role: "mfa", from: state([email]), to }, context);
const shown = (to: RecordState) => view(to).fields.map(({ label, value }) => `${label}: ${value}`);

describe("the confirm window shows a record's change", () => {
  test("with what is added, whose key it is, and the digest that is signed", () => {
    const to = state([email, { type: "totp", id: "totp-1" }]);
    expect(shown(to)).toEqual(["Adds: Authenticator app: totp-1", "Key: MFA key", `Account: ${account}`]);
    expect(view(to)).toMatchObject({
      title: "Add a way to prove who you are",
      digest: context.digest,
      signers: [{ role: "device" }, { role: "mfa", holder: "network" }],
    });
    expect(zConfirmView.safeParse(view(to)).success).toBe(true);
  });

  test("of the email address, with the new one as people write it", () => {
    const to = state([{ type: "email", id: "email-2" }]);
    expect(shown(to).slice(0, 2)).toEqual([
      "Adds: Email code: new@example.org",
      "Removes: Email code: email-1",
    ]);
  });

  test("by a wallet, with its address in full", () => {
    const field = view(state([email, { type: "wallet", id: WALLET }])).fields[0];
    expect(field).toEqual({ label: "Adds: Wallet signature", value: WALLET, kind: "address" });
  });

  test("to another gate, with the number and the CID of both", () => {
    const [release] = GATE_RELEASES;
    if (!release) throw new Error("there is no release");
    expect(shown(state([email], newer)).slice(0, 2)).toEqual([
      `New gate: Gate 1: ${release.cid}`,
      `Present gate: A gate unknown to Trivet: ${cidOfDigest(gate)}`,
    ]);
  });

  test("together with the same change of the other key, by one decision about two digests", () => {
    const from = state([email]);
    const to = state([email, { type: "totp", id: "totp-1" }]);
    const further = zDigest.parse(`0x${"ee".repeat(32)}`);
    const both = (second: RecordState) =>
      recordChangeView(
        { role: "mfa", from, to },
        { ...context, alongside: { role: "recovery", from, to: second, digest: further } },
      );
    expect(both(to)).toMatchObject({
      digest: context.digest,
      furtherDigests: [further],
      signers: [{ role: "device" }, { role: "mfa" }, { role: "recovery" }],
    });
    expect(both(to).fields.map(({ value }) => value)).toEqual(["totp-1", "MFA key", "Recovery key", account]);
    for (const other of [
      state([email, { type: "totp", id: "totp-2" }]),
      state([{ type: "email", id: "email-2" }]),
      from,
      state([email], newer),
    ]) {
      expect(() => both(other)).toThrow(expect.objectContaining({ code: "changes-differ" }));
    }
  });

  test("in one way at a time, or not at all", () => {
    expect(() => view(state([{ type: "sms", id: "1" }]))).toThrow(
      expect.objectContaining({ code: "one-change-at-a-time" }),
    );
  });
});
