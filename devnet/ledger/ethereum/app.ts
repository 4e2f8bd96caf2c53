import { type Apdu, ByteReader, incorrectData, reply, StatusError, StatusWord } from "../apdu.ts";
import { getAddress } from "./address.ts";
import type { DeviceServices } from "./context.ts";
import { PersonalMessage } from "./personal-message.ts";
import { TransactionFlow } from "./transaction.ts";
import { type Activity, idle, TypedDataSession } from "./typed-data/session.ts";
import { signTypedHash } from "./typed-hash.ts";

const CLA = 0xe0;
const INS = {
  getAddress: 0x02,
  signTransaction: 0x04,
  configuration: 0x06,
  signPersonalMessage: 0x08,
  signTypedData: 0x0c,
  defineStruct: 0x1a,
  fillStruct: 0x1c,
  filter: 0x1e,
} as const;

const P1 = { first: 0x00, more: 0x80 } as const;

/** Flags of the configuration: blind signing is on; descriptions of tokens come from the host (always). */
const BLIND_SIGNING = 0x01;
const TOKENS_FROM_HOST = 0x02;

/**
 * The Ethereum app. It does one thing at a time; whatever it refuses puts it back to idle, and some commands find
 * it busy with an unfinished earlier one and fail for that once.
 */
export class EthereumApp {
  readonly #device: () => DeviceServices;
  #activity: Activity = idle();
  #transaction: TransactionFlow | undefined;
  #message: PersonalMessage | undefined;
  /** Outlives the app's way back to idle: only its own end ends it. */
  #typedData: TypedDataSession | undefined;

  constructor(device: () => DeviceServices) {
    this.#device = device;
  }

  /** Answers one command. */
  async handle(apdu: Apdu): Promise<Uint8Array> {
    try {
      return await this.#dispatch(apdu);
    } catch (error) {
      this.#reset();
      throw error;
    }
  }

  async #dispatch(apdu: Apdu): Promise<Uint8Array> {
    if (apdu.cla !== CLA) throw new StatusError(StatusWord.unknownClass, "the app answers to class E0");
    switch (apdu.ins) {
      case INS.getAddress:
        this.#reset();
        return getAddress(apdu, this.#device());
      case INS.signTransaction:
        return this.#signTransaction(apdu);
      case INS.configuration:
        return this.#configuration();
      case INS.signPersonalMessage:
        return this.#signPersonalMessage(apdu);
      case INS.signTypedData:
        return this.#signTypedData(apdu);
      case INS.defineStruct:
        return this.#defineStruct(apdu);
      case INS.fillStruct:
        return this.#withTypedData((session) => {
          session.fill(apdu);
          return reply([]);
        });
      case INS.filter:
        // Filters carry signatures of Ledger's that nobody else can make, so none is honoured here.
        return this.#withTypedData(() => {
          throw incorrectData("filters are not supported");
        });
      default:
        throw new StatusError(StatusWord.unknownInstruction, "no such instruction");
    }
  }

  #reset(): void {
    this.#activity = idle();
    this.#transaction = undefined;
    this.#message = undefined;
  }

  #configuration(): Uint8Array {
    const { settings, version } = this.#device();
    const flags = TOKENS_FROM_HOST | (settings.blindSigning ? BLIND_SIGNING : 0);
    return reply([Uint8Array.of(flags, ...version.split(".").map(Number))]);
  }

  async #signTransaction({ p1, p2, data }: Apdu): Promise<Uint8Array> {
    if (p2 !== 0) throw new StatusError(StatusWord.wrongParameters, "P2 is 00");
    let piece = data;
    if (p1 === P1.first) {
      if (this.#activity.doing !== "nothing") this.#reset();
      this.#activity.doing = "something-else";
      this.#transaction = new TransactionFlow(data, this.#device());
      piece = this.#transaction.first;
    } else if (p1 !== P1.more) {
      throw new StatusError(StatusWord.wrongParameters, "P1 is 00 or 80");
    }
    if (!this.#transaction) throw notUnderWay("transaction");
    const signature = await this.#transaction.add(piece);
    if (!signature) return reply([]);
    this.#reset();
    return signature;
  }

  async #signPersonalMessage({ p1, data }: Apdu): Promise<Uint8Array> {
    const reader = new ByteReader(data);
    if (p1 === P1.first) {
      if (this.#activity.doing !== "nothing") throw notUnderWay("new message while something else");
      this.#activity.doing = "something-else";
      this.#message = new PersonalMessage(reader);
    } else if (p1 !== P1.more) {
      throw new StatusError(StatusWord.wrongParameters, "P1 is 00 or 80");
    }
    if (!this.#message) throw incorrectData("no message is under way");
    if (!this.#message.add(reader.rest())) return reply([]);
    const signature = await this.#message.sign(this.#device());
    this.#reset();
    return signature;
  }

  async #signTypedData(apdu: Apdu): Promise<Uint8Array> {
    switch (apdu.p2) {
      case 0: {
        if (apdu.p1 === 0) this.#reset();
        const signature = await signTypedHash(apdu, this.#device());
        this.#reset();
        return signature;
      }
      case 1: {
        const signature = await this.#withTypedData((session) => session.sign(apdu));
        this.#typedData = undefined;
        this.#reset();
        return signature;
      }
      default:
        throw new StatusError(StatusWord.wrongParameters, "P2 is 00 or 01");
    }
  }

  async #defineStruct(apdu: Apdu): Promise<Uint8Array> {
    this.#typedData ??= new TypedDataSession({
      device: this.#device,
      activity: () => this.#activity,
      reset: () => this.#reset(),
    });
    return this.#withTypedData((session) => {
      session.define(apdu);
      return reply([]);
    });
  }

  /** Runs a step of the typed message under way; when it fails the message is over. */
  async #withTypedData(
    step: (session: TypedDataSession) => Uint8Array | Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    if (!this.#typedData) throw notUnderWay("typed message");
    try {
      return await step(this.#typedData);
    } catch (error) {
      this.#typedData = undefined;
      throw error;
    }
  }
}

/** The app is not in the state that a command needs. */
function notUnderWay(what: string): StatusError {
  return new StatusError(StatusWord.commandNotAllowed, `not now: ${what}`);
}
