import type { PublicKey } from "#core/keys/public-key.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";

/** What the gate needs from the key network that runs it. */
export interface Runtime {
  /** The request, unparsed. */
  readonly params: unknown;
  /**
   * The device key's address that opened the session in which this run was asked for; checked by the node. Undefined on
   * a network without sessions.
   */
  readonly sessionAddress: string | undefined;
  /** The CID of the gate that runs: its own. Refuses where it cannot be proven. */
  gateCid(): Promise<string>;
  /**
   * The device key's address that created the network-held key; null when the node does not know the key. Undefined on
   * a network that does not remember who made a key.
   */
  readonly keyCreator: string | null | undefined;
  /**
   * Has the key sign. A node contributes its share only because of this call, and says nothing; a network that hands
   * the gate the key has it signed here.
   */
  sign(digest: Digest, publicKey: PublicKey, name: string): Promise<Hex | undefined>;
  rpcUrl(chainName: string): Promise<string>;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Unix seconds. */
  now(): number;
}
