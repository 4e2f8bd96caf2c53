import { sha256 } from "@noble/hashes/sha2.js";
import { base58 } from "@scure/base";
import { bytesToHex, hexToBytes } from "viem/utils";
import { z } from "zod";
import type { Branded, GateDigest } from "../primitives/hex.ts";

/** The CIDv0 of a gate: base58 of 0x12 (sha2-256), 0x20 (32 bytes) and the digest. */
export type GateCid = Branded<string, "GateCid">;

export const zGateCid = z.custom<GateCid>(
  (value) => typeof value === "string" && /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(value),
  "must be a CIDv0",
);

/** IPFS splits larger files into several blocks; a gate stays below, so that one hash names all of it. */
export const MAX_GATE_BYTES = 262_144;

const MULTIHASH_PREFIX = [0x12, 0x20] as const;

/** Unsigned LEB128, as protobuf writes lengths. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/**
 * The CID under which a key network knows a gate: CIDv0 of a file of one block (dag-pb node around a UnixFS file,
 * https://specs.ipfs.tech/unixfs).
 * @throws RangeError when the gate does not fit one block
 */
export function gateCid(code: Uint8Array): GateCid {
  if (code.length === 0 || code.length > MAX_GATE_BYTES) {
    throw new RangeError(`a gate has 1 to ${MAX_GATE_BYTES} bytes; this one has ${code.length}`);
  }
  const length = varint(code.length);
  // UnixFS Data { Type (1) = File (2), Data (2) = code, filesize (3) = length }
  const file = [[0x08, 0x02], [0x12, ...length], code, [0x18, ...length]];
  const fileSize = file.reduce((sum, part) => sum + part.length, 0);
  // PBNode { Data (1) = file }
  const node = Uint8Array.from([[0x0a, ...varint(fileSize)], ...file].flatMap((part) => [...part]));
  return base58.encode(Uint8Array.from([...MULTIHASH_PREFIX, ...sha256(node)])) as GateCid;
}

/** The sha2-256 digest inside a gate's CID: what the factor registry and the gate registry store. */
export function gateDigest(cid: GateCid): GateDigest {
  const bytes = base58.decode(cid);
  if (bytes.length !== 34 || MULTIHASH_PREFIX.some((byte, index) => bytes[index] !== byte)) {
    throw new TypeError(`${cid} is not the CIDv0 of a gate`);
  }
  return bytesToHex(bytes.slice(2)) as GateDigest;
}

/** The CID of the gate that a registry's entry names. */
export function cidOfDigest(digest: GateDigest): GateCid {
  return base58.encode(Uint8Array.from([...MULTIHASH_PREFIX, ...hexToBytes(digest)])) as GateCid;
}
