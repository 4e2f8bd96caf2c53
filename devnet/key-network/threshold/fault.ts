import type { Party } from "./polynomial.ts";

/** A message that proves its sender wrong (or unable), or a set of messages that do not fit together. */
export class ProtocolFault extends Error {
  override readonly name = "ProtocolFault";
  /** The party at fault, or undefined when the messages only show that somebody is. */
  readonly party: Party | undefined;

  constructor(party: Party | undefined, message: string) {
    super(message);
    this.party = party;
  }
}

/** The one message of `party`; its absence is a programming error of the caller, not of the party. */
export function messageFrom<T>(messages: ReadonlyMap<Party, T>, party: Party): T {
  const message = messages.get(party);
  if (message === undefined) throw new Error(`There is no message from party ${party}.`);
  return message;
}

/** Applies `map` to every message, keeping who sent it. */
export function mapMessages<T, U>(
  messages: ReadonlyMap<Party, T>,
  map: (message: T, party: Party) => U,
): Map<Party, U> {
  return new Map([...messages].map(([party, message]) => [party, map(message, party)]));
}
