import type { Address } from "#core/primitives/address.ts";
import {
  type CallOptions,
  type InSession,
  prove,
  type ProofOptions,
  removeFactor,
  within,
} from "../calls.ts";
import { zChallenge } from "../responses.ts";
import type { AuthenticatorSession, AuthenticatorUser } from "../session.ts";
import type { Transport } from "../transport.ts";

const TYPE = "ethereum";

/** The fields of a Sign-In with Ethereum message (EIP-4361) that the app chooses. */
export interface SignInMessage {
  /** Host, and port if there is one. */
  readonly domain: string;
  readonly uri: string;
  readonly chainId: number;
  /** One line of printable ASCII. */
  readonly statement?: string;
}

/** Wallets that sign a message of the authenticator with personal_sign (EIP-191). */
export class Wallets {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Asks for the message to sign: to add the wallet to the session's person, or to log in. It counts five minutes. */
  async start({
    address,
    session,
    message,
    signal,
  }: CallOptions & InSession & { address: Address; message?: SignInMessage }): Promise<string> {
    const { challenge } = await this.#transport.request({
      method: "POST",
      path: `/crypto_wallets/authenticate/start/${session === undefined ? "primary" : "secondary"}`,
      body: {
        crypto_wallet_type: TYPE,
        crypto_wallet_address: address,
        siwe_params:
          message === undefined
            ? undefined
            : {
                domain: message.domain,
                uri: message.uri,
                chain_id: String(message.chainId),
                statement: message.statement,
              },
      },
      ...within(session),
      answer: zChallenge,
      signal,
    });
    return challenge;
  }

  /** Logs in with the signature, or proves or adds the wallet within `session`. */
  async verify(
    { address, signature, session }: InSession & { address: Address; signature: `0x${string}` },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { crypto_wallet_type: TYPE, crypto_wallet_address: address, signature };
    return prove(this.#transport, "/crypto_wallets/authenticate", proof, session, options);
  }

  async remove(
    session: AuthenticatorSession,
    walletId: string,
    options: CallOptions = {},
  ): Promise<AuthenticatorUser> {
    return removeFactor(this.#transport, "/users/crypto_wallets", walletId, session, options);
  }
}
