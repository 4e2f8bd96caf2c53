import { expect, it } from "vitest";
import { keyOfAddress } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { toAddress } from "#core/primitives/address.ts";
import { recipient } from "../../testing/samples.ts";
import { NEXT_BUTTON, nextScreen } from "./next-screen.ts";

const scriptVerifier = toAddress(`0x${"7e".repeat(20)}`);

it("leads from a key that was added to the screen on which it is", () => {
  const after = (role: string, key: unknown) => {
    const wish = { kind: "addKey", role, key, expires: 0, account: recipient, nonce: 0n };
    return NEXT_BUTTON[nextScreen({ kind: "change", change: zChange.parse(wish), scriptVerifier })];
  };
  expect(after("device", keyOfAddress(recipient))).toBe("See your computers");
  expect(after("device", keyOfScript(scriptVerifier, recipient))).toBe("See your keys for scripts");
  expect(after("recovery", keyOfAddress(recipient))).toBe("See your keys");
});
