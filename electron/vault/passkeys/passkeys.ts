import { randomBytes } from "node:crypto";
import { bytesToHex } from "viem/utils";
import type { z } from "zod";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { passkeyCandidates, passkeySignature, requestOptions } from "#core/passkey/assertion.ts";
import { creationOptions, readMadePasskey } from "#core/passkey/creation.ts";
import { keyOfPasskey, pointOfPasskey } from "#core/passkey/key.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Handlers, Peer } from "../../processes/peer.ts";
import type { PASSKEY_METHODS, PASSKEY_NEEDS, zAskedPasskey } from "./methods.ts";

type AskedPasskey = z.output<typeof zAskedPasskey>;

interface PasskeysOptions {
  readonly config: Pick<NetworkConfig, "contracts">;
}

export interface VaultPasskeys extends Handlers<typeof PASSKEY_METHODS> {
  /** The passkey's signature of a digest that the vault computed from what the person approved. */
  readonly sign: (digest: Hex, passkey: AskedPasskey) => Promise<Hex>;
}

const noVerifier = () =>
  new WalletError(
    "no-passkey-verifier",
    "This network's description names no contract that checks passkeys' signatures.",
    "Ask whoever wrote the description to name a webAuthnVerifier in it. Nothing was changed.",
  );

const random = (): Hex => bytesToHex(randomBytes(32));

/** Passkeys that hold keys: asked in the person's browser, their answers checked here before anything counts. */
export function createVaultPasskeys(
  vault: () => PasskeysOptions,
  main: Pick<Peer<typeof PASSKEY_NEEDS>, "call">,
): VaultPasskeys {
  function verifier(): Address {
    const { webAuthnVerifier } = vault().config.contracts;
    if (!webAuthnVerifier) throw noVerifier();
    return webAuthnVerifier;
  }

  async function ask(
    purpose: "try-key" | "sign-with-key",
    challenge: Hex,
    { signer, credential }: AskedPasskey,
  ): Promise<Hex> {
    const point = pointOfPasskey({ signer }, verifier());
    if (!point) throw new TypeError("the signer is no passkey of this network");
    const options = JSON.stringify(requestOptions(challenge, credential ? [credential] : []));
    const { answer } = await main.call("passkey", { purpose, options });
    return passkeySignature(answer, { challenge, point, credential });
  }

  return {
    sign: (digest, passkey) => ask("sign-with-key", digest, passkey),

    async makePasskey({ name, others }) {
      const contract = verifier();
      const challenge = random();
      const options = JSON.stringify(creationOptions({ challenge, user: random(), name, others }));
      const { answer } = await main.call("passkey", { purpose: "make-key", options });
      const { point, credential, synced } = readMadePasskey(answer, challenge);
      return { signer: keyOfPasskey(contract, point).signer, credential, synced };
    },

    rehearsePasskey: async (passkey) => ({ signature: await ask("try-key", random(), passkey) }),

    async findPasskey() {
      const contract = verifier();
      const challenge = random();
      const options = JSON.stringify(requestOptions(challenge, []));
      const { answer } = await main.call("passkey", { purpose: "find-key", options });
      const { credential, points } = passkeyCandidates(answer, challenge);
      return { credential, signers: points.map((point) => keyOfPasskey(contract, point).signer) };
    },
  };
}
