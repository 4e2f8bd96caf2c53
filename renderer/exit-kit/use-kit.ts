import { type InjectionKey, inject, type ShallowRef, shallowRef } from "vue";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ExitKit } from "#core/exit-kit/exit-kit.ts";
import type { Address } from "#core/primitives/address.ts";
import { type AccountState, readAccount } from "./chain/account.ts";
import { connect, type Connection, reachOnly } from "./chain/connection.ts";
import { chainError } from "./chain/refusals.ts";
import type { Payer } from "./chain/transactions.ts";
import { payerAddress } from "./chain/transactions.ts";
import { readWaiting, type Waiting } from "./chain/waiting.ts";
import { addressOf, type Held, type Holding, lookUp, sameSigner } from "./signing/holdings.ts";

/** An account that was read, and the chain it was read from. */
export interface OpenAccount {
  readonly connection: Connection;
  readonly state: AccountState;
  /** Milliseconds since 1970 by this computer when it was read. */
  readonly readAt: number;
}

/** What the page knows. Everything is in memory only, and gone with the page. */
export interface Kit {
  /** What the page was made with; undefined in a page without data. */
  readonly data: ExitKit | undefined;
  readonly open: Readonly<ShallowRef<OpenAccount | undefined>>;
  /** Undefined until it was looked for, or when the server does not tell. */
  readonly waiting: Readonly<ShallowRef<Waiting | undefined>>;
  readonly holdings: Readonly<ShallowRef<readonly Holding[]>>;
  /** Keys that pay but need not be the account's. */
  readonly payers: Readonly<ShallowRef<readonly Payer[]>>;
  /** Reads an account; afterwards the page reaches that server only. */
  readonly read: (address: Address, rpcUrl: string) => Promise<void>;
  /** Reads everything again. */
  readonly refresh: () => Promise<void>;
  /** Adds what the person holds, or replaces how it signs. */
  readonly hold: (held: Held) => Promise<Holding>;
  /**
   * Of several signers of which the person holds one, adds the one that is a key of the account.
   * @throws WalletError when none is
   */
  readonly holdKeyAmong: (candidates: readonly Held[]) => Promise<Holding>;
  readonly release: (holding: Holding) => void;
  readonly addPayer: (payer: Payer) => void;
  /** When it is a moment of the chain's clock, by this computer's (milliseconds since 1970). */
  readonly momentOf: (chainSeconds: number) => number;
}

export function createKit(data: ExitKit | undefined): Kit {
  const open = shallowRef<OpenAccount>();
  const waiting = shallowRef<Waiting>();
  const holdings = shallowRef<readonly Holding[]>([]);
  const payers = shallowRef<readonly Payer[]>([]);

  function opened(): OpenAccount {
    if (!open.value) throw new TypeError("no account was read yet");
    return open.value;
  }

  async function take(connection: Connection, address: Address): Promise<void> {
    try {
      const state = await readAccount(connection, address, data);
      const held = await Promise.all(
        holdings.value.map((holding) => lookUp(connection.client, state, holding, data)),
      );
      open.value = { connection, state, readAt: Date.now() };
      holdings.value = held;
      // Whatever fails here, the rest can still be done.
      waiting.value = await readWaiting(connection.client, state).catch(() => undefined);
    } catch (cause) {
      throw chainError(cause);
    }
  }

  async function found(held: Held): Promise<Holding> {
    const { connection, state } = opened();
    try {
      return await lookUp(connection.client, state, held, data);
    } catch (cause) {
      throw chainError(cause);
    }
  }
  function add(holding: Holding): Holding {
    holdings.value = [...holdings.value.filter((other) => !sameSigner(other, holding)), holding];
    return holding;
  }

  return {
    data,
    open,
    waiting,
    holdings,
    payers,
    async read(address, rpcUrl) {
      const isKits = data?.account.toLowerCase() === address.toLowerCase();
      const connection = await connect(rpcUrl, isKits ? data.chain : undefined);
      await take(connection, address);
      reachOnly(connection.url);
    },
    async refresh() {
      const { connection, state } = opened();
      await take(connection, state.address);
    },
    async hold(held) {
      return add(await found(held));
    },
    async holdKeyAmong(candidates) {
      const looked = await Promise.all(candidates.map(found));
      const holding = looked.find(({ keys }) => keys.length > 0);
      if (!holding) {
        throw new WalletError(
          "no-key-of-account",
          "This is no key of the account.",
          "Choose another one. A key that is hidden on the chain is found by its signer and its salt only.",
        );
      }
      return add(holding);
    },
    release(holding) {
      holdings.value = holdings.value.filter((other) => other !== holding);
    },
    addPayer(payer) {
      payers.value = [...payers.value.filter((other) => payerAddress(other) !== payerAddress(payer)), payer];
    },
    momentOf(chainSeconds) {
      const { state, readAt } = opened();
      return readAt + (chainSeconds - state.time) * 1000;
    },
  };
}

export const KIT: InjectionKey<Kit> = Symbol("exit kit");

/** What the page knows. */
export function useKit(): Kit {
  const kit = inject(KIT);
  if (!kit) throw new TypeError("the exit kit is not provided");
  return kit;
}

/** The account that was read; only for what is shown once one was. */
export function useOpenAccount(): { readonly kit: Kit; readonly account: () => OpenAccount } {
  const kit = useKit();
  return {
    kit,
    account: () => {
      if (!kit.open.value) throw new TypeError("no account was read yet");
      return kit.open.value;
    },
  };
}

/** Who of those at hand can send a transaction and pay for it. */
export function payersOf(kit: Kit): Payer[] {
  const held = kit.holdings.value.flatMap((holding): Payer[] => {
    const address = addressOf(holding);
    if (address === undefined) return [];
    switch (holding.way.kind) {
      case "private-key":
        return [{ kind: "private-key", account: holding.way.account }];
      case "browser-wallet":
        return [{ kind: "browser-wallet", wallet: holding.way.wallet, address }];
      case "passkey":
      case "elsewhere":
        return [];
    }
  });
  const all = [...held, ...kit.payers.value];
  return all.filter(
    (payer, index) => all.findIndex((other) => payerAddress(other) === payerAddress(payer)) === index,
  );
}
