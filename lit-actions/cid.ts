import { MemoryBlockstore } from "blockstore-core";
import { importBytes } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { type GateCid, MAX_GATE_BYTES, zGateCid } from "#core/key-network/gate-cid.ts";

/**
 * The CID that IPFS, and so a Lit network, gives a file: CIDv0, dag-pb UnixFS, sha2-256, chunks of 262144 bytes.
 * This is IPFS' own importer; `gateCid` in core computes the same for a gate without it.
 */
export async function unixfsCid(bytes: Uint8Array): Promise<GateCid> {
  const { cid } = await importBytes(bytes, new MemoryBlockstore(), {
    cidVersion: 0,
    rawLeaves: false,
    chunker: fixedSize({ chunkSize: MAX_GATE_BYTES }),
    layout: balanced({ maxChildrenPerNode: 174 }),
  });
  return zGateCid.parse(cid.toString());
}
