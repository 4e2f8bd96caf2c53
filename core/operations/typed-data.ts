import type { TypedDataDefinition } from "viem";
import { concat, hashStruct, hashTypedData, keccak256 } from "viem/utils";
import { addressOfKey, type Key, keyId } from "../keys/key.ts";
import { ROLE_NUMBER, ROLE_TEXT, type ReplaceableRole } from "../keys/role.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "../primitives/address.ts";
import type { Digest, Hex, OperationId } from "../primitives/hex.ts";
import { type ChangeRow, changeRow, CHANGES } from "./changes.ts";
import { changeWordValues } from "./change-words.ts";
import type { Execute, Migrate, Operation } from "./operation.ts";
import { readableAmount, type TokenTexts } from "./readable.ts";

/**
 * The two EIP-712 forms of an operation: compact for device and network keys, readable for hardware wallets.
 * Both are derived from the same numbers, on the chain too.
 */
export const FORMS = ["compact", "readable"] as const;
export type Form = (typeof FORMS)[number];

/** Where a signature counts: one chain, one shared implementation (the account is a field of every message). */
export interface SigningDomain {
  readonly chainId: number;
  readonly implementation: Address;
}

/** A field of an EIP-712 type. */
interface TypeField {
  readonly name: string;
  readonly type: string;
}

/** The types that messages contain lists of. */
const LISTED_TYPES = {
  Call: [
    { name: "target", type: "address" },
    { name: "value", type: "uint256" },
    { name: "data", type: "bytes" },
  ],
  Asset: [
    { name: "standard", type: "uint8" },
    { name: "token", type: "address" },
    { name: "id", type: "uint256" },
  ],
} as const satisfies Record<string, readonly TypeField[]>;

/** The EIP-712 types of the Trivet domain that are spelled out; those of changes follow from their rows. */
const SPELLED_OUT_TYPES = {
  Withdrawal: [
    { name: "account", type: "address" },
    { name: "token", type: "address" },
    { name: "to", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "nonce", type: "uint256" },
  ],
  KeyReplacement: [
    { name: "account", type: "address" },
    { name: "role", type: "uint8" },
    { name: "oldKey", type: "bytes32" },
    { name: "newKey", type: "bytes32" },
    { name: "nonce", type: "uint256" },
  ],
  Execution: [
    { name: "account", type: "address" },
    { name: "calls", type: "Call[]" },
    { name: "nonce", type: "uint256" },
  ],
  Migration: [
    { name: "account", type: "address" },
    { name: "successor", type: "address" },
    { name: "assets", type: "Asset[]" },
    { name: "nonce", type: "uint256" },
  ],
  Withdraw: [
    { name: "Amount", type: "string" },
    { name: "To", type: "address" },
    { name: "Account", type: "address" },
    { name: "Nonce", type: "uint256" },
  ],
  WithdrawToken: [
    { name: "Amount", type: "string" },
    { name: "Token", type: "address" },
    { name: "To", type: "address" },
    { name: "Account", type: "address" },
    { name: "Nonce", type: "uint256" },
  ],
  ChangeSigner: [
    { name: "Role", type: "string" },
    { name: "NewSigner", type: "address" },
    { name: "OldSigner", type: "address" },
    { name: "Account", type: "address" },
    { name: "Nonce", type: "uint256" },
  ],
  RunCalls: [
    { name: "Calls", type: "string" },
    { name: "Hash", type: "bytes32" },
    { name: "Account", type: "address" },
    { name: "Nonce", type: "uint256" },
  ],
  Migrate: [
    { name: "Successor", type: "address" },
    { name: "Assets", type: "string" },
    { name: "Hash", type: "bytes32" },
    { name: "Account", type: "address" },
    { name: "Nonce", type: "uint256" },
  ],
  ChangeAccount: [
    { name: "Change", type: "string" },
    { name: "Value", type: "string" },
    { name: "Account", type: "address" },
    { name: "Nonce", type: "uint256" },
  ],
  AcceptRole: [
    { name: "Role", type: "string" },
    { name: "Signer", type: "address" },
    { name: "Account", type: "address" },
  ],
  GateRequest: [
    { name: "operation", type: "bytes32" },
    { name: "token", type: "bytes32" },
  ],
} as const satisfies Record<string, readonly TypeField[]>;

/** The EIP-712 types of every message of the Trivet domain. Frozen: descriptors and signatures depend on them. */
export const TYPES: Readonly<Record<string, readonly TypeField[]>> = {
  ...SPELLED_OUT_TYPES,
  ...Object.fromEntries(
    CHANGES.map(({ typeName, fields }: ChangeRow) => [
      typeName,
      [
        { name: "account", type: "address" },
        ...Object.entries(fields).map(([name, { solidity }]) => ({ name, type: solidity })),
        { name: "nonce", type: "uint256" },
      ],
    ]),
  ),
};

/** The fields of EIP-712 domains, as all of Trivet's have them. */
export const DOMAIN_TYPE = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
] as const;

/** What a field of a message can hold: one value, or a list of structs. */
type MessageValue = string | bigint | number | boolean | readonly MessageStruct[];
type MessageStruct = Readonly<Record<string, string | bigint | number>>;

/** A complete EIP-712 message, with EIP712Domain spelled out as hardware wallets want it. */
export interface TypedData {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: Hex;
  };
  readonly types: Record<string, readonly TypeField[]>;
  readonly primaryType: string;
  readonly message: Record<string, MessageValue>;
}

/** A message of the Trivet domain. */
export function trivetMessage(
  { chainId, implementation }: SigningDomain,
  primaryType: string,
  message: TypedData["message"],
): TypedData {
  const fields = TYPES[primaryType];
  if (!fields) throw new TypeError(`the Trivet domain has no message "${primaryType}"`);
  const listed = Object.entries(LISTED_TYPES).filter(([name]) =>
    fields.some(({ type }) => type === `${name}[]`),
  );
  return {
    domain: { name: "Trivet", version: "1", chainId, verifyingContract: implementation },
    types: { EIP712Domain: DOMAIN_TYPE, [primaryType]: fields, ...Object.fromEntries(listed) },
    primaryType,
    message,
  };
}

/** The 32 bytes that are signed for a message: keccak256(0x1901, domain separator, struct hash). */
export function typedDataDigest(typedData: TypedData): Digest {
  const { domain, types, primaryType, message } = typedData;
  const definition: TypedDataDefinition<Record<string, unknown>, string> = {
    domain,
    types,
    primaryType,
    message,
  };
  return hashTypedData(definition) as Digest;
}

const callStructs = ({ calls }: Execute) => calls.map(({ target, value, data }) => ({ target, value, data }));

/** The numbers of the standards of assets on the chain. */
const STANDARD_NUMBER = { erc20: 0, erc721: 1, erc1155: 2 } as const;

/** The assets of a migration as the contract takes them; an ERC-20 token has the id 0. */
export const assetStructs = ({ assets }: Migrate) =>
  assets.map((asset) => ({
    standard: STANDARD_NUMBER[asset.standard],
    token: asset.token,
    id: asset.standard === "erc20" ? 0n : asset.id,
  }));

/** The compact form: what device and network keys sign. */
export function compactTypedData(operation: Operation, domain: SigningDomain): TypedData {
  const { account, nonce } = operation;
  switch (operation.kind) {
    case "withdraw": {
      const { token, to, amount } = operation;
      return trivetMessage(domain, "Withdrawal", { account, token, to, amount, nonce });
    }
    case "replaceKey": {
      const { role, oldKey, newKey } = operation;
      return trivetMessage(domain, "KeyReplacement", {
        account,
        role: ROLE_NUMBER[role],
        oldKey: keyId(oldKey),
        newKey: keyId(newKey),
        nonce,
      });
    }
    case "execute":
      return trivetMessage(domain, "Execution", { account, calls: callStructs(operation), nonce });
    case "migrate": {
      const { successor } = operation;
      return trivetMessage(domain, "Migration", {
        account,
        successor,
        assets: assetStructs(operation),
        nonce,
      });
    }
    default: {
      const { typeName } = changeRow(operation.kind);
      return trivetMessage(domain, typeName, { account, ...changeWordValues(operation), nonce });
    }
  }
}

/** Where no signature is concerned: hashStruct does not depend on the domain. */
const NO_DOMAIN: SigningDomain = { chainId: 0, implementation: NATIVE_TOKEN };

/** The id by which the account's schedule knows an operation: the hashStruct of its compact form. */
export function operationId(operation: Operation): OperationId {
  const { message, types, primaryType } = compactTypedData(operation, NO_DOMAIN);
  return hashStruct({ data: message, types: mutable(types), primaryType }) as OperationId;
}

/** viem asks for lists it could change; it does not change them. */
const mutable = (types: TypedData["types"]) =>
  Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));

/** The hash of a list of structs within a message: keccak256 over the structs' hashes. */
const listHash = (name: keyof typeof LISTED_TYPES, structs: readonly MessageStruct[]): Hex =>
  keccak256(
    concat(structs.map((data) => hashStruct({ data, primaryType: name, types: mutable(LISTED_TYPES) }))),
  );

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

function addressSigner(key: Key): Address {
  const address = addressOfKey(key);
  if (!address) throw new TypeError("the readable form names addresses; this key's signer is not one");
  return address;
}

/**
 * The readable form: at most five ASCII fields, the most important first.
 * @param token what the token of a withdrawal says about itself (for the chain's own coin: its symbol, 18 decimals)
 * @throws TypeError when a key in it is not an address
 */
export function readableTypedData(operation: Operation, domain: SigningDomain, token: TokenTexts): TypedData {
  const common = { Account: operation.account, Nonce: operation.nonce };
  switch (operation.kind) {
    case "withdraw": {
      const native = sameAddress(operation.token, NATIVE_TOKEN);
      const Amount = readableAmount(operation.amount, native ? { symbol: "ETH", decimals: 18 } : token);
      return native
        ? trivetMessage(domain, "Withdraw", { Amount, To: operation.to, ...common })
        : trivetMessage(domain, "WithdrawToken", {
            Amount,
            Token: operation.token,
            To: operation.to,
            ...common,
          });
    }
    case "replaceKey":
      return trivetMessage(domain, "ChangeSigner", {
        Role: ROLE_TEXT[operation.role],
        NewSigner: addressSigner(operation.newKey),
        OldSigner: addressSigner(operation.oldKey),
        ...common,
      });
    case "execute": {
      const calls = callStructs(operation);
      return trivetMessage(domain, "RunCalls", {
        Calls: counted(calls.length, "call"),
        Hash: listHash("Call", calls),
        ...common,
      });
    }
    case "migrate": {
      const assets = assetStructs(operation);
      return trivetMessage(domain, "Migrate", {
        Successor: operation.successor,
        Assets: `ETH and ${counted(assets.length, "other")}`,
        Hash: listHash("Asset", assets),
        ...common,
      });
    }
    default: {
      const { texts } = changeRow(operation.kind);
      return trivetMessage(domain, "ChangeAccount", {
        Change: texts.change(operation),
        Value: texts.value(operation),
        ...common,
      });
    }
  }
}

/** The typed data of an operation in a form. */
export function operationTypedData(
  operation: Operation,
  form: Form,
  domain: SigningDomain,
  token: TokenTexts = {},
): TypedData {
  return form === "compact"
    ? compactTypedData(operation, domain)
    : readableTypedData(operation, domain, token);
}

/** The digest of an operation in a form. */
export function operationDigest(
  operation: Operation,
  form: Form,
  domain: SigningDomain,
  token: TokenTexts = {},
): Digest {
  return typedDataDigest(operationTypedData(operation, form, domain, token));
}

/** What a new holder signs to show that it can: it names role, signer and account, and moves nothing. */
export function acceptRoleTypedData(
  domain: SigningDomain,
  role: ReplaceableRole,
  signer: Address,
  account: Address,
): TypedData {
  return trivetMessage(domain, "AcceptRole", { Role: ROLE_TEXT[role], Signer: signer, Account: account });
}

/**
 * What the device key signs to ask the gate for a network key's signature: it binds one session token to one
 * operation, so that a token seen by someone else is worth nothing.
 * @param tokenHash keccak256 of the session JWT's ASCII bytes
 */
export function gateRequestTypedData(domain: SigningDomain, operation: Digest, tokenHash: Hex): TypedData {
  return trivetMessage(domain, "GateRequest", { operation, token: tokenHash });
}
