/** How long a node waits for others, in milliseconds. */
export const TIMING = {
  /** For another node to take a message. */
  acknowledge: 3_000,
  /** For all messages of a round of key creation. */
  creationRound: 10_000,
  /** For all messages of a round of signing. */
  signingRound: 8_000,
  /** For three nodes to be ready to sign the same, from when the first of them is. */
  quorum: 16_000,
  /** After which the coordinator looks whether enough nodes are there at all. */
  reachability: 400,
  /** For how long an ended agreement is remembered, for nodes that come late. */
  memory: 60_000,
} as const;
