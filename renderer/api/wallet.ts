import { WalletError, unexpectedError, walletErrorFrom } from "#core/errors/wallet-error.ts";
import { type WalletBridge, zEnvelope } from "#core/wallet-api/bridge.ts";
import {
  WALLET_EVENTS,
  WALLET_METHODS,
  type WalletEvent,
  type WalletEventData,
  type WalletInput,
  type WalletMethod,
  type WalletOutput,
} from "#core/wallet-api/methods.ts";

declare global {
  interface Window {
    /** Put there by the app's preload; missing in every other context. */
    readonly trivet?: WalletBridge;
  }
}

type CallInput<M extends WalletMethod> = undefined extends WalletInput<M> ? [] : [input: WalletInput<M>];

/** The wallet API as the screens use it: typed, and every answer parsed. */
export interface WalletClient {
  /**
   * Asks the main process for one thing.
   * @throws WalletError always, whatever went wrong; its sentences are made for people
   */
  readonly call: <M extends WalletMethod>(method: M, ...input: CallInput<M>) => Promise<WalletOutput<M>>;
  /** Calls back for every event of that name; the returned function stops it. */
  readonly on: <E extends WalletEvent>(event: E, callback: (data: WalletEventData<E>) => void) => () => void;
}

function misunderstood(what: string, cause: unknown): WalletError {
  return new WalletError(
    "bad-answer",
    `Trivet's parts do not understand each other (${what}).`,
    "Restart Trivet. If it happens again, install the same version of every part.",
    { cause },
  );
}

/**
 * Makes the client over the preload's raw bridge.
 * @param onBadEvent told when an event of main does not parse; such an event is not passed on
 */
export function createWalletClient(
  bridge: WalletBridge,
  onBadEvent: (error: WalletError) => void,
): WalletClient {
  return {
    async call(method, ...[input]) {
      const { input: inputSchema, output: outputSchema } = WALLET_METHODS[method];
      // Parsing the input also makes a plain copy of it: Vue's reactive proxies cannot cross IPC.
      const parsedInput = inputSchema.safeParse(input);
      if (!parsedInput.success) throw misunderstood(method, parsedInput.error);
      const answer = await bridge.invoke(method, parsedInput.data).catch((cause: unknown) => {
        throw unexpectedError(cause);
      });
      const envelope = zEnvelope.safeParse(answer);
      if (!envelope.success) throw misunderstood(method, envelope.error);
      if (!envelope.data.ok) throw walletErrorFrom(envelope.data.error);
      const output = outputSchema.safeParse(envelope.data.value);
      if (!output.success) throw misunderstood(method, output.error);
      // The schema was looked up by this very method; TypeScript cannot follow that through the table.
      return output.data as WalletOutput<typeof method>;
    },
    on(event, callback) {
      return bridge.on(event, (data) => {
        const parsed = WALLET_EVENTS[event].safeParse(data);
        // As above: the schema belongs to this very event.
        if (parsed.success) callback(parsed.data as WalletEventData<typeof event>);
        else onBadEvent(misunderstood(`event ${event}`, parsed.error));
      });
    },
  };
}

/** The bridge that the preload gives to this page, or undefined where the page was opened outside Trivet. */
export function walletBridge(): WalletBridge | undefined {
  return window.trivet;
}
