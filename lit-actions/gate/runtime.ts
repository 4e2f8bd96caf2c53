import type { Hex } from "#core/primitives/hex.ts";

/** What the gate needs from the key network that runs it. */
export interface Runtime {
  /** The request, unparsed. */
  readonly params: unknown;
  /**
   * The device key's address that opened the session in which this run was asked for; checked by the node. Undefined on
   * a network without sessions.
   */
  readonly sessionAddress: string | undefined;
  /** The CID of the gate that runs: its own. */
  readonly gateCid: string;
  /** The device key's address that created the network-held key; null when the node does not know the key. */
  readonly keyCreator: string | null;
  /** Asks the key network to sign; the node contributes its share only because of this call. */
  sign(digest: Hex, publicKey: Hex, name: string): Promise<void>;
  respond(response: string): void;
  rpcUrl(chainName: string): Promise<string>;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Unix seconds. */
  now(): number;
}
