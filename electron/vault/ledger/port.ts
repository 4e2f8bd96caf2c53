import type { LedgerState } from "#core/ledger/states.ts";
import type { TypedData } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";

/** The oldest Ethereum app that is asked to sign: a way around its blind-signing check was closed in it. */
export const OLDEST_APP = "1.22.0";

export interface LedgerAppInfo {
  /** Version of the Ethereum app. */
  readonly version: string;
  /** "Ledger Flex"; undefined where the connection does not tell. */
  readonly model: string | undefined;
  /** Whether the app may sign what it does not show. Trivet needs it off on models without a touch screen. */
  readonly blindSigning: boolean;
}

export interface LedgerCall {
  /** Stops waiting. What the Ledger shows already, stays there until the person rejects it. */
  readonly signal?: AbortSignal | undefined;
  /** Told as soon as the Ledger waits for the person ("confirm-on-device"). */
  readonly onState?: ((state: LedgerState) => void) | undefined;
}

export interface AddressRequest extends LedgerCall {
  readonly path?: string | undefined;
  /** Shows the address on the Ledger and waits until the person confirmed it there. */
  readonly show?: boolean | undefined;
}

export interface AddressesRequest extends LedgerCall {
  readonly paths: readonly string[];
  /** Reads no further once it has found this one. */
  readonly until?: Address | undefined;
}

export interface SignRequest extends LedgerCall {
  readonly path?: string | undefined;
  /** The address that must sign; a Ledger that holds another key there is asked nothing. */
  readonly signer: Address;
  /** The readable form of the operation. */
  readonly typedData: TypedData;
}

/**
 * A Ledger, whatever library speaks to it. One request at a time: a second waits for the first. Every method
 * rejects with a WalletError whose code begins with "ledger-"; a state of the Ledger can be read from it with
 * `ledgerStateOf`. No method reaches for the network.
 */
export interface LedgerPort {
  /** What is plugged in, when it is ready to sign. */
  appInfo(call?: LedgerCall): Promise<LedgerAppInfo>;
  /** The address at a path (default: ACCOUNT_PATH). */
  address(request?: AddressRequest): Promise<Address>;
  /** The addresses at several paths, in their order, without asking the person. */
  addresses(request: AddressesRequest): Promise<readonly Address[]>;
  /**
   * Has a typed message shown field by field and signed; never by its hash alone.
   * @returns r, s and v (27 or 28), 65 bytes, recovered and found to be the signer's
   */
  signOperation(request: SignRequest): Promise<Hex>;
  /** Ends every request; later ones are refused. */
  close(): void;
}
