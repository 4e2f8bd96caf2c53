import { ledgerStateError } from "#core/ledger/errors.ts";
import type { Transport } from "./packages.ts";

/** The commands that may leave this process; P1 and P2 only where they matter. */
const ALLOWED: readonly { cla: number; ins: number; p2?: number }[] = [
  { cla: 0xb0, ins: 0x01 }, // which app is open
  { cla: 0xe0, ins: 0x02 }, // address
  { cla: 0xe0, ins: 0x06 }, // the app's configuration
  { cla: 0xe0, ins: 0x1a }, // definition of a typed message
  { cla: 0xe0, ins: 0x1c }, // its values
  { cla: 0xe0, ins: 0x0c, p2: 0x01 }, // sign it; P2 00 would sign a bare hash and is not allowed
];

const SHOW_ADDRESS = { ins: 0x02, p1: 0x01 } as const;
const SIGN_TYPED_DATA = 0x0c;

/** Whether a command asks the person something, and is answered only when the person has answered. */
function asksThePerson(apdu: Uint8Array): boolean {
  const [, ins, p1] = apdu;
  return ins === SIGN_TYPED_DATA || (ins === SHOW_ADDRESS.ins && p1 === SHOW_ADDRESS.p1);
}

/** Whether a command is one that Trivet needs. */
export function isAllowed(apdu: Uint8Array): boolean {
  const [cla, ins, , p2] = apdu;
  return ALLOWED.some(
    (entry) => entry.cla === cla && entry.ins === ins && (entry.p2 === undefined || entry.p2 === p2),
  );
}

export interface Guard {
  /** No command is sent once it is aborted. */
  readonly signal: AbortSignal;
  /** How long the device may think about what it need not ask the person; milliseconds. */
  readonly answerWithin: number;
  /** Told before a command that asks the person. */
  readonly onAsking: () => void;
}

/**
 * Puts a guard before a connection: only commands that Trivet needs get through, none after the request was
 * cancelled, and a device that does not answer is noticed.
 */
export function guardTransport(transport: Transport, { signal, answerWithin, onAsking }: Guard): void {
  const exchange = transport.exchange.bind(transport);
  transport.exchange = async (apdu, options) => {
    signal.throwIfAborted();
    if (!isAllowed(apdu))
      throw new TypeError(`a command that Trivet never sends: ${apdu.toString("hex", 0, 4)}`);
    if (asksThePerson(apdu)) {
      onAsking();
      return exchange(apdu, options);
    }
    return within(answerWithin, exchange(apdu, options));
  };
}

/** Rejects with "unreachable" when it takes longer than so many milliseconds. */
export async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(ledgerStateError("unreachable")), milliseconds);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
