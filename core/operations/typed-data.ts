import type { TypedDataDefinition } from "viem";
import { hashTypedData } from "viem/utils";
import { addressOfKey, type Key, keyId } from "../keys/key.ts";
import { ROLE_NUMBER, ROLE_TEXT, type ReplaceableRole } from "../keys/role.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "../primitives/address.ts";
import type { Digest, Hex } from "../primitives/hex.ts";
import type { Operation } from "./operation.ts";
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

/** The EIP-712 types of every message of the Trivet domain. Frozen: descriptors and signatures depend on them. */
export const TYPES = {
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
  AcceptRole: [
    { name: "Role", type: "string" },
    { name: "Signer", type: "address" },
    { name: "Account", type: "address" },
  ],
  GateRequest: [
    { name: "operation", type: "bytes32" },
    { name: "token", type: "bytes32" },
  ],
} as const;

const DOMAIN_TYPE = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
] as const;

/** A complete EIP-712 message, with EIP712Domain spelled out as hardware wallets want it. */
export interface TypedData {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: Hex;
  };
  readonly types: Record<string, readonly { readonly name: string; readonly type: string }[]>;
  readonly primaryType: string;
  readonly message: Record<string, string | bigint | number>;
}

/** A message of the Trivet domain. */
export function trivetMessage(
  { chainId, implementation }: SigningDomain,
  primaryType: keyof typeof TYPES,
  message: TypedData["message"],
): TypedData {
  return {
    domain: { name: "Trivet", version: "1", chainId, verifyingContract: implementation },
    types: { EIP712Domain: DOMAIN_TYPE, [primaryType]: TYPES[primaryType] },
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

/** The compact form: what device and network keys sign. */
export function compactTypedData(operation: Operation, domain: SigningDomain): TypedData {
  switch (operation.kind) {
    case "withdraw": {
      const { account, token, to, amount, nonce } = operation;
      return trivetMessage(domain, "Withdrawal", { account, token, to, amount, nonce });
    }
    case "replaceKey": {
      const { account, role, oldKey, newKey, nonce } = operation;
      return trivetMessage(domain, "KeyReplacement", {
        account,
        role: ROLE_NUMBER[role],
        oldKey: keyId(oldKey),
        newKey: keyId(newKey),
        nonce,
      });
    }
  }
}

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
  switch (operation.kind) {
    case "withdraw": {
      const native = sameAddress(operation.token, NATIVE_TOKEN);
      const common = { To: operation.to, Account: operation.account, Nonce: operation.nonce };
      const Amount = readableAmount(operation.amount, native ? { symbol: "ETH", decimals: 18 } : token);
      return native
        ? trivetMessage(domain, "Withdraw", { Amount, ...common })
        : trivetMessage(domain, "WithdrawToken", { Amount, Token: operation.token, ...common });
    }
    case "replaceKey":
      return trivetMessage(domain, "ChangeSigner", {
        Role: ROLE_TEXT[operation.role],
        NewSigner: addressSigner(operation.newKey),
        OldSigner: addressSigner(operation.oldKey),
        Account: operation.account,
        Nonce: operation.nonce,
      });
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
