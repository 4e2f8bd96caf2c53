import { type Apdu, ByteReader, incorrectData, reply, StatusError, StatusWord, withLength } from "../apdu.ts";
import type { DeviceServices } from "./context.ts";
import { networkName } from "./networks.ts";
import { readPath } from "./path.ts";

const MAINNET = 1n;

function title(chainId: bigint): string {
  if (chainId === MAINNET) return "Verify Ethereum address";
  const name = networkName(chainId);
  return name ? `Verify ${name} address` : "Verify address";
}

/**
 * E0 02: the address at a path. P1 01 shows it first, P2 01 adds the chain code; data: path [chain id, 8 bytes].
 * Reply: 41h public key, 28h address in ASCII without 0x, [chain code].
 */
export async function getAddress({ p1, p2, data }: Apdu, device: DeviceServices): Promise<Uint8Array> {
  if (p1 > 1 || p2 > 1) throw new StatusError(StatusWord.wrongParameters, "P1 and P2 are 00 or 01");
  const reader = new ByteReader(data);
  const key = device.keys.derive(readPath(reader));
  const chainId = reader.remaining >= 8 ? Buffer.from(reader.bytes(8)).readBigUInt64BE() : MAINNET;
  if (reader.remaining > 0) throw incorrectData("there is more than a path and a chain id");

  if (p1 === 1) {
    const approved = await device.review({
      kind: "address",
      title: title(chainId),
      fields: [{ label: "Address", value: key.address }],
      finish: "Confirm",
      blind: false,
    });
    if (!approved) throw new StatusError(StatusWord.rejected, "the person rejected the address");
  }
  const ascii = Buffer.from(key.address.slice(2), "ascii");
  return reply([withLength(key.publicKey), withLength(ascii), ...(p2 === 1 ? [key.chainCode] : [])]);
}
