import { type GateReason, GateRefusal } from "#core/security/gate-reasons.ts";
import type { Runtime } from "./runtime.ts";

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_LENGTH = 65_536;

/** Fetches JSON; any failure refuses with `reason`. */
export async function fetchJson(
  runtime: Runtime,
  url: string,
  init: RequestInit,
  reason: GateReason,
): Promise<unknown> {
  try {
    // A redirect would leave the pinned host.
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await runtime.fetch(url, { ...init, redirect: "error", signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const text = await response.text();
    if (text.length > MAX_ANSWER_LENGTH) throw new Error("answer too large");
    return JSON.parse(text);
  } catch (cause) {
    throw new GateRefusal(reason, { cause });
  }
}
