import type { WalletEvent, WalletMethod } from "./methods.ts";

/** The IPC channel of a method of the wallet API. */
export const methodChannel = (method: WalletMethod): string => `wallet:${method}`;

/** The IPC channel of an event of the wallet API. */
export const eventChannel = (event: WalletEvent): string => `wallet-event:${event}`;

/** The IPC channels of the confirm window. */
export const CONFIRM_CHANNELS = { view: "confirm:view", decide: "confirm:decide" } as const;
