import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zNetworkConfig } from "#core/config/network.ts";
import { deviceCode } from "#core/joining/device-code.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { allowanceOperation } from "#core/operations/allowance.ts";
import { scriptsKeyTitle, type Timing } from "#core/operations/consequences.ts";
import { type Operation, zOperation } from "#core/operations/operation.ts";
import { operationDigest, readableTypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { zKeyId } from "#core/primitives/hex.ts";
import { anyOperation, anyOperationOf, OPERATION_KINDS } from "#core/testing/arbitraries.ts";
import { confirmView, signingDomain, tokenTexts } from "./confirm-view.ts";
import { hoursText, timeText } from "./change-fields.ts";

const ID = "7b1f3c9e-2f64-4d0a-9b57-5b0f0c3a7e11";
const account = toAddress("0x1111111111111111111111111111111111111111");
const other = toAddress("0xAbCdEf0123456789aBcDeF0123456789AbCdEf01");
const key = zKeyId.parse(`0x${"ab".repeat(32)}`);
const common = { account, nonce: 3n };

const here = "http://127.0.0.1:1";
const config = zNetworkConfig.parse({
  name: "Devnet",
  kind: "devnet",
  chain: { id: 31337, name: "Devnet chain", rpcUrls: [here], nativeSymbol: "ETH" },
  contracts: { factory: account, implementation: account, factorRegistry: account, gateRegistry: account },
  tokens: [{ address: other, symbol: "TUSD", decimals: 6, name: "Trivet Dollar" }],
  relayUrl: here,
  keyNetwork: { adapter: "local", rpcUrl: here, staking: account, nodes: [{ index: 1, url: here }] },
  authenticator: { baseUrl: here, publicToken: "t", projectId: "p", issuer: "i" },
  ledger: { transport: "usb" },
});

const AT_ONCE = { effect: "now" } as const;

const view = (operation: Operation, timing: Timing = AT_ONCE) =>
  confirmView(ID, operation, [{ role: "device", holder: "this-computer" }], timing, config);

/** What the person reads, label by label. */
const read = (operation: Operation) =>
  Object.fromEntries(view(operation).fields.map(({ label, value }) => [label, value]));

const toText = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));

describe("what the confirm window shows", () => {
  test("of any operation is complete sentences, no empty field, and the digest that is signed", () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        const shown = view(operation);
        expect(shown.title).toMatch(/^[A-Z].*[^.]$/);
        for (const sentence of [shown.then, shown.otherwise, shown.cannot]) {
          expect(sentence).toMatch(/^[A-Z].*\.$/);
        }
        for (const { label, value } of shown.fields) {
          expect(label).toMatch(/^[A-Z]/);
          expect(value).not.toBe("");
          expect(value).not.toMatch(/undefined|NaN|\[object/);
        }
        expect(shown.fields).toContainEqual({
          label: expect.anything(),
          value: operation.account,
          kind: "address",
        });
        expect(shown.digest).toBe(operationDigest(operation, "compact", signingDomain(config)));
      }),
    );
  });

  test("of what would wait is how long, who can stop it, and that it lapses if nobody runs it", () => {
    const days = 7 * 86_400;
    const later = { effect: "afterSingleKeyDelay", seconds: days } as const;
    const withdrawal = zOperation.parse({
      kind: "withdraw",
      account,
      token: other,
      to: other,
      amount: 25_000_000n,
      nonce: 0n,
    });
    expect(view(withdrawal).then).toContain("25 TUSD leaves the account at once");
    const { then } = view(withdrawal, later);
    expect(then).not.toContain("at once");
    for (const words of [
      "waits 7 days",
      "Any other active key of the account can cancel it",
      "it never runs",
    ]) {
      expect(then).toContain(words);
    }
    const calls = zOperation.parse({
      kind: "execute",
      account,
      calls: [{ target: other, value: 0n, data: "0x" }],
      nonce: 0n,
    });
    expect(view(calls, later).then).toContain("waits 7 days");
    const unfreeze = zOperation.parse({ kind: "unfreeze", account, nonce: 0n });
    expect(view(unfreeze, { effect: "afterRecoveryDelay", seconds: days }).then).toMatch(
      /The delay is 7 days\.$/,
    );
    expect(view(unfreeze).then).not.toContain("delay");
  });

  test.each(OPERATION_KINDS)(
    "of %s changes with every field: nothing is signed that is not shown",
    (kind) => {
      fc.assert(
        fc.property(anyOperationOf(kind), anyOperationOf(kind), (one, another) => {
          const values: Readonly<Record<string, unknown>> = another;
          const shown = ({ title, fields }: ReturnType<typeof view>) => toText({ title, fields });
          for (const [name, value] of Object.entries(one)) {
            if (toText(value) === toText(values[name])) continue;
            const mixed = zOperation.parse({ ...one, [name]: values[name] });
            expect(shown(view(mixed)), name).not.toBe(shown(view(one)));
          }
        }),
        { numRuns: 50 },
      );
    },
  );

  test("of a withdrawal is amount, recipient and account", () => {
    const operation = {
      ...common,
      kind: "withdraw",
      token: NATIVE_TOKEN,
      to: other,
      amount: 15n * 10n ** 17n,
    } as const;
    expect(view(operation).title).toBe("Withdraw 1.5 ETH");
    expect(read(operation)).toEqual({ Amount: "1.5 ETH", To: other, "From account": account, Nonce: "3" });
  });

  test("of a key that is added is whose it is, and its id", () => {
    const added = keyOfAddress(other);
    const operation = { ...common, kind: "addKey", role: "recovery", key: added, expires: 0 } as const;
    expect(view(operation).title).toBe("Add recovery key");
    expect(read(operation)).toEqual({
      Role: "Recovery key",
      Signer: other,
      Key: keyId(added),
      Expires: "Never",
      Account: account,
      Nonce: "3",
    });
  });

  test("of a script's key is called so, as on the screens, and has no code to compare", () => {
    const contracts = { ...config.contracts, scriptVerifier: other };
    const operation = {
      ...common,
      kind: "addKey",
      role: "device",
      key: keyOfScript(other, account),
      expires: 0,
    } as const;
    const signers = [{ role: "device", holder: "this-computer" }] as const;
    const shown = confirmView(ID, operation, [...signers], AT_ONCE, { ...config, contracts });
    expect(shown.title).toBe(scriptsKeyTitle(operation, other));
    expect(shown.title).toBe("Add a script's key");
    expect(shown.fields.map(({ label }) => label)).not.toContain("Code to compare");
    // Without that contract it is a device key like any other, whoever says what it is for.
    expect(view(operation).title).toBe("Add device key");
  });

  test("of another computer's key has the code that its own screen shows", () => {
    const added = keyOfAddress(other);
    const code = deviceCode({ chainId: config.chain.id, account, key: keyId(added) });
    const operation = { ...common, kind: "addKey", role: "device", key: added, expires: 0 } as const;
    expect(read(operation)).toMatchObject({ "Code to compare": code });
    for (const kind of ["activateKey", "rejectKey"] as const) {
      expect(read({ ...common, kind, key: keyId(added) })).toMatchObject({ "Code to compare": code });
    }
  });

  test("of calls is every one of them, in full", () => {
    const operation = {
      ...common,
      kind: "execute",
      calls: [
        { target: other, value: 10n ** 18n, data: "0x" },
        { target: account, value: 0n, data: "0xa9059cbb00" },
      ],
    } as const;
    expect(view({ ...operation, calls: [...operation.calls] }).title).toBe("Make 2 calls");
    expect(read({ ...operation, calls: [...operation.calls] })).toEqual({
      "Call 1: To": other,
      "Call 1: Sends": "1 ETH",
      "Call 1: Data": "0x",
      "Call 2: To": account,
      "Call 2: Sends": "0 ETH",
      "Call 2: Data": "0xa9059cbb00",
      "From account": account,
      Nonce: "3",
    });
  });

  test("of an allowance is the amount, the token and who may take it, and the call itself", () => {
    const give = (amount: bigint) =>
      view(
        zOperation.parse({ ...common, ...allowanceOperation({ token: other, spender: account, amount }) }),
      );
    const shown = give(25_500_000n);
    expect(shown.title).toBe("Let a contract take up to 25.5 TUSD");
    expect(shown.then).toContain("may take up to 25.5 TUSD");
    expect(shown.fields.slice(0, 3)).toEqual([
      { label: "May take up to", value: "25.5 TUSD", kind: "amount" },
      { label: "Token", value: other, kind: "address" },
      { label: "Contract that may take it", value: account, kind: "address" },
    ]);
    expect(shown.fields.map(({ label }) => label)).toContain("Data");
    expect(give(0n)).toMatchObject({
      title: "Let a contract take none of a token any more",
      then: expect.stringContaining("can take nothing of this token any more"),
    });
  });

  test("of delays and rules says what stands for the usual", () => {
    const delays = { recoveryDelay: 604_800, removalDelay: 0, singleKeyDelay: 5400, overrideDelay: 0 };
    expect(read({ ...common, kind: "setDelays", ...delays })).toMatchObject({
      "Recovery delay": "7 days",
      "Removal delay": "Default (3 days)",
      "Delay for a single key": "1 hour 30 minutes",
      "Delay until MFA and recovery keys overrule a device": "Off",
    });
    const rules = { singleKeyRoles: 6, pendingKeysMayCall: false, tripwireCount: 255, tripwireWindow: 3600 };
    expect(read({ ...common, kind: "setRules", ...rules })).toMatchObject({
      "Keys that may withdraw alone, later": "Device key, MFA key",
      "Pending device keys may make everyday calls": "No",
      "Removed keys that lock the account": "Off",
      "Removed within": "1 hour",
    });
  });

  test("of a limit is the amount as people write it, and as it is signed", () => {
    const operation = { ...common, kind: "setLimit", key, token: NATIVE_TOKEN, limit: 10n ** 17n } as const;
    expect(read(operation)).toMatchObject({
      Key: key,
      Token: "ETH",
      "Limit in 24 hours": "0.1 ETH",
      "In the smallest unit": (10n ** 17n).toString(),
    });
  });
});

test("with a Ledger among the signers, the window says what it shows, field by field, and the digest that it signs", () => {
  fc.assert(
    fc.property(anyOperation, (operation) => {
      const signers = [
        { role: "device", holder: "this-computer" },
        { role: "mfa", holder: "ledger" },
      ] as const;
      const { ledgerFields, ledgerDigest } = confirmView(ID, operation, [...signers], AT_ONCE, config);
      const typedData = readableTypedData(operation, signingDomain(config), tokenTexts(operation, config));
      expect(ledgerDigest).toBe(typedDataDigest(typedData));
      expect(ledgerFields).toEqual(
        Object.entries(typedData.message).map(([label, value]) => ({
          label,
          value: `${value as string | bigint}`,
        })),
      );
    }),
  );
  expect(
    view({ ...common, kind: "withdraw", token: NATIVE_TOKEN, to: other, amount: 1n }),
  ).not.toHaveProperty("ledgerFields");
});

test("hours are named as spans of the day", () => {
  expect(hoursText(0)).toBe("Never closed");
  expect(hoursText(2 ** 24 - 1)).toBe("00:00 to 23:59 UTC");
  expect(hoursText(0b11 | (1 << 5) | (1 << 23))).toBe("00:00 to 01:59, 05:00 to 05:59, 23:00 to 23:59 UTC");
});

test("a time is a date in UTC, as long as there is a calendar for it", () => {
  expect(timeText(1_800_000_000)).toBe("2027-01-15 08:00:00 UTC");
  expect(timeText(2 ** 48 - 1)).toBe("281474976710655 seconds after 1970");
});
