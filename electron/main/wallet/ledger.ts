import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const ledgerHandlers = ({ vault }: Services): HandlersOf<"ledger"> => ({
  "ledger.check": (path) => vault.call("ledgerCheck", path),
  "ledger.accounts": (request) => vault.call("ledgerAccounts", request),
  "ledger.verifyAddress": (request) => vault.call("ledgerVerifyAddress", request),
  "ledger.cancel": () => vault.call("ledgerCancel", undefined),
});
