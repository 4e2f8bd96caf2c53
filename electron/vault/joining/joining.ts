import type { NetworkConfig } from "#core/config/network.ts";
import { joinRequestDigest } from "#core/joining/request.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { hashMessage } from "viem/utils";
import type { Handlers } from "../../processes/peer.ts";
import type { Keyring } from "../keyring/keyring.ts";
import type { PersonSession } from "../session/session.ts";
import { demandChallenge, signInMessage } from "./challenge.ts";
import type { JOINING_METHODS } from "./methods.ts";

interface JoiningOptions {
  readonly config: NetworkConfig;
  readonly keyring: Pick<Keyring, "device" | "putAway">;
  readonly session: PersonSession;
}

/** What this computer's device key signs before any account knows it. */
export function createVaultJoining(vault: () => JoiningOptions): Handlers<typeof JOINING_METHODS> {
  return {
    signJoinRequest({ account, name, until }) {
      const { config, keyring } = vault();
      const { device } = keyring;
      const request = { chainId: config.chain.id, account, device: device.address, name, until };
      const digest = joinRequestDigest(request, config.contracts.implementation);
      return Promise.resolve({ request, signature: device.sign(digest) });
    },

    async nameDevice() {
      const { config, keyring, session } = vault();
      const { device } = keyring;
      const { address } = device;
      const message = signInMessage(config.authenticator.baseUrl, config.chain.id);
      const challenge = await session.ask((client, open) =>
        client.wallet.start({ address, session: open, message }),
      );
      demandChallenge(challenge, message, address);
      // hashMessage gives 32 bytes, which is what a digest is.
      const signature = device.sign(hashMessage(challenge) as Digest);
      await session.prove((client, open) => client.wallet.verify({ address, signature, session: open }));
      return undefined;
    },

    async putDeviceKeyAway() {
      await vault().keyring.putAway();
      return undefined;
    },
  };
}
