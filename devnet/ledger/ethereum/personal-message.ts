import { hashMessage, hexToBytes } from "viem";
import { type ByteReader, incorrectData, StatusError, StatusWord } from "../apdu.ts";
import { type DeviceServices, signMessageDigest } from "./context.ts";
import { Heap } from "./heap.ts";
import { readPath } from "./path.ts";

/** The display buffer of a message in hexadecimal must fit a 16-bit length. */
const MAX_LENGTH = (0xffff - 3) >> 1;

const isText = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));

/** A personal message (EIP-191) while it arrives. */
export class PersonalMessage {
  readonly #path: readonly number[];
  readonly #length: number;
  readonly #heap = new Heap();
  #received: Uint8Array = new Uint8Array();

  /** @param reader of the first command: path, length of the message (4 bytes, of which the app keeps two) */
  constructor(reader: ByteReader) {
    this.#path = readPath(reader);
    this.#length = reader.uint32() & 0xffff;
    this.#heap.allocate(this.#length);
  }

  /** Takes the next part; true when the message is complete. */
  add(part: Uint8Array): boolean {
    if (this.#received.length + part.length > this.#length) {
      throw incorrectData("more came than the length of the message");
    }
    this.#received = Buffer.concat([this.#received, part]);
    return this.#received.length === this.#length;
  }

  /** Shows it and signs it. */
  async sign(device: DeviceServices): Promise<Uint8Array> {
    if (this.#length > MAX_LENGTH) throw incorrectData("the message is too long to be shown");
    const approved = await device.review({
      kind: "message",
      title: "Review message",
      fields: [{ label: "Message", value: this.#display(device.model.touch) }],
      finish: device.model.touch ? "Sign message?" : "Sign message",
      blind: false,
    });
    if (!approved) throw new StatusError(StatusWord.rejected, "the person rejected the message");
    const digest = hashMessage({ raw: this.#received });
    return signMessageDigest(device.keys.derive(this.#path), hexToBytes(digest));
  }

  /** Text as it is (a Nano has no line ends), anything else in hexadecimal. */
  #display(touch: boolean): string {
    const bytes = Buffer.from(this.#received);
    const text = isText(bytes);
    const shown = text ? bytes.toString("ascii") : `0x${bytes.toString("hex")}`;
    this.#heap.allocate(shown.length + 1);
    return text && !touch ? shown.replace(/\s/g, " ") : shown;
  }
}
