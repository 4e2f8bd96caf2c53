import { type Apdu, ByteReader, incorrectData, StatusError, StatusWord } from "../../apdu.ts";
import type { Field } from "../../screens/page.ts";
import { blindSigningOff, type DeviceServices, signMessageDigest, upperHex } from "../context.ts";
import { Heap } from "../heap.ts";
import { readPath } from "../path.ts";
import { typedMessageDigest } from "../typed-hash.ts";
import { type FieldDefinition, isDynamic, StructDefinitions } from "./definitions.ts";
import { addToDisplay, type Display, NOTHING_SHOWN } from "./display.ts";
import { encodeValue } from "./encode.ts";
import { type Answer, checkArray, type Slot, valueField, walkStruct } from "./walk.ts";

const DOMAIN = "EIP712Domain";
/** What a chain of another kind puts where the verifying contract's address stands. */
const COSMOS = Buffer.from("cosmos");

const P2 = { structName: 0x00, root: 0x00, array: 0x0f, field: 0xff } as const;

/**
 * What the app remembers of what it is doing. A new one takes its place whenever the app goes back to idle, which
 * is how the hashes of an interrupted message are lost.
 */
export interface Activity {
  doing: "nothing" | "typed-message" | "something-else";
  domainHash: Uint8Array | undefined;
  messageHash: Uint8Array | undefined;
}

export const idle = (): Activity => ({ doing: "nothing", domainHash: undefined, messageHash: undefined });

/** What the session needs of the app around it. */
export interface TypedDataHost {
  readonly device: () => DeviceServices;
  readonly activity: () => Activity;
  /** Puts the app back to idle. */
  readonly reset: () => void;
}

interface Value {
  readonly field: FieldDefinition;
  readonly length: number;
  received: Uint8Array;
  display: Display;
}

const refusedWithoutReason = (reason: string): StatusError =>
  new StatusError(StatusWord.noInformation, reason);

/**
 * A typed message (EIP-712) that the host streams: struct definitions (E0 1A), the values of the domain and of the
 * message (E0 1C), then the request to sign (E0 0C P2 01). Any refusal ends the session.
 */
export class TypedDataSession {
  readonly #host: TypedDataHost;
  readonly #heap = new Heap();
  readonly #definitions = new StructDefinitions(this.#heap);
  readonly #shown: Field[] = [];
  #defining = true;
  #root: { readonly name: string; readonly isDomain: boolean } | undefined;
  #walk: Generator<Slot, Uint8Array, Answer> | undefined;
  #slot: Slot | undefined;
  #value: Value | undefined;

  constructor(host: TypedDataHost) {
    this.#host = host;
    // The session's own book-keeping.
    this.#heap.allocate(64, 200, 56, 56, 16, 64);
  }

  /** E0 1A: P2 00 begins a struct, P2 FF adds a field to it. */
  define({ p2, data }: Apdu): void {
    if (!this.#defining) throw refusedWithoutReason("values were sent already");
    switch (p2) {
      case P2.structName:
        this.#definitions.begin(Buffer.from(data).toString("utf8"));
        break;
      case P2.field:
        this.#definitions.addField(data);
        break;
      default:
        throw new StatusError(StatusWord.wrongParameters, "P2 is 00 or FF");
    }
  }

  /** E0 1C: P2 00 a root struct, 0F the length of an array, FF a value or (P1 not 00) a part of it. */
  fill({ p1, p2, data }: Apdu): void {
    switch (p2) {
      case P2.root:
        this.#setRoot(Buffer.from(data).toString("utf8"));
        break;
      case P2.array:
        this.#setArray(data);
        break;
      case P2.field:
        this.#addValue(data, p1 !== 0);
        break;
      default:
        throw new StatusError(StatusWord.wrongParameters, "P2 is 00, 0F or FF");
    }
  }

  /** E0 0C P2 01: shows what was streamed and signs it. */
  async sign({ data }: Apdu): Promise<Uint8Array> {
    const { domainHash, messageHash } = this.#host.activity();
    if (!domainHash || !messageHash || this.#slot) throw incorrectData("the message is not complete");
    const path = readPath(new ByteReader(data));
    const device = this.#host.device();
    const fields = this.#showsFields
      ? this.#shown
      : [...this.#shown, { label: "Message hash", value: upperHex(messageHash) }];
    this.#heap.allocate(28, 28 * fields.length);
    const approved = await device.review({
      kind: "message",
      title: "Review typed message",
      fields,
      finish: device.model.touch ? "Sign typed message?" : "Sign message",
      blind: true,
    });
    if (!approved) throw new StatusError(StatusWord.rejected, "the person rejected the message");
    return signMessageDigest(device.keys.derive(path), typedMessageDigest(domainHash, messageHash));
  }

  /** Touch models show every field; a Nano those of the message only with Raw messages on. */
  get #showsFields(): boolean {
    const { model, settings } = this.#host.device();
    return model.touch || settings.rawMessages;
  }

  #setRoot(name: string): void {
    const struct = this.#definitions.find(name);
    if (name === this.#root?.name) throw refusedWithoutReason("this root was set already");
    const isDomain = name === DOMAIN;
    // First the domain, then one message.
    const due = isDomain ? this.#root === undefined : this.#root?.isDomain === true;
    if (!due) throw refusedWithoutReason("this root is not due");
    this.#root = { name, isDomain };
    this.#defining = false;
    this.#value = undefined;
    this.#walk = walkStruct(struct, this.#definitions, this.#heap);
    this.#advance();
    if (this.#showsFields) {
      this.#show("Review struct", name);
      this.#beginReview();
    }
  }

  #setArray(data: Uint8Array): void {
    const [size] = data;
    if (!this.#slot || size === undefined || data.length !== 1) throw incorrectData("no array is due");
    checkArray(this.#slot, size);
    this.#advance({ kind: "array", size });
  }

  #addValue(data: Uint8Array, more: boolean): void {
    if (!this.#slot) throw incorrectData("no value is due");
    const field = valueField(this.#slot);
    const first = this.#value === undefined;
    const { value, part } = this.#value ? { value: this.#value, part: data } : this.#beginValue(field, data);
    value.received = Buffer.concat([value.received, part]);
    const missing = value.length - value.received.length;
    if (missing < 0) throw incorrectData("more came than the length of the value");
    const last = missing === 0;
    // Only strings and bytes may come in several parts, and the last part must be marked as such.
    if (last === more || (!last && !isDynamic(field.type))) throw incorrectData("the parts do not add up");
    const shown = this.#showsFields || this.#root?.isDomain === true;
    if (shown) value.display = addToDisplay(value.display, field, part, { first, last });
    if (!last) return;

    if (shown) {
      this.#show(field.name, value.display.text);
      this.#beginReview();
    }
    if (this.#root?.isDomain === true) this.#checkDomain(field, value.received);
    this.#value = undefined;
    this.#advance({ kind: "value", encoded: encodeValue(field, value.received) });
  }

  #beginValue(field: FieldDefinition, data: Uint8Array): { value: Value; part: Uint8Array } {
    const reader = new ByteReader(data);
    const length = reader.uint16();
    this.#value = { field, length, received: new Uint8Array(), display: NOTHING_SHOWN };
    return { value: this.#value, part: reader.rest() };
  }

  /** The verifying contract must be an address; one chain's software puts a fixed word there. */
  #checkDomain(field: FieldDefinition, value: Uint8Array): void {
    if (field.name !== "verifyingContract") return;
    const known = field.type === "address" || (field.type === "string" && COSMOS.equals(value));
    if (!known) throw incorrectData("verifyingContract is not an address");
  }

  #show(label: string, value: string): void {
    this.#heap.allocate(16, label.length + 1, value.length + 1);
    this.#shown.push({ label, value });
  }

  /** The first thing to be shown is where the settings are looked at. */
  #beginReview(): void {
    const { activity, reset } = this.#host;
    if (activity().doing === "typed-message") return;
    const device = this.#host.device();
    if (!device.settings.rawMessages && !device.settings.blindSigning) throw blindSigningOff(device);
    if (activity().doing !== "nothing") reset();
    activity().doing = "typed-message";
  }

  #advance(answer?: Answer): void {
    if (!this.#walk) return;
    const step = answer ? this.#walk.next(answer) : this.#walk.next(NO_ANSWER);
    if (!step.done) {
      this.#slot = step.value;
      return;
    }
    this.#slot = undefined;
    const activity = this.#host.activity();
    if (this.#root?.isDomain === true) activity.domainHash = step.value;
    else activity.messageHash = step.value;
  }
}

/** What starts a walk; nothing waits for it. */
const NO_ANSWER: Answer = { kind: "array", size: 0 };
