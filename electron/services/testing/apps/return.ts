import { accountReader } from "../../chain/account-reader.ts";
import { createNetworkKeys } from "../../keys/network-keys.ts";
import { createReturnToNetwork } from "../../keys/replacement.ts";
import type { Surroundings } from "../surroundings.ts";
import type { App } from "./app.ts";

/** The way back from a Ledger to the network, in an app. */
export async function startReturn(world: Surroundings, app: App) {
  const { vault, chain, relay, file, get, operations } = app;
  const keyNetwork = await world.keyNetwork(vault);
  const returnToNetwork = createReturnToNetwork({
    networkKeys: createNetworkKeys({ chain, reader: accountReader(chain), relay, vault, keyNetwork }),
    operations,
    vault,
    profile: { get, update: async (change) => file.write(change(await get())) },
    now: world.authenticator.time,
  });
  return { ...app, returnToNetwork };
}
