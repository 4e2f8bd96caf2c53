import { incorrectData } from "../apdu.ts";

/** The types of transactions the app signs: legacy, and EIP-2718 types 1, 2 and 4. */
export type TransactionType = "legacy" | "eip2930" | "eip1559" | "eip7702";

export const TYPE_BYTE: ReadonlyMap<number, TransactionType> = new Map([
  [0x01, "eip2930"],
  [0x02, "eip1559"],
  [0x04, "eip7702"],
]);

type FieldName =
  | "content"
  | "chainId"
  | "nonce"
  | "priorityFee"
  | "gasPrice"
  | "gasLimit"
  | "to"
  | "value"
  | "data"
  | "accessList"
  | "authorizations"
  | "v"
  | "r"
  | "s";

/** The fields in the order in which they come. `content` is the list that holds all others. */
const FIELDS: Record<TransactionType, readonly FieldName[]> = {
  legacy: ["content", "nonce", "gasPrice", "gasLimit", "to", "value", "data", "v", "r", "s"],
  eip2930: ["content", "chainId", "nonce", "gasPrice", "gasLimit", "to", "value", "data", "accessList"],
  eip1559: [
    "content",
    "chainId",
    "nonce",
    "priorityFee",
    "gasPrice",
    "gasLimit",
    "to",
    "value",
    "data",
    "accessList",
  ],
  eip7702: [
    "content",
    "chainId",
    "nonce",
    "priorityFee",
    "gasPrice",
    "gasLimit",
    "to",
    "value",
    "data",
    "accessList",
    "authorizations",
  ],
};

const LISTS: ReadonlySet<FieldName> = new Set(["content", "accessList", "authorizations"]);

/** The most bytes a field may have; those not named may be of any length. */
const MAX_BYTES: Partial<Record<FieldName, number>> = {
  chainId: 32,
  nonce: 32,
  gasPrice: 32,
  gasLimit: 32,
  to: 20,
  value: 32,
  v: 8,
};

/** A complete transaction; quantities as big-endian bytes, `gasPrice` is the maximum fee of type 2 and 4. */
export interface ParsedTransaction {
  readonly type: TransactionType;
  /** The bytes that are hashed and signed. */
  readonly signed: Uint8Array;
  readonly fields: ReadonlyMap<FieldName, Uint8Array>;
}

interface OpenField {
  readonly name: FieldName;
  readonly length: number;
  received: Uint8Array;
}

interface Header {
  readonly headerLength: number;
  readonly bodyLength: number;
  readonly isList: boolean;
}

/** Decodes the header of an RLP item from its first bytes; undefined while it is not complete. */
function decodeHeader(bytes: readonly number[]): Header | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first < 0x80) return { headerLength: 0, bodyLength: 1, isList: false };
  const isList = first >= 0xc0;
  const short = first - (isList ? 0xc0 : 0x80);
  if (short <= 55) return { headerLength: 1, bodyLength: short, isList };
  const lengthBytes = short - 55;
  if (bytes.length < 1 + lengthBytes) return undefined;
  if (lengthBytes > 4) throw incorrectData("an RLP item longer than 32 bits of length");
  const bodyLength = bytes.slice(1, 1 + lengthBytes).reduce((length, byte) => length * 256 + byte, 0);
  return { headerLength: 1 + lengthBytes, bodyLength, isList };
}

/**
 * Parses a transaction while its pieces arrive, as the app does: what it refuses, it refuses with the piece in
 * which it becomes visible.
 */
export class TransactionParser {
  readonly #type: TransactionType;
  readonly #onCall: () => void;
  readonly #fields = new Map<FieldName, Uint8Array>();
  readonly #signed: Uint8Array[];
  #index = 0;
  #header: number[] = [];
  #open: OpenField | undefined;

  /**
   * @param typeByte the first byte of a typed transaction; undefined for a legacy one
   * @param onCall called as soon as the data of a contract call begins; may throw to refuse it
   */
  constructor(type: TransactionType, typeByte: number | undefined, onCall: () => void) {
    this.#type = type;
    this.#onCall = onCall;
    this.#signed = typeByte === undefined ? [] : [Uint8Array.of(typeByte)];
  }

  /**
   * Takes the next piece; the transaction when it is complete. Bytes after its end are ignored.
   * @throws StatusError 6a80 when it is not a transaction
   */
  add(piece: Uint8Array): ParsedTransaction | undefined {
    let position = 0;
    const take = (length: number): Uint8Array => {
      const part = piece.subarray(position, position + length);
      position += part.length;
      return part;
    };
    for (;;) {
      const name = FIELDS[this.#type][this.#index];
      if (name === undefined) {
        return { type: this.#type, signed: Buffer.concat(this.#signed), fields: this.#fields };
      }
      if (position === piece.length) return undefined;
      if (!this.#open) {
        const open = this.#readHeader(name, take);
        if (!open) return undefined;
        this.#open = open;
        if (name === "data") this.#checkData(open, piece.length - position);
      }
      this.#readBody(this.#open, take);
    }
  }

  #readHeader(name: FieldName, take: (length: number) => Uint8Array): OpenField | undefined {
    for (;;) {
      const [byte] = take(1);
      if (byte === undefined) return undefined;
      this.#header.push(byte);
      const header = decodeHeader(this.#header);
      if (!header) continue;
      const bytes = Uint8Array.from(this.#header);
      this.#header = [];
      this.#signed.push(bytes);
      if (header.isList !== LISTS.has(name)) throw incorrectData(`${name} has the wrong RLP type`);
      if (header.bodyLength > (MAX_BYTES[name] ?? Infinity)) throw incorrectData(`${name} is too long`);
      // A single byte below 80h is its own header: it is here already.
      const received = header.headerLength === 0 ? bytes : new Uint8Array();
      return { name, length: header.bodyLength, received };
    }
  }

  /** The start of a contract call: the function selector must be in the same piece. */
  #checkData({ length, received }: OpenField, following: number): void {
    const toContract = (this.#fields.get("to")?.length ?? 0) > 0;
    if (!toContract || length < 4) return;
    if (received.length + following < 4) throw incorrectData("the function selector is cut in two");
    this.#onCall();
  }

  #readBody(open: OpenField, take: (length: number) => Uint8Array): void {
    // The list that holds the fields is not read as a whole.
    if (open.name !== "content") {
      const part = take(open.length - open.received.length);
      this.#signed.push(part);
      open.received = Buffer.concat([open.received, part]);
      if (open.received.length < open.length) return;
    }
    this.#fields.set(open.name, open.received);
    this.#open = undefined;
    this.#index += 1;
  }
}
