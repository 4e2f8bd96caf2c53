import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { ledgerProblem } from "#core/ledger/errors.ts";
import { ledgerFailure, worksSecondTime } from "./failures.ts";

const status = (statusCode: number) =>
  Object.assign(new Error("Ledger device"), { name: "TransportStatusError", statusCode });
const named = (name: string, more: Record<string, unknown> = {}) =>
  Object.assign(new Error("words of the library"), { name, ...more });

describe("an error of the device in words for people", () => {
  it.each([
    [0x5515, "ledger-unlock"],
    [0x6b0c, "ledger-unlock"],
    [0x6804, "ledger-unlock"],
    [0x6982, "ledger-unlock"],
    [0x6511, "ledger-open-app"],
    [0x6e00, "ledger-open-app"],
    [0x6e01, "ledger-open-app"],
    [0x6d00, "ledger-open-app"],
    [0x6d02, "ledger-open-app"],
    [0x650f, "ledger-open-app"],
    [0x6807, "ledger-open-app"],
    [0x6985, "ledger-rejected"],
    [0x5501, "ledger-rejected"],
    [0x6a15, "ledger-path"],
    [0x6a84, "ledger-too-large"],
    [0x6a00, "ledger-too-large"],
    [0x6a80, "unexpected"],
    [0x6f00, "unexpected"],
  ])("status %i is %s", (code, expected) => {
    expect(ledgerFailure(status(code)).code).toBe(expected);
  });

  it("takes 6a80 for Raw messages off only while a typed message is streamed", () => {
    expect(ledgerFailure(status(0x6a80), { streaming: true }).code).toBe("ledger-enable-raw-messages");
  });

  it.each([
    [named("DisconnectedDevice"), "ledger-plug-in"],
    [named("DisconnectedDeviceDuringOperation"), "ledger-plug-in"],
    [named("TransportError", { id: "NoDevice" }), "ledger-plug-in"],
    [named("AxiosError", { code: "ECONNREFUSED" }), "ledger-plug-in"],
    [named("Error", { code: "ECONNRESET" }), "ledger-plug-in"],
    [named("TransportRaceCondition"), "ledger-unreachable"],
    [named("TransportError", { id: "TransportLocked" }), "ledger-unreachable"],
    [new TypeError("cannot open device with path /dev/hidraw3"), "ledger-unreachable"],
    [new Error("something else"), "unexpected"],
    ["not even an error", "unexpected"],
  ])("%s is %s", (error, expected) => {
    expect(ledgerFailure(error).code).toBe(expected);
  });

  it("knows errors by their names and numbers, not by their class", () => {
    expect(ledgerFailure({ name: "LockedDeviceError", statusCode: 0x5515 }).code).toBe("ledger-unlock");
  });

  it("keeps an error that is made for people already, and the cause of every other", () => {
    const made = ledgerProblem("busy");
    expect(ledgerFailure(made)).toBe(made);
    const cause = status(0x5515);
    const failure = ledgerFailure(cause);
    expect(failure).toBeInstanceOf(WalletError);
    expect(failure.cause).toBe(cause);
  });
});

it("tries again only after what an unfinished message of another program causes", () => {
  expect([0x6980, 0x6a00].every((code) => worksSecondTime(status(code)))).toBe(true);
  expect([0x6985, 0x6a80, 0x5515].some((code) => worksSecondTime(status(code)))).toBe(false);
});
