import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const ledgerHandlers = ({ vault }: Services): HandlersOf<"ledger"> => ({
  "ledger.check": () => vault.call("ledgerCheck", undefined),
  "ledger.verifyAddress": ({ address }) => vault.call("ledgerVerifyAddress", { address }),
  "ledger.cancel": () => vault.call("ledgerCancel", undefined),
});
