import { encodeAbiParameters, keccak256 } from "viem/utils";
import { type Key, keyId } from "../keys/key.ts";
import { ROLE_NUMBER, ROLE_TEXT } from "../keys/role.ts";
import { type Operation } from "../operations/operation.ts";
import {
  DOMAIN_TYPE,
  type Form,
  operationTypedData,
  type SigningDomain,
  type TypedData,
} from "../operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, sameAddress, toAddress } from "../primitives/address.ts";
import { type Hex, NO_SALT } from "../primitives/hex.ts";
import type { Acceptance, Check, Invitation, Presence } from "./letters.ts";

/**
 * What friends sign besides operations. The account knows none of these types, so that no such signature can ever be
 * used on it; at most five fields, as a Ledger shows them well.
 */
export const FRIEND_TYPES = {
  AcceptInvitation: [
    { name: "Role", type: "string" },
    { name: "Signer", type: "address" },
    { name: "Account", type: "address" },
    { name: "Key", type: "bytes32" },
    { name: "Invitation", type: "bytes32" },
  ],
  StillThere: [
    { name: "Role", type: "string" },
    { name: "Signer", type: "address" },
    { name: "Account", type: "address" },
    { name: "Check", type: "bytes32" },
  ],
} as const;

function message(
  { chainId, implementation }: SigningDomain,
  primaryType: keyof typeof FRIEND_TYPES,
  fields: TypedData["message"],
): TypedData {
  return {
    domain: { name: "Trivet", version: "1", chainId, verifyingContract: implementation },
    types: { EIP712Domain: DOMAIN_TYPE, [primaryType]: FRIEND_TYPES[primaryType] },
    primaryType,
    message: fields,
  };
}

/** What an invitation and a check are known by: everything in them that counts. */
function hashOf(letter: Invitation | Check): Hex {
  const { domain, account, role, from, challenge, createdAt, expiresAt } = letter;
  return keccak256(
    encodeAbiParameters(
      [
        { type: "string" },
        { type: "uint256" },
        { type: "address" },
        { type: "address" },
        { type: "uint8" },
        { type: "string" },
        { type: "bytes32" },
        { type: "uint256" },
        { type: "uint256" },
        { type: "bytes32" },
      ],
      [
        `Trivet ${letter.kind} 1`,
        BigInt(domain.chainId),
        domain.implementation,
        account,
        ROLE_NUMBER[role],
        from,
        challenge,
        BigInt(createdAt),
        BigInt(expiresAt),
        letter.kind === "check" ? keyId(letter.key) : `0x${(letter.hidden ? "01" : "00").padStart(64, "0")}`,
      ],
    ),
  );
}

export const invitationHash = (invitation: Invitation): Hex => hashOf(invitation);
export const checkHash = (check: Check): Hex => hashOf(check);

const addressOf = ({ signer }: Key): Address => toAddress(signer);

/** What a friend signs to accept: bound to the invitation, the chain, the account, and the key with its salt. */
export const acceptanceTypedData = ({
  domain,
  account,
  role,
  key,
  invitation,
}: Omit<Acceptance, "signature" | "version">): TypedData =>
  message(domain, "AcceptInvitation", {
    Role: ROLE_TEXT[role],
    Signer: addressOf(key),
    Account: account,
    Key: keyId(key),
    Invitation: invitation,
  });

/** What a friend signs to say that they are still there. */
export const presenceTypedData = (
  { domain, account, key, check }: Omit<Presence, "signature" | "version">,
  role: Check["role"],
): TypedData =>
  message(domain, "StillThere", {
    Role: ROLE_TEXT[role],
    Signer: addressOf(key),
    Account: account,
    Check: check,
  });

const isHidden = ({ salt }: Key) => salt !== NO_SALT;

/**
 * The form of an operation that a friend signs: the readable one, which every wallet shows in words; the compact one
 * where the words would hide what happens (a list of calls), ask for what a letter does not know (a token's symbol), or
 * put hidden keys onto the chain.
 */
export function friendForm(operation: Operation): Form {
  switch (operation.kind) {
    case "withdraw":
      return sameAddress(operation.token, NATIVE_TOKEN) ? "readable" : "compact";
    case "replaceKey":
      return [operation.oldKey, operation.newKey].some((key) => isHidden(key) || key.signer.length !== 42)
        ? "compact"
        : "readable";
    case "execute":
    case "migrate":
      return "compact";
    default:
      return "readable";
  }
}

/** What a friend signs of an operation, computed from the operation itself. */
export const requestTypedData = (operation: Operation, domain: SigningDomain): TypedData =>
  operationTypedData(operation, friendForm(operation), domain);
