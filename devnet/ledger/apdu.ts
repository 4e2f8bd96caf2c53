/**
 * APDUs (ISO 7816-4): a command is CLA INS P1 P2 Lc data with at most 255 bytes of data, a reply is data followed
 * by a two-byte status word.
 */

/** The status words that this device answers with. */
export const StatusWord = {
  ok: 0x9000,
  /** Answered by the operating system. */
  refusedOpeningApp: 0x5501,
  locked: 0x5515,
  appNotOpen: 0x6511,
  appNotInstalled: 0x6807,
  /** Answered by the Ethereum app. */
  transactionTypeUnknown: 0x6501,
  commandNotAllowed: 0x6980,
  rejected: 0x6985,
  noInformation: 0x6a00,
  pathNotAllowed: 0x6a15,
  incorrectData: 0x6a80,
  outOfMemory: 0x6a84,
  wrongDataLength: 0x6a87,
  wrongParameters: 0x6b00,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
} as const;

/** A command that is answered with nothing but a status word other than 9000. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: number;

  constructor(status: number, reason: string) {
    super(`${status.toString(16)}: ${reason}`);
    this.status = status;
  }
}

/** The commonest refusal: 6a80. */
export const incorrectData = (reason: string): StatusError =>
  new StatusError(StatusWord.incorrectData, reason);

export interface Apdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
}

/**
 * Splits a command into its parts.
 * @throws StatusError 6a87 when the stated length is not the length of the data
 */
export function parseApdu(bytes: Uint8Array): Apdu {
  const [cla, ins, p1, p2, length = 0] = bytes;
  const data = bytes.subarray(5);
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) {
    throw new StatusError(StatusWord.wrongDataLength, "a command has at least four bytes");
  }
  if (data.length !== length) {
    throw new StatusError(StatusWord.wrongDataLength, `Lc says ${length} bytes, ${data.length} came`);
  }
  return { cla, ins, p1, p2, data };
}

/** A reply: the parts one after the other, then the status word. */
export function reply(parts: readonly Uint8Array[], status: number = StatusWord.ok): Uint8Array {
  return Buffer.concat([...parts, Uint8Array.of(status >> 8, status & 0xff)]);
}

/** A byte string preceded by its one-byte length. */
export function withLength(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
}

/** Reads a command's data from the front; whatever is missing is a 6a80. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  bytes(length: number): Uint8Array {
    if (this.remaining < length) {
      throw incorrectData(`${length} more bytes were expected, ${this.remaining} are there`);
    }
    const part = this.#bytes.subarray(this.#position, this.#position + length);
    this.#position += length;
    return part;
  }

  uint8(): number {
    return this.#uint(1);
  }

  uint16(): number {
    return this.#uint(2);
  }

  uint32(): number {
    return this.#uint(4);
  }

  /** A string preceded by its one-byte length. */
  text(): string {
    return Buffer.from(this.bytes(this.uint8())).toString("utf8");
  }

  /** Everything that was not read yet. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  #uint(length: number): number {
    return this.bytes(length).reduce((value, byte) => value * 256 + byte, 0);
  }
}
