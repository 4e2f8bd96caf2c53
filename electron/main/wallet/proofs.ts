import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const proofsHandlers = ({ proofs }: Services): HandlersOf<"proofs"> => ({
  "proofs.missing": ({ action, role }) => proofs.missing(action, role),
  "proofs.sendCode": (wish) => proofs.sendCode(wish),
  "proofs.give": async (proof) => {
    await proofs.give(proof);
    return undefined;
  },
  "proofs.cancel": () => {
    proofs.cancel();
    return Promise.resolve(undefined);
  },
});
