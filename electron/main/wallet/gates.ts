import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export function gatesHandlers({ gates, account }: Services): HandlersOf<"gates"> {
  /** Gates are looked at and moved only while the wallet is open. */
  const opened = async () => {
    await account();
    return gates;
  };
  return {
    "gates.view": async () => (await opened()).view(),
    "gates.move": async ({ gate, wallet }) => (await opened()).move(gate, wallet),
    "gates.stay": async ({ gate }) => (await opened()).stay(gate),
  };
}
