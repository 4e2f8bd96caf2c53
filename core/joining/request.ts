import { z } from "zod";
import { keyId, keyOfAddress } from "../keys/key.ts";
import { DOMAIN_TYPE, type TypedData, typedDataDigest } from "../operations/typed-data.ts";
import { type Address, zAddress } from "../primitives/address.ts";
import { type Digest, isBytes, zHex } from "../primitives/hex.ts";
import { deviceCode } from "./device-code.ts";

/** No joining request is longer, in characters. */
export const MAX_REQUEST_LENGTH = 1000;

/** How long a request counts, in seconds. */
export const REQUEST_LIFETIME = 86_400;

/** What a computer is called: one line of plain characters, so that no name can look like another, or like more text. */
export const zComputerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._'()-]{0,39}$/);

/** The nearest that can be made of any text: what a computer calls itself. */
export function computerName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9 ._'()-]/g, "")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 40)
    .trim();
  return plain === "" ? "Another computer" : plain;
}

/** What a new computer asks an old one: to add its device key to the account. It moves nothing and allows nothing. */
export const zJoinRequest = z.strictObject({
  chainId: z.int().positive(),
  account: zAddress,
  /** The new device key's address. */
  device: zAddress,
  name: zComputerName,
  /** Until when it counts, seconds since 1970. */
  until: z.int().positive(),
});
export type JoinRequest = z.output<typeof zJoinRequest>;

/** A request, and the new device key's signature over it (65 bytes): whoever shows it has that key. */
export const zSignedJoinRequest = z.strictObject({
  request: zJoinRequest,
  signature: zHex.refine((value) => isBytes(value, 65), "a signature has 65 bytes"),
});
export type SignedJoinRequest = z.output<typeof zSignedJoinRequest>;

/** The typed data that the new device key signs. A domain of its own: no account and no gate takes it for anything. */
function joinRequestTypedData(
  { chainId, account, device, name, until }: JoinRequest,
  implementation: Address,
): TypedData {
  return {
    domain: { name: "Trivet joining", version: "1", chainId, verifyingContract: implementation },
    types: {
      EIP712Domain: DOMAIN_TYPE,
      JoinRequest: [
        { name: "account", type: "address" },
        { name: "device", type: "address" },
        { name: "name", type: "string" },
        { name: "until", type: "uint256" },
      ],
    },
    primaryType: "JoinRequest",
    message: { account, device, name, until: BigInt(until) },
  };
}

export const joinRequestDigest = (request: JoinRequest, implementation: Address): Digest =>
  typedDataDigest(joinRequestTypedData(request, implementation));

/** The comparison code that both screens show for a request's device key. */
export const codeOfRequest = ({ chainId, account, device }: JoinRequest): string =>
  deviceCode({ chainId, account, key: keyId(keyOfAddress(device)) });

const PREFIX = "trivet:join?";
const FIELDS = ["v", "chain", "account", "device", "name", "until", "signature"] as const;
const VERSION = "1";

/** A request as text: for a QR code, a file, a message. Its fields can be read in it. */
export function joinRequestText({ request, signature }: SignedJoinRequest): string {
  const { chainId, account, device, name, until } = request;
  const values = [VERSION, chainId, account, device, name, until, signature];
  return PREFIX + FIELDS.map((field, at) => `${field}=${encodeURIComponent(String(values[at]))}`).join("&");
}

/** Why a text is no joining request; `version`: one of another version of Trivet. */
export type RequestProblem = "not-a-request" | "version";

function fieldsOf(query: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const part of query.split("&")) {
    const [name = "", value, ...more] = part.split("=");
    if (value === undefined || more.length > 0 || fields.has(name)) return undefined;
    try {
      fields.set(name, decodeURIComponent(value));
    } catch {
      return undefined;
    }
  }
  return fields;
}

/** Reads a request from what a person pasted or opened. Whether it may be believed is not said by that. */
export function parseJoinRequest(
  text: string,
): { readonly signed: SignedJoinRequest } | { readonly problem: RequestProblem } {
  const trimmed = text.trim();
  if (trimmed.length > MAX_REQUEST_LENGTH || !trimmed.startsWith(PREFIX)) return { problem: "not-a-request" };
  const fields = fieldsOf(trimmed.slice(PREFIX.length));
  if (!fields) return { problem: "not-a-request" };
  if (fields.get("v") !== VERSION) return { problem: fields.has("v") ? "version" : "not-a-request" };
  if (fields.size !== FIELDS.length) return { problem: "not-a-request" };
  const parsed = zSignedJoinRequest.safeParse({
    request: {
      chainId: Number(fields.get("chain")),
      account: fields.get("account"),
      device: fields.get("device"),
      name: fields.get("name"),
      until: Number(fields.get("until")),
    },
    signature: fields.get("signature"),
  });
  return parsed.success ? { signed: parsed.data } : { problem: "not-a-request" };
}
