import { describe, expect, it } from "vitest";
import { CHANGES } from "#core/operations/changes.ts";
import { changeConsequences } from "#core/operations/consequences.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { anOperation, recipient } from "../testing/samples.ts";
import { changeDone, changeTitle } from "./changes.ts";
import {
  operationCannot,
  operationDone,
  operationOtherwise,
  operationThen,
  operationTitle,
} from "./operations.ts";
import { ledgerFields } from "./ledger.ts";

const bytes32 = `0x${"12".repeat(32)}`;

/** A value for each name that a change's field can have. */
const VALUES: Record<string, unknown> = {
  role: "mfa",
  expires: 0,
  threshold: 2,
  recipient,
  enabled: true,
  allowed: true,
  target: recipient,
  selector: "0x12345678",
  token: NATIVE_TOKEN,
  limit: 5n,
  closedHours: 0,
  recoveryDelay: 0,
  removalDelay: 0,
  singleKeyDelay: 0,
  overrideDelay: 0,
  singleKeyRoles: 0,
  pendingKeysMayCall: false,
  tripwireCount: 0,
  tripwireWindow: 0,
  successor: recipient,
  operation: bytes32,
};

const changes = CHANGES.map(({ kind, fields }) =>
  zChange.parse({
    kind,
    account: recipient,
    nonce: 0n,
    ...Object.fromEntries(Object.keys(fields).map((name) => [name, VALUES[name]])),
    ...("key" in fields && { key: kind === "addKey" ? keyOfAddress(recipient) : bytes32 }),
  }),
);

describe("a change in words", () => {
  it.each(changes.map((change) => [change.kind, change] as const))("%s has all it needs", (_, change) => {
    const summary = { kind: "change", change } as const;
    expect(operationTitle(summary)).toBe(changeTitle(change));
    expect(operationDone({ summary, effect: "now" }).title).toBe(changeDone(change));
    expect(changeTitle(change)).toMatch(/^[A-Z]/);
    expect(changeDone(change)).not.toBe(changeTitle(change));
    expect(operationCannot(summary)).toBe(changeConsequences(change).cannot);
    expect(operationOtherwise(summary)).toContain("stays as it is");
    expect(ledgerFields("cosign", summary, recipient).map(({ label }) => label)).toEqual([
      "Change",
      "Value",
      "Account",
    ]);
  });

  it("that is off is not called on", () => {
    const off = zChange.parse({
      kind: "setEmergencyAddress",
      recipient,
      enabled: false,
      account: recipient,
      nonce: 0n,
    });
    expect(changeTitle(off)).toBe("Remove an emergency address");
    const nobody = zChange.parse({
      kind: "setSuccessor",
      successor: NATIVE_TOKEN,
      account: recipient,
      nonce: 0n,
    });
    expect(changeTitle(nobody)).toBe("Name no successor");
  });

  it("that adds a script's key is called so, and not a device key's", () => {
    const scriptVerifier = toAddress(`0x${"7e".repeat(20)}`);
    const add = (role: "device" | "recovery") =>
      ({
        kind: "change",
        change: zChange.parse({
          kind: "addKey",
          role,
          key: keyOfScript(scriptVerifier, recipient),
          expires: 0,
          account: recipient,
          nonce: 0n,
        }),
        scriptVerifier,
      }) as const;
    const added = add("device");
    expect(operationTitle(added)).toBe("Add a script's key");
    expect(operationDone({ summary: added, effect: "now" }).title).toBe(
      "The script's key is on your account",
    );
    expect(operationDone({ summary: added, effect: "afterRecoveryDelay" }).title).toBe(
      "The script's key is pending",
    );
    expect(operationThen({ summary: added, effect: "now" })).toContain("may do nothing yet");
    expect(operationCannot(added)).toContain("can never withdraw");
    // The contract keeps device keys to their calls, and no others; another contract keeps nothing to anything.
    expect(operationTitle(add("recovery"))).toBe("Add a Recovery key");
    expect(operationTitle({ ...added, scriptVerifier: recipient })).toBe("Add a Device key");
  });

  it("that waits is said to be scheduled, whatever it is", () => {
    const { summary } = anOperation();
    expect(operationDone({ summary, effect: "afterRecoveryDelay" }).title).toBe("Scheduled");
  });
});
