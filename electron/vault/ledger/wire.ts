import { isAllowed } from "./guard.ts";
import type { Kit, Transport } from "./packages.ts";

const OK = 0x9000;
const UNKNOWN_COMMAND = Uint8Array.of(0x6d, 0x00);

/** What the device said no with, in the shape that `ledgerFailure` reads. */
const refusal = (statusCode: number): Error =>
  Object.assign(new Error(`the device answered ${statusCode.toString(16)}`), {
    name: "TransportStatusError",
    statusCode,
  });

type SendResult = Awaited<ReturnType<InstanceType<Kit["TransportConnectedDevice"]>["sendApdu"]>>;

/**
 * One connection as the Device Management Kit uses it. The kit tries more than Trivet allows (which of Ledger's checks
 * the device knows, and after a refusal the signature of a bare hash): such commands are answered here as a device
 * answers that does not know them, and never leave the vault. The first failure is kept, because the kit, trying on,
 * ends with the last.
 */
export class Wire {
  readonly transport: Transport;
  readonly #kit: Kit;
  #failure: unknown;

  constructor(transport: Transport, kit: Kit) {
    this.transport = transport;
    this.#kit = kit;
  }

  async send(apdu: Uint8Array): Promise<SendResult> {
    const { ApduResponse, Left, OpeningConnectionError, Right } = this.#kit;
    if (!isAllowed(apdu)) {
      return Right(new ApduResponse({ statusCode: UNKNOWN_COMMAND, data: new Uint8Array() }));
    }
    // What has failed once is not asked further questions.
    if (this.#failure !== undefined) return Left(new OpeningConnectionError(this.#failure));
    try {
      const reply = await this.transport.exchange(Buffer.from(apdu));
      const statusCode = reply.readUInt16BE(reply.length - 2);
      if (statusCode !== OK) this.#failure = refusal(statusCode);
      return Right(new ApduResponse({ statusCode: reply.subarray(-2), data: reply.subarray(0, -2) }));
    } catch (error) {
      this.#failure = error;
      return Left(new OpeningConnectionError(error));
    }
  }

  /** Runs a piece of work over this connection; it fails with what went wrong first. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#failure = undefined;
    try {
      return await work();
    } catch (error) {
      throw this.#failure ?? error;
    }
  }
}
