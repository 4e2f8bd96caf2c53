import fc from "fast-check";
import { concat, encodeAbiParameters, hashStruct, keccak256, toHex } from "viem/utils";
import { describe, expect, test } from "vitest";
import { keyOfAddress } from "../keys/key.ts";
import { NATIVE_TOKEN, toAddress } from "../primitives/address.ts";
import { isBytes, zKeyId, zOperationId } from "../primitives/hex.ts";
import { anyAddress, anyOperation, anyOperationOf, OPERATION_KINDS } from "../testing/arbitraries.ts";
import { changeRow, CHANGES } from "./changes.ts";
import { changeWords } from "./change-words.ts";
import { type Operation, operationToJson, zOperation, zOperationJson } from "./operation.ts";
import {
  compactTypedData,
  operationDigest,
  operationId,
  readableTypedData,
  typedDataDigest,
} from "./typed-data.ts";

const domain = fc.record({ chainId: fc.integer({ min: 1 }), implementation: anyAddress });
const HERE = { chainId: 31337, implementation: toAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3") };
const TUSD = { symbol: "TUSD", decimals: 6 };

test("every kind of operation is generated for these tests", () => {
  const kinds = zOperation.options.map(({ shape }) => shape.kind.value);
  expect([...OPERATION_KINDS].sort()).toEqual([...kinds].sort());
});

describe.each(OPERATION_KINDS)("%s as JSON", (kind) => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(anyOperationOf(kind), (operation) => {
        const text = JSON.stringify(operationToJson(operation));
        expect(zOperationJson.parse(JSON.parse(text))).toEqual(operation);
        expect(zOperation.parse(operation)).toEqual(operation);
      }),
    );
  });

  test("is refused with a field too many, too few or of another kind, and the field is named", () => {
    fc.assert(
      fc.property(anyOperationOf(kind), (operation) => {
        const json: Readonly<Record<string, unknown>> = operationToJson<Operation>(operation);
        expect(zOperationJson.safeParse({ ...json, extra: 1 }).error?.issues).toMatchObject([
          { code: "unrecognized_keys", keys: ["extra"] },
        ]);
        expect(zOperationJson.safeParse({ ...json, nonce: "-1" }).error?.issues[0]?.path).toEqual(["nonce"]);
        expect(zOperationJson.safeParse({ ...json, kind: "everything" }).success).toBe(false);
        for (const name of Object.keys(json)) {
          for (const wrong of [undefined, null, Symbol("none")]) {
            const { error } = zOperationJson.safeParse({ ...json, [name]: wrong });
            expect(error?.issues[0]?.path[0], name).toBe(name);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("an operation", () => {
  const account = toAddress("0x1111111111111111111111111111111111111111");
  const key = `0x${"22".repeat(32)}`;
  const common = { account, nonce: "0" };
  const call = { target: account, value: "0", data: "0x" };

  test.each([
    ["threshold", { ...common, kind: "setThreshold", role: "mfa", threshold: 256 }],
    ["threshold", { ...common, kind: "setThreshold", role: "mfa", threshold: 1.5 }],
    ["role", { ...common, kind: "setThreshold", role: "device", threshold: 1 }],
    ["limit", { ...common, kind: "setLimit", key, token: account, limit: (2n ** 104n).toString() }],
    ["limit", { ...common, kind: "setLimit", key, token: account, limit: 5 }],
    ["closedHours", { ...common, kind: "setHours", key, closedHours: 2 ** 24 }],
    ["key", { ...common, kind: "removeKey", key: "0x22" }],
    ["key", { ...common, kind: "addKey", role: "mfa", key, expires: 0 }],
    ["selector", { ...common, kind: "setScope", key, target: account, selector: "0x112233", allowed: true }],
    ["recipient", { ...common, kind: "setAllowlisted", recipient: "bob", allowed: true }],
    ["allowed", { ...common, kind: "setAllowlisted", recipient: account, allowed: 1 }],
    ["operation", { ...common, kind: "cancel", operation: `${key}00` }],
    ["calls", { ...common, kind: "execute", calls: [] }],
    ["calls", { ...common, kind: "execute", calls: [{ ...call, value: "0x1" }] }],
    ["assets", { ...common, kind: "migrate", successor: account, assets: [{ standard: "erc20" }] }],
  ])("with a bad %s is refused, and it is named", (name, json) => {
    expect(zOperationJson.safeParse(json).error?.issues[0]?.path[0]).toBe(name);
  });

  test.each([1, 3, 16])("that lets roles sign alone names roles only: %d does not", (singleKeyRoles) => {
    const rules = { pendingKeysMayCall: false, tripwireCount: 0, tripwireWindow: 0 };
    const json = { ...common, kind: "setRules", singleKeyRoles, ...rules };
    expect(zOperationJson.safeParse(json).error?.issues[0]?.path).toEqual(["singleKeyRoles"]);
  });

  test.each([7, 254, 256])(
    "that sets the tripwire lets 1 to 6 removals pass, or any: %d is refused",
    (count) => {
      const rules = { singleKeyRoles: 0, pendingKeysMayCall: false, tripwireWindow: 0 };
      const json = { ...common, kind: "setRules", ...rules, tripwireCount: count };
      expect(zOperationJson.safeParse(json).error?.issues[0]?.path).toEqual(["tripwireCount"]);
      for (const tripwireCount of [0, 1, 6, 255])
        expect(zOperationJson.safeParse({ ...json, tripwireCount }).error).toBeUndefined();
    },
  );
});

describe("digests", () => {
  test("differ between the two forms, chains, implementations and accounts", () => {
    fc.assert(
      fc.property(anyOperation, domain, anyAddress, (operation, where, other) => {
        fc.pre(other !== where.implementation && other !== operation.account);
        const compact = operationDigest(operation, "compact", where);
        const rest = [
          operationDigest(operation, "readable", where),
          operationDigest(operation, "compact", { ...where, chainId: where.chainId + 1 }),
          operationDigest(operation, "compact", { ...where, implementation: other }),
          operationDigest({ ...operation, account: other }, "compact", where),
          operationDigest({ ...operation, nonce: operation.nonce ^ 1n }, "compact", where),
        ];
        expect(new Set([compact, ...rest]).size).toBe(6);
      }),
    );
  });

  test("of different operations differ, in both forms", () => {
    const json = (operation: Operation) => JSON.stringify(operationToJson(operation));
    fc.assert(
      fc.property(fc.uniqueArray(anyOperation, { selector: json, minLength: 2 }), (operations) => {
        const compact = operations.map((operation) => operationDigest(operation, "compact", HERE));
        const readable = operations.map((operation) => operationDigest(operation, "readable", HERE, TUSD));
        const ids = operations.map(operationId);
        expect(new Set([...compact, ...readable, ...ids]).size).toBe(3 * operations.length);
      }),
    );
  });

  /** Two operations that are the same but for one field: the hardest to tell apart. */
  test.each(OPERATION_KINDS)("of %s change with every field", (kind) => {
    fc.assert(
      fc.property(anyOperationOf(kind), anyOperationOf(kind), (one, other) => {
        const values: Readonly<Record<string, unknown>> = other;
        for (const [name, value] of Object.entries(one)) {
          if (toText(value) === toText(values[name])) continue;
          const mixed = zOperation.parse({ ...one, [name]: values[name] });
          for (const form of ["compact", "readable"] as const) {
            expect(operationDigest(mixed, form, HERE, TUSD), `${name}, ${form}`).not.toBe(
              operationDigest(one, form, HERE, TUSD),
            );
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test("of the compact form equal keccak256(0x1901, domain separator, struct hash)", () => {
    // Computed with ethers 5.8 (_TypedDataEncoder.hash), an implementation of its own.
    const typedData = compactTypedData(
      {
        kind: "withdraw",
        account: toAddress("0x1111111111111111111111111111111111111111"),
        token: NATIVE_TOKEN,
        to: toAddress("0x2222222222222222222222222222222222222222"),
        amount: 1_500_000_000_000_000_000n,
        nonce: 7n,
      },
      HERE,
    );
    expect(typedDataDigest(typedData)).toBe(
      "0xdc5a5e02f20f67a3afb0645119b8be72742fdff0f80cd4b122c18e40c5000812",
    );
  });
});

const toText = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));

describe("a change", () => {
  test.each(CHANGES.map(({ kind }) => kind))("%s is hashed by the words the account takes", (kind) => {
    fc.assert(
      fc.property(anyOperationOf(kind), (change) => {
        const { typeName, fields } = changeRow(kind);
        const inType = Object.entries(fields).map(([name, { solidity }]) => `${solidity} ${name},`);
        const typeHash = keccak256(toHex(`${typeName}(address account,${inType.join("")}uint256 nonce)`));
        const words = changeWords(change);
        expect(words.every((word) => isBytes(word, 32))).toBe(true);
        const ends = [{ type: "address" }, { type: "uint256" }] as const;
        const [account, nonce] = [
          encodeAbiParameters([ends[0]], [change.account]),
          encodeAbiParameters([ends[1]], [change.nonce]),
        ];
        expect(operationId(change)).toBe(keccak256(concat([typeHash, account, ...words, nonce])));
      }),
      { numRuns: 20 },
    );
  });

  test("has the types the account was built for", () => {
    const types = CHANGES.map(({ typeName, fields }) => {
      const names: Readonly<Record<string, { readonly solidity: string }>> = fields;
      const inType = Object.entries(names).map(([name, { solidity }]) => `${solidity} ${name}`);
      return `${typeName}(${["address account", ...inType, "uint256 nonce"].join(",")})`;
    });
    expect(types).toEqual([
      "AddKey(address account,uint8 role,bytes32 key,uint48 expires,uint256 nonce)",
      "ActivateKey(address account,bytes32 key,uint256 nonce)",
      "RejectKey(address account,bytes32 key,uint256 nonce)",
      "RemoveKey(address account,bytes32 key,uint256 nonce)",
      "SetThreshold(address account,uint8 role,uint8 threshold,uint256 nonce)",
      "SetEmergencyAddress(address account,address recipient,bool enabled,uint256 nonce)",
      "SetAllowlisted(address account,address recipient,bool allowed,uint256 nonce)",
      "SetScope(address account,bytes32 key,address target,bytes4 selector,bool allowed,uint256 nonce)",
      "SetLimit(address account,bytes32 key,address token,uint104 limit,uint256 nonce)",
      "SetHours(address account,bytes32 key,uint24 closedHours,uint256 nonce)",
      "SetDelays(address account,uint32 recoveryDelay,uint32 removalDelay,uint32 singleKeyDelay,uint32 overrideDelay,uint256 nonce)",
      "SetRules(address account,uint8 singleKeyRoles,bool pendingKeysMayCall,uint8 tripwireCount,uint32 tripwireWindow,uint256 nonce)",
      "SetSuccessor(address account,address successor,uint256 nonce)",
      "Lock(address account,uint256 nonce)",
      "Archive(address account,uint256 nonce)",
      "Unfreeze(address account,uint256 nonce)",
      "Cancel(address account,bytes32 operation,uint256 nonce)",
      "Rearm(address account,bytes32 operation,uint256 nonce)",
    ]);
  });
});

describe("the readable form", () => {
  test("has at most five fields, of short ASCII names, and only ASCII in its texts", () => {
    fc.assert(
      fc.property(anyOperation, domain, (operation, where) => {
        const { types, primaryType, message } = readableTypedData(operation, where, TUSD);
        const fields = types[primaryType] ?? [];
        expect(fields.length).toBeGreaterThan(0);
        expect(fields.length).toBeLessThanOrEqual(5);
        for (const { name, type } of fields) {
          expect(name).toMatch(/^[A-Z][A-Za-z]{1,11}$/);
          if (type === "string") expect(message[name]).toMatch(/^[\x20-\x7e]+$/);
        }
      }),
    );
  });

  const account = toAddress("0x1111111111111111111111111111111111111111");
  const other = toAddress("0xAbCdEf0123456789aBcDeF0123456789AbCdEf01");
  const key = zKeyId.parse(`0x${"AB".repeat(32)}`);
  const common = { account, nonce: 3n };
  const shown = (operation: Operation) => readableTypedData(operation, HERE, {}).message;

  test("of a batch says how many calls it has, and commits to them by the hash of their list", () => {
    const call = { target: other, value: 1n, data: "0x1234" } as const;
    const Call = [
      { name: "target", type: "address" },
      { name: "value", type: "uint256" },
      { name: "data", type: "bytes" },
    ];
    const hash = hashStruct({ data: call, primaryType: "Call", types: { Call } });
    expect(shown({ ...common, kind: "execute", calls: [call] })).toEqual({
      Calls: "1 call",
      Hash: keccak256(hash),
      Account: account,
      Nonce: 3n,
    });
    expect(shown({ ...common, kind: "execute", calls: [call, call, call] })).toMatchObject({
      Calls: "3 calls",
      Hash: keccak256(concat([hash, hash, hash])),
    });
  });

  test("of a migration counts what moves besides the coin", () => {
    const migrate = { ...common, kind: "migrate", successor: other } as const;
    const erc20 = { standard: "erc20", token: account } as const;
    expect(shown({ ...migrate, assets: [] })).toMatchObject({ Successor: other, Assets: "ETH and 0 others" });
    expect(shown({ ...migrate, assets: [erc20] })).toMatchObject({ Assets: "ETH and 1 other" });
    expect(shown({ ...migrate, assets: [erc20, { ...erc20, standard: "erc721", id: 5n }] })).toMatchObject({
      Assets: "ETH and 2 others",
    });
  });

  const small = "0xabcdef0123456789abcdef0123456789abcdef01";
  const id = `0x${"ab".repeat(32)}`;
  const added = keyOfAddress(other);
  const addedId = keccak256(concat([added.signer, added.salt]));
  const rules = { singleKeyRoles: 6, pendingKeysMayCall: true, tripwireCount: 3, tripwireWindow: 86400 };
  const delays = { recoveryDelay: 604800, removalDelay: 259200, singleKeyDelay: 604800, overrideDelay: 0 };
  const scope = { key, target: other, selector: "0xA9059CBB" } as const;
  test.each<[change: string, value: string, operation: Operation]>([
    ["Add device key", addedId, { ...common, kind: "addKey", role: "device", key: added, expires: 0 }],
    [
      "Add MFA key",
      `${addedId}, expires 1800000000`,
      { ...common, kind: "addKey", role: "mfa", key: added, expires: 1_800_000_000 },
    ],
    ["Add recovery key", addedId, { ...common, kind: "addKey", role: "recovery", key: added, expires: 0 }],
    ["Activate key", id, { ...common, kind: "activateKey", key }],
    ["Reject key", id, { ...common, kind: "rejectKey", key }],
    ["Remove key", id, { ...common, kind: "removeKey", key }],
    ["Set MFA threshold", "2", { ...common, kind: "setThreshold", role: "mfa", threshold: 2 }],
    ["Set recovery threshold", "3", { ...common, kind: "setThreshold", role: "recovery", threshold: 3 }],
    [
      "Add emergency address",
      small,
      { ...common, kind: "setEmergencyAddress", recipient: other, enabled: true },
    ],
    [
      "Remove emergency address",
      small,
      { ...common, kind: "setEmergencyAddress", recipient: other, enabled: false },
    ],
    ["Allow recipient", small, { ...common, kind: "setAllowlisted", recipient: other, allowed: true }],
    ["Disallow recipient", small, { ...common, kind: "setAllowlisted", recipient: other, allowed: false }],
    ["Allow calls", `${id} ${small}.0xa9059cbb`, { ...common, kind: "setScope", ...scope, allowed: true }],
    [
      "Disallow calls",
      `${id} ${small}.0xa9059cbb`,
      { ...common, kind: "setScope", ...scope, allowed: false },
    ],
    [
      "Set daily limit",
      `${id} 1000 of ${small}`,
      { ...common, kind: "setLimit", key, token: other, limit: 1000n },
    ],
    ["Set closed hours", `${id} 5`, { ...common, kind: "setHours", key, closedHours: 5 }],
    [
      "Set delays",
      "recovery 604800 s, removal 259200 s, single key 604800 s, override 0 s",
      { ...common, kind: "setDelays", ...delays },
    ],
    [
      "Set rules",
      "single key roles 6, pending keys may call: yes, tripwire 3 in 86400 s",
      { ...common, kind: "setRules", ...rules },
    ],
    ["Set successor", small, { ...common, kind: "setSuccessor", successor: other }],
    ["Lock account", "for 7 days", { ...common, kind: "lock" }],
    ["Archive account", "until unfrozen", { ...common, kind: "archive" }],
    ["Unfreeze account", "now or after the recovery delay", { ...common, kind: "unfreeze" }],
    ["Cancel operation", id, { ...common, kind: "cancel", operation: zOperationId.parse(id) }],
    ["Re-arm operation", id, { ...common, kind: "rearm", operation: zOperationId.parse(id) }],
  ])("of a change says %s: %s", (change, value, operation) => {
    expect(shown(operation)).toEqual({ Change: change, Value: value, Account: account, Nonce: 3n });
  });
});
