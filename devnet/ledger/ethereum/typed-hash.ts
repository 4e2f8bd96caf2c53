import { concat, hexToBytes, keccak256 } from "viem";
import { type Apdu, ByteReader, incorrectData, StatusError, StatusWord } from "../apdu.ts";
import { blindSigningOff, type DeviceServices, hashFields, signMessageDigest } from "./context.ts";
import { readPath } from "./path.ts";

/** The digest of a typed message (EIP-712) from the hashes of its domain and its message. */
export function typedMessageDigest(domainHash: Uint8Array, messageHash: Uint8Array): Uint8Array {
  return hexToBytes(keccak256(concat([Uint8Array.of(0x19, 0x01), domainHash, messageHash])));
}

/** E0 0C P2 00: signs a typed message of which only two hashes are known. Needs blind signing. */
export async function signTypedHash({ p1, data }: Apdu, device: DeviceServices): Promise<Uint8Array> {
  if (p1 !== 0) throw new StatusError(StatusWord.wrongParameters, "P1 is 00");
  if (!device.settings.blindSigning) throw blindSigningOff(device);
  const reader = new ByteReader(data);
  const path = readPath(reader);
  if (reader.remaining < 64) throw incorrectData("two hashes are needed");
  const domainHash = reader.bytes(32);
  const messageHash = reader.bytes(32);
  const approved = await device.review({
    kind: "transaction",
    title: "Review typed message",
    fields: hashFields(domainHash, messageHash),
    finish: device.model.touch ? "Sign typed message?" : "Sign message",
    blind: true,
  });
  if (!approved) throw new StatusError(StatusWord.rejected, "the person rejected the hashes");
  return signMessageDigest(device.keys.derive(path), typedMessageDigest(domainHash, messageHash));
}
