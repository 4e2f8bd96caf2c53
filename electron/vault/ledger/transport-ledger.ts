import { recoverAddress } from "viem/utils";
import { ledgerProblem, ledgerStateError } from "#core/ledger/errors.ts";
import { ACCOUNT_PATH } from "#core/ledger/paths.ts";
import { type TypedData, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { ledgerFailure, worksSecondTime } from "./failures.ts";
import { guardTransport, within } from "./guard.ts";
import type { EthereumApp, LedgerLibrary } from "./library.ts";
import type { TransportOpener } from "./openers.ts";
import type { Transport } from "./packages.ts";
import {
  type AddressesRequest,
  type AddressRequest,
  type LedgerAppInfo,
  type LedgerCall,
  type LedgerPort,
  OLDEST_APP,
  type SignRequest,
} from "./port.ts";
import { RequestQueue } from "./queue.ts";

const ETHEREUM = "Ethereum";
/** Models whose Ethereum app is no longer updated. */
const UNSUPPORTED: ReadonlySet<string> = new Set(["blue", "nanoS"]);
/** Models that show every field whatever the settings are. */
const TOUCH: ReadonlySet<string> = new Set(["stax", "europa", "apex"]);

/** In the first byte of the app's configuration. */
const MAY_SIGN_BLINDLY = 0x01;

const ANSWER_WITHIN = 10_000;

/** One request's connection: opened for it, closed after it. */
interface Session {
  readonly transport: Transport;
  /** The library's view of the open app, once it was asked for. */
  app?: EthereumApp;
  /** Whether the person has been asked something on the Ledger. */
  asked: boolean;
}

export interface TransportLedgerOptions {
  readonly opener: TransportOpener;
  /** Which of Ledger's libraries speaks to the Ethereum app. */
  readonly library: LedgerLibrary;
  /** How long the device may take for what it need not ask the person; milliseconds. */
  readonly answerWithin?: number;
}

/**
 * A Ledger at the other end of a connection. What must hold whatever library speaks to it is done here: the right app
 * in the right version, the right key, one request at a time, and a signature that is the signer's.
 */
export class TransportLedger implements LedgerPort {
  readonly #open: TransportOpener;
  readonly #library: LedgerLibrary;
  readonly #answerWithin: number;
  readonly #queue = new RequestQueue();
  readonly #closed = new AbortController();

  constructor({ opener, library, answerWithin = ANSWER_WITHIN }: TransportLedgerOptions) {
    this.#open = opener;
    this.#library = library;
    this.#answerWithin = answerWithin;
  }

  appInfo(call: LedgerCall = {}): Promise<LedgerAppInfo> {
    return this.#request(call, ({ transport }) => readyApp(transport));
  }

  address({ path = ACCOUNT_PATH, show = false, ...call }: AddressRequest = {}): Promise<Address> {
    return this.#request(call, async (session) => {
      await readyApp(session.transport);
      return this.#addressAt(session, path, show);
    });
  }

  addresses({ paths, until, ...call }: AddressesRequest): Promise<readonly Address[]> {
    return this.#request(call, async (session) => {
      await readyApp(session.transport);
      const found: Address[] = [];
      for (const path of paths) {
        const address = await this.#addressAt(session, path);
        found.push(address);
        if (until && sameAddress(address, until)) break;
      }
      return found;
    });
  }

  signOperation({ path = ACCOUNT_PATH, signer, typedData, ...call }: SignRequest): Promise<Hex> {
    return this.#request(call, async (session) => {
      await readyApp(session.transport);
      if (!sameAddress(await this.#addressAt(session, path), signer)) throw ledgerProblem("other-keys");
      const signature = await this.#signMessage(session, path, typedData);
      const recovered = await recoverAddress({ hash: typedDataDigest(typedData), signature });
      if (!sameAddress(recovered, signer)) throw ledgerProblem("wrong-signature");
      return signature;
    });
  }

  close(): void {
    this.#closed.abort(ledgerProblem("closed"));
  }

  async #request<T>(call: LedgerCall, task: (session: Session) => Promise<T>): Promise<T> {
    const { onState } = call;
    const signal = call.signal ? AbortSignal.any([call.signal, this.#closed.signal]) : this.#closed.signal;
    return this.#queue.run(async () => {
      let session: Session | undefined;
      try {
        const transport = await this.#connect();
        session = { transport, asked: false };
        const current = session;
        guardTransport(transport, {
          signal,
          answerWithin: this.#answerWithin,
          onAsking: () => {
            current.asked = true;
            onState?.("confirm-on-device");
          },
        });
        return await task(session);
      } catch (error) {
        throw ledgerFailure(error);
      } finally {
        if (session) await close(session);
      }
    }, signal);
  }

  async #connect(): Promise<Transport> {
    const opening = this.#open();
    try {
      return await within(this.#answerWithin, opening);
    } catch (error) {
      // Should it open after all, nobody would close it.
      void opening.then(closeQuietly, () => undefined);
      throw error;
    }
  }

  async #app(session: Session): Promise<EthereumApp> {
    return (session.app ??= await this.#library(session.transport));
  }

  async #addressAt(session: Session, path: string, show = false): Promise<Address> {
    const app = await this.#app(session);
    return toAddress(await onceMore(session, () => app.address(path, show)));
  }

  /** Streams a message, has it shown and signed. A refusal before the person was asked is a matter of the settings. */
  async #signMessage(session: Session, path: string, typedData: TypedData): Promise<Hex> {
    const app = await this.#app(session);
    try {
      return signatureHex(await onceMore(session, () => app.signTypedData(path, typedData)));
    } catch (error) {
      throw ledgerFailure(error, { streaming: !session.asked });
    }
  }
}

async function close({ app, transport }: Session): Promise<void> {
  await app?.end().catch(() => undefined);
  await closeQuietly(transport);
}

/** A connection that is broken already cannot be closed, and need not be. */
async function closeQuietly(transport: Transport): Promise<void> {
  await transport.close().catch(() => undefined);
}

/** What is plugged in and open, when it is what Trivet can sign with; otherwise what the person has to do first. */
async function readyApp(transport: Transport): Promise<LedgerAppInfo> {
  const model = transport.deviceModel;
  if (model && UNSUPPORTED.has(model.id)) throw ledgerStateError("unsupported-model");
  const { name, version } = parseAppInfo(await transport.send(0xb0, 0x01, 0, 0));
  if (name !== ETHEREUM) throw ledgerStateError("open-app");
  if (isOlder(version, OLDEST_APP)) throw ledgerStateError("update-app");
  const blindSigning = ((await transport.send(0xe0, 0x06, 0, 0)).readUInt8(0) & MAY_SIGN_BLINDLY) !== 0;
  if (blindSigning && !(model && TOUCH.has(model.id))) throw ledgerStateError("disable-blind-signing");
  return { version, model: model?.productName, blindSigning };
}

/** The reply to B0 01: a format byte, then name and version, each after its length. */
function parseAppInfo(reply: Buffer): { name: string; version: string } {
  const nameLength = reply.readUInt8(1);
  const versionAt = 2 + nameLength;
  const versionLength = reply.readUInt8(versionAt);
  return {
    name: reply.toString("ascii", 2, versionAt),
    version: reply.toString("ascii", versionAt + 1, versionAt + 1 + versionLength),
  };
}

/** Compares versions such as "1.22.0" or "1.22.0-dev" number by number. */
function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => text.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10));
  const [have, need] = [numbers(version), numbers(than)];
  for (const [index, wanted] of need.entries()) {
    const number = have[index] ?? 0;
    // What is not a number counts as older.
    if (number !== wanted) return !(number > wanted);
  }
  return false;
}

/**
 * Tries again when the app was only in the middle of something that another program left unfinished; never once
 * the person was asked.
 */
async function onceMore<T>(session: Session, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (session.asked || !worksSecondTime(error)) throw error;
  }
  return attempt();
}

function signatureHex({ r, s, v }: { r: string; s: string; v: number }): Hex {
  if (v !== 27 && v !== 28) throw ledgerProblem("wrong-signature");
  return `0x${r}${s}${v.toString(16)}`;
}
