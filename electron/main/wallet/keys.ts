import { addressOfKey, keyOfAddress } from "#core/keys/key.ts";
import { ROLE_TEXT } from "#core/keys/role.ts";
import type { CredentialId } from "#core/passkey/parts.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { replaceKey } from "../../services/operations/intents/replace-key.ts";
import { signedBy as bySigners } from "../../services/keys/replacement.ts";
import type { HeldKey } from "../../services/profile.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";
import { waysShown } from "./ways.ts";

const onLedger = (signer: Address, model = "Ledger"): HeldKey => ({
  key: keyOfAddress(signer),
  holder: "ledger",
  detail: model,
});

const byPasskey = (signer: Hex, detail = "", credential?: CredentialId): HeldKey => ({
  key: { signer, salt: NO_SALT },
  holder: "passkey",
  detail,
  ...(credential && { credential }),
});

/** An address is a Ledger's, and a longer signer a passkey's. */
function chosenHolder(signer: Hex): HeldKey {
  const address = addressOfKey({ signer, salt: NO_SALT });
  return address ? onLedger(address) : byPasskey(signer);
}

/** Stands for a key that the network has not made yet: who signs for the replacement does not depend on it. */
const TO_BE_MADE: HeldKey = {
  key: keyOfAddress(toAddress(`0x${"00".repeat(19)}01`)),
  holder: "network",
  detail: "",
};

export const keysHandlers = ({
  account,
  browser,
  operations,
  profile,
  returnToNetwork,
  vault,
}: Services): HandlersOf<"keys"> => ({
  "keys.reviewReplacement": async ({ role, signer }) => {
    await account();
    const intent = replaceKey(role, signer ? chosenHolder(signer) : TO_BE_MADE);
    const { ways, deploysFirst } = await operations.review(intent);
    return {
      ways: waysShown(ways),
      deploysFirst,
    };
  },
  "keys.replaceWithLedger": async ({ role, signer, model, signedBy }) => {
    await account();
    return operations.start(bySigners(signedBy, replaceKey(role, onLedger(signer, model))));
  },
  "keys.makePasskey": async ({ role, name }) => {
    await account();
    const { keys } = await profile.get();
    return vault.call("makePasskey", {
      name: `${name} (${ROLE_TEXT[role]})`,
      others: Object.values(keys)
        .flat()
        .flatMap(({ credential }) => credential ?? []),
    });
  },
  "keys.replaceWithPasskey": async ({ role, signer, credential, name, signedBy }) => {
    await account();
    return operations.start(bySigners(signedBy, replaceKey(role, byPasskey(signer, name, credential))));
  },
  "keys.cancelBrowser": () => {
    browser.cancel();
    return Promise.resolve(undefined);
  },
  "keys.proofsForNetwork": async ({ role }) => {
    await account();
    return returnToNetwork.need(role);
  },
  "keys.returnToNetwork": async ({ role, signedBy }) => {
    await account();
    return returnToNetwork.start(role, signedBy);
  },
});
