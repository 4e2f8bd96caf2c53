import { DEFAULT_LEDGER_LIBRARY, type NetworkConfig } from "#core/config/network.ts";
import type { LedgerAccount, LedgerDevice } from "#core/ledger/device.ts";
import { ledgerProblem, ledgerStateError, ledgerStateOf } from "#core/ledger/errors.ts";
import { USUAL_PATHS } from "#core/ledger/paths.ts";
import type { LedgerState } from "#core/ledger/states.ts";
import type { TypedData } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { checkLedger } from "./check.ts";
import type { KnownPaths } from "./known-paths.ts";
import { LIBRARIES } from "./libraries.ts";
import { type LedgerSource, ledgerSource } from "./openers.ts";
import type { LedgerPort } from "./port.ts";
import { TransportLedger } from "./transport-ledger.ts";

/** The person's Ledgers as the vault uses them: whichever holds the address that is asked for. */
export interface Ledger {
  /** The Ledgers that are plugged in, each with its address at the path (default: the usual one). */
  readonly check: (path?: string) => Promise<LedgerDevice[]>;
  /** Accounts of one of them. */
  readonly accounts: (device: string, paths: readonly string[]) => Promise<LedgerAccount[]>;
  /**
   * Shows the address on the Ledger that holds it; rejects unless the person confirmed exactly this one there.
   * @param path where it is, and where it is looked for from then on
   */
  readonly verifyAddress: (address: Address, path?: string) => Promise<void>;
  readonly sign: (typedData: TypedData, signer: Address) => Promise<Hex>;
  /** Stops everything that waits for a Ledger. */
  readonly cancel: () => void;
}

export interface LedgerOptions {
  readonly config: NetworkConfig["ledger"];
  readonly paths: KnownPaths;
  /** Told when a Ledger's state changes while something waits for it. */
  readonly onState: (state: LedgerState) => void;
  readonly source?: LedgerSource;
}

/** One of the Ledgers, and where on it an address is. */
interface Place {
  readonly port: LedgerPort;
  readonly path: string;
}

export function createLedger({
  config,
  paths,
  onState,
  source = ledgerSource(config),
}: LedgerOptions): Ledger {
  const library = LIBRARIES[config.library ?? DEFAULT_LEDGER_LIBRARY]();
  const ports = new Map<string, LedgerPort>();
  let waiting = new AbortController();

  /** One port for each place to plug in: it keeps requests to the same Ledger in order. */
  function portOf(id: string): LedgerPort {
    const known = ports.get(id);
    if (known) return known;
    const port = new TransportLedger({ opener: () => source.open(id), library });
    ports.set(id, port);
    return port;
  }

  /**
   * Looks through the Ledgers that are plugged in for the one that holds an address.
   * @throws WalletError what the person has to do first with one that could not be looked at, or that none holds it
   */
  async function placeOf(address: Address, given: string | undefined, signal: AbortSignal): Promise<Place> {
    const known = given ?? (await paths.pathOf(address));
    const places = known === undefined ? USUAL_PATHS : [known];
    const found = await source.list();
    if (found.length === 0) throw ledgerStateError("plug-in");
    const closed: unknown[] = [];
    for (const { id } of found) {
      const port = portOf(id);
      try {
        const addresses = await port.addresses({ paths: places, until: address, signal });
        const path = places[addresses.findIndex((one) => sameAddress(one, address))];
        if (path !== undefined) return { port, path };
      } catch (error) {
        closed.push(error);
      }
    }
    // With one that is locked among them, nobody can say that the right one is not there. One that is away is no news
    // beside others.
    const missing = closed.filter((error) => ledgerStateOf(error) !== "plug-in");
    throw missing[0] ?? (closed.length === found.length ? closed[0] : ledgerProblem("other-keys"));
  }

  return {
    async check(path) {
      const found = await source.list();
      const { signal } = waiting;
      const checked = await Promise.all(
        found.map(async ({ id, model }) => ({
          id,
          ...(model !== undefined && { model }),
          ...(await checkLedger(portOf(id), { path, signal })),
        })),
      );
      return checked.filter(({ state }) => state !== "plug-in");
    },
    async accounts(device, wanted) {
      const addresses = await portOf(device).addresses({ paths: wanted, signal: waiting.signal });
      return addresses.map((address, index) => ({ address, path: wanted[index] ?? "" }));
    },
    async verifyAddress(address, path) {
      const { signal } = waiting;
      const place = await placeOf(address, path, signal);
      const shown = await place.port.address({ path: place.path, show: true, signal, onState });
      if (!sameAddress(shown, address)) throw ledgerProblem("other-keys");
      await paths.remember(address, place.path);
    },
    async sign(typedData, signer) {
      const { signal } = waiting;
      const { port, path } = await placeOf(signer, undefined, signal);
      return port.signOperation({ typedData, signer, path, signal, onState });
    },
    cancel() {
      waiting.abort();
      waiting = new AbortController();
    },
  };
}
