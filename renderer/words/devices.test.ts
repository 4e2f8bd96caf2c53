import { describe, expect, it } from "vitest";
import { type Device, zDevice } from "#core/wallet-api/devices.ts";
import { afterRemoval, deviceMeaning, deviceName } from "./devices.ts";

const device = (byte: string, changes: Partial<Device> = {}): Device =>
  zDevice.parse({
    id: `0x${byte.repeat(32)}`,
    own: false,
    state: "active",
    vetoProof: false,
    code: "03141 59265 35897 93238",
    ...changes,
  });

const own = device("d1", { own: true });

describe("a computer's name", () => {
  it.each<[string, Partial<Device>, string]>([
    ["this one", { own: true, name: "Laptop" }, "This computer"],
    ["one that was compared here", { name: "Laptop" }, "Laptop"],
    ["one that waits and nobody compared", { state: "pending" }, "A new computer"],
    ["one that sleeps", { state: "asleep" }, "A new computer"],
    ["one that was let in elsewhere", {}, "Another computer"],
  ])("is that of %s", (_, changes, name) => {
    expect(deviceName(device("d2", changes))).toBe(name);
  });
});

describe("what is left when a computer goes", () => {
  const other = device("d2");

  it("is said by how many active keys remain", () => {
    expect(afterRemoval(other, [own, other, device("d3")])).toBe("2 active device keys are left then.");
    expect(afterRemoval(other, [own, other])).toContain("this computer's");
    expect(afterRemoval(own, [own, device("d2", { state: "pending" })])).toContain("No active device key");
  });
});

it("a pending key that nobody can reject is not said to be rejectable", () => {
  expect(deviceMeaning(device("d2", { state: "pending" }))).toContain("unless you reject it");
  expect(deviceMeaning(device("d2", { state: "pending", vetoProof: true }))).toContain(
    "no device key can reject",
  );
});
