import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { addressOfPublicKey, type PublicKey, zPublicKey } from "#core/keys/public-key.ts";
import { type Address, sameAddress, zAddress } from "#core/primitives/address.ts";
import { type Hex, zBytes32 } from "#core/primitives/hex.ts";
import { zPoint, zScalar } from "../threshold/curve.ts";
import type { KeyShare } from "../threshold/key-creation.ts";

/** This node's share of a network-held key, and for whom the key was made. */
export interface HeldKey {
  readonly share: KeyShare;
  readonly publicKey: PublicKey;
  readonly address: Address;
  /** The device key that asked for it. */
  readonly creator: Address;
  /** The request that made it. */
  readonly requestId: Hex;
}

const zKeyFile = z.strictObject({
  version: z.literal(1),
  publicKey: zPoint,
  creator: zAddress,
  requestId: zBytes32,
  party: z.int().positive(),
  group: z.strictObject({ parties: z.array(z.int().positive()), degree: z.int().positive() }),
  secret: zScalar,
  transcript: z.string(),
});

/** Everything a node's folder holds of keys is readable for its owner only. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * The shares a node holds, one file per key. A share is first stored as pending and becomes active when every
 * node has stored its own; only active shares sign. Files are replaced whole, so a crash at any moment leaves
 * a share stored or not, never half of one.
 */
export class KeyStore {
  readonly #folder: string;
  readonly #active: Map<Address, HeldKey>;
  readonly #pending: Map<Address, HeldKey>;
  readonly #activating = new Map<Address, Promise<void>>();

  private constructor(folder: string, active: Map<Address, HeldKey>, pending: Map<Address, HeldKey>) {
    this.#folder = folder;
    this.#active = active;
    this.#pending = pending;
  }

  static async open(folder: string): Promise<KeyStore> {
    await mkdir(join(folder, "pending"), { recursive: true, mode: PRIVATE_FOLDER });
    return new KeyStore(folder, await readKeys(folder), await readKeys(join(folder, "pending")));
  }

  /** How many keys this node signs for. */
  get size(): number {
    return this.#active.size;
  }

  active(address: Address): HeldKey | undefined {
    return this.#active.get(address);
  }

  pending(address: Address): HeldKey | undefined {
    return this.#pending.get(address);
  }

  /** The keys, active or pending, that a request made; more than one when an attempt failed. */
  ofRequest(requestId: Hex, creator: Address): HeldKey[] {
    return [...this.#active.values(), ...this.#pending.values()].filter(
      (key) => key.requestId === requestId && sameAddress(key.creator, creator),
    );
  }

  /** Stores a share that must not be used yet; resolves when it is on the disk. */
  async addPending(key: HeldKey): Promise<void> {
    await writeFileAtomic(this.#file("pending", key.address), serialize(key), { mode: PRIVATE_FILE });
    this.#pending.set(key.address, key);
  }

  /** Makes a pending share active; does nothing when it already is. */
  async activate(address: Address): Promise<void> {
    const running = this.#activating.get(address) ?? this.#activate(address);
    this.#activating.set(address, running);
    await running.finally(() => this.#activating.delete(address));
  }

  async #activate(address: Address): Promise<void> {
    if (this.#active.has(address)) return;
    const key = this.#pending.get(address);
    if (key === undefined) throw new Error(`There is no pending share of ${address}.`);
    await rename(this.#file("pending", address), this.#file(".", address));
    this.#active.set(address, key);
    this.#pending.delete(address);
  }

  #file(folder: string, address: Address): string {
    return join(this.#folder, folder, `${address}.json`);
  }
}

/** Completes a share to what is stored of it. */
export function heldKey(share: KeyShare, creator: Address, requestId: Hex): HeldKey {
  const publicKey = zPublicKey.parse(`0x${share.publicKey.toHex(false)}`);
  return { share, publicKey, address: addressOfPublicKey(publicKey), creator, requestId };
}

function serialize({ share, creator, requestId }: HeldKey): string {
  const { publicKey, party, group, secret, transcript } = share;
  const { parties, degree } = group;
  const content = {
    publicKey,
    creator,
    requestId,
    party,
    group: { parties: [...parties], degree },
    secret,
    transcript,
  };
  return JSON.stringify({
    version: 1,
    ...content,
    publicKey: zPoint.encode(publicKey),
    secret: zScalar.encode(secret),
  });
}

async function readKeys(folder: string): Promise<Map<Address, HeldKey>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const keys = await Promise.all(names.map(async (name) => readKey(join(folder, name))));
  return new Map(keys.map((key) => [key.address, key]));
}

async function readKey(file: string): Promise<HeldKey> {
  try {
    const {
      creator,
      requestId,
      version: _version,
      ...share
    } = zKeyFile.parse(JSON.parse(await readFile(file, "utf8")));
    return heldKey(share, creator, requestId);
  } catch (cause) {
    throw new Error(`The key share in ${file} cannot be read. Restore the file; do not delete it.`, {
      cause,
    });
  }
}
