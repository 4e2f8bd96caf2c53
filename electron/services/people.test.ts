import { expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { namedPeople } from "./people.ts";
import type { HeldKey } from "./profile.ts";

const address = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const held = (byte: string, holder: HeldKey["holder"], detail: string): HeldKey => ({
  key: keyOfAddress(address(byte), `0x${"71".repeat(32)}`),
  holder,
  detail,
});
const ben = held("be", "friend", "Ben");
const carla = held("ca", "friend", "Carla");
const ledger = held("1e", "ledger", "Nano X");
const keys = { device: [], mfa: [ledger], recovery: [ben, carla] };
const contacts = [
  { name: "Shop", address: address("50"), addedAt: 1 },
  { name: "Ben's wallet", address: address("be"), addedAt: 1 },
];

test("an address is called as the contacts have it, else as the friend whose key it is", () => {
  const { person } = namedPeople(contacts, keys);
  expect(["50", "be", "ca", "1e", "00"].map((byte) => person(address(byte)))).toEqual([
    "Shop",
    "Ben's wallet",
    "Carla",
    undefined,
    undefined,
  ]);
  expect(person(address("ca").toLowerCase())).toBe("Carla");
});

test("a key is of the friend who holds it; others are of nobody in particular", () => {
  const { friend } = namedPeople(contacts, keys);
  expect([ben, carla, ledger].map(({ key }) => friend(keyId(key)))).toEqual(["Ben", "Carla", undefined]);
});
