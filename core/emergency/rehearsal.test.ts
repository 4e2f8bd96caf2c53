import { expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import { rehearsalMessage } from "./rehearsal.ts";

test("a rehearsal begins with words, says that it moves nothing, and names all it is about", () => {
  const account = toAddress(`0x${"aa".repeat(20)}`);
  const address = toAddress(`0x${"bb".repeat(20)}`);
  const message = rehearsalMessage({ account, address, chainId: 31_337, code: "0123456789abcdef" });
  expect(message.split("\n")).toEqual([
    "Trivet rehearsal",
    "",
    "With this signature I show that this wallet could withdraw in an emergency. It moves nothing and allows nothing.",
    "",
    `Emergency address: ${address}`,
    `Account: ${account}`,
    "Chain: 31337",
    "Code: 0123456789abcdef",
  ]);
});
