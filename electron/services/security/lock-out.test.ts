import { describe, expect, test } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import type { Role } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { HeldKey } from "../profile.ts";
import { stateBeforeDeployment } from "./contract-state.ts";
import { type KeysOfAccount, refuseLockOut } from "./lock-out.ts";

const address = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const key = (byte: string) => keyOfAddress(address(byte));
const held = (byte: string, holder: HeldKey["holder"]): HeldKey => ({ key: key(byte), holder, detail: "" });
const email = { type: "email", id: "email-1" } as const;
const inNetwork = (byte: string): HeldKey => ({
  ...held(byte, "network"),
  record: { account: address("aa"), subject: "user-1", factors: [email] } as unknown as HeldKey["record"],
});

const KEYS = {
  device: [held("d1", "this-computer")],
  mfa: [inNetwork("f1")],
  recovery: [inNetwork("e1")],
};
const FIRST = {
  device: keyId(key("d1")),
  mfa: keyId(key("f1")),
  recovery: keyId(key("e1")),
  salt: `0x${"00".repeat(32)}`,
} as const;
const CONTRACT = stateBeforeDeployment({ address: address("aa"), firstKeys: FIRST });
const ACCOUNT: KeysOfAccount = { contract: CONTRACT, keys: KEYS };

const other = (role: Role, byte: string) => ({ id: keyId(key(byte)), role, active: true, pending: false });

/** The account with keys besides that nobody here knows, and without some of its own. */
const withKeys = (more: ReturnType<typeof other>[], without: string[] = []): KeysOfAccount => ({
  ...ACCOUNT,
  contract: {
    ...CONTRACT,
    keys: [...CONTRACT.keys.filter(({ id }) => !without.includes(id)), ...more],
  },
});

const refusal = (operation: OperationDraft, account: KeysOfAccount, newHolder?: HeldKey) => {
  try {
    refuseLockOut({ operation, ...(newHolder && { newHolder }) }, account);
    return undefined;
  } catch (error) {
    if (error instanceof WalletError) return error.message;
    throw error;
  }
};

const removeMfa: OperationDraft = { kind: "removeKey", key: keyId(key("f1")) };

describe("a change of keys", () => {
  test("to a Ledger goes through", () => {
    const replace = { kind: "replaceKey", role: "mfa", oldKey: key("f1"), newKey: key("c1") } as const;
    expect(refusal(replace, ACCOUNT, held("c1", "ledger"))).toBeUndefined();
  });

  test("that leaves only a stranger's MFA key goes through while the recovery key is one's own", () => {
    expect(refusal(removeMfa, withKeys([other("mfa", "99")]))).toBeUndefined();
  });

  test("that leaves strangers in both roles is refused, and names them", () => {
    const strangersRecovery = withKeys([other("mfa", "99"), other("recovery", "98")], [keyId(key("e1"))]);
    expect(refusal(removeMfa, strangersRecovery)).toMatch(
      /^This would lock you out: the MFA key and the Recovery key could then only be used with keys/,
    );
  });

  test("that asks for a stranger's signature in the last role of one's own is refused", () => {
    const account = withKeys([other("mfa", "99"), other("recovery", "98")], [keyId(key("e1"))]);
    const two = { kind: "setThreshold", role: "mfa", threshold: 2 } as const;
    expect(refusal(two, account)).toMatch(/would lock you out/);
    expect(refusal({ ...two, threshold: 1 }, account)).toBeUndefined();
  });

  test("goes through all the same where an emergency address is left", () => {
    const account = withKeys([other("mfa", "99"), other("recovery", "98")], [keyId(key("e1"))]);
    const contract = { ...account.contract, emergencyAddresses: [address("ee")] };
    expect(refusal(removeMfa, { ...account, contract })).toBeUndefined();
  });

  test("is not refused for what was so before", () => {
    const lost = withKeys(
      [other("mfa", "99"), other("recovery", "98")],
      [keyId(key("f1")), keyId(key("e1"))],
    );
    expect(refusal({ kind: "removeKey", key: keyId(key("99")) }, lost)).toBeUndefined();
  });

  test("is all that is looked at: other operations pass", () => {
    expect(refusal({ kind: "lock" }, ACCOUNT)).toBeUndefined();
  });
});
