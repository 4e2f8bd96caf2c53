import { keyOfAddress } from "#core/keys/key.ts";
import { replaceKey } from "../../services/operations/intents/replace-key.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const keysHandlers = ({ operations, vault }: Services): HandlersOf<"keys"> => ({
  "keys.replaceWithLedger": async ({ role, signer }) => {
    const { model } = await vault.call("ledgerCheck", undefined);
    return operations.start(
      replaceKey(role, { key: keyOfAddress(signer), holder: "ledger", detail: model ?? "Ledger" }),
    );
  },
});
