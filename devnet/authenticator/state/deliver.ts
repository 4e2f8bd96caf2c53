import { ApiError } from "../api/errors.ts";
import { LIMITS } from "../limits.ts";
import type { Message, State } from "./schema.ts";

/** Where people of the devnet read what is sent to them. */
export type Box = "inbox" | "phone";

/**
 * Sends a mail or an SMS.
 *
 * @param message its times are Unix seconds
 * @throws ApiError `too_many_requests` when too many were sent to this address lately, whoever asked for them
 */
export function deliver(
  state: State,
  box: Box,
  message: Omit<Message, "sentAt" | "expiresAt"> & { readonly expiresAt: number },
  now: number,
): void {
  state.sent = state.sent.filter(({ at }) => now - at < LIMITS.codeWindowSeconds);
  if (state.sent.filter(({ to }) => to === message.to).length >= LIMITS.codesPerWindow) {
    throw new ApiError("too_many_requests");
  }
  state.sent.push({ to: message.to, at: now });
  const sent: Message = { ...message, sentAt: iso(now), expiresAt: iso(message.expiresAt) };
  state[box] = [sent, ...state[box]].slice(0, LIMITS.messages);
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
