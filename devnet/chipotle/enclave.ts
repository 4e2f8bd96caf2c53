import { privateKeyToAccount } from "viem/accounts";
import { gateCid } from "#core/key-network/gate-cid.ts";
import type { EnclaveQuestion } from "../key-network/sandbox/protocol.ts";
import type { EnclaveAnswerer, Sandbox } from "../key-network/sandbox/sandbox.ts";
import { messageOf } from "../key-network/errors.ts";
import type { Accounts, Caller } from "./accounts.ts";
import { ServiceError } from "./errors.ts";
import type { Secrets } from "./secrets.ts";

/** The largest parameters of a run, in bytes of JSON. */
export const MAX_PARAMS_BYTES = 64 * 1024;

/** What a run brought back, as the service tells it. */
export interface RunAnswer {
  readonly response: unknown;
  readonly logs: string;
  readonly has_error: boolean;
}

/**
 * Answers what a program asks for: keys of wallets that group and usage key let it use, its own key, and the public side
 * of any program's key.
 */
export function answersFor(
  cid: string,
  secrets: Secrets,
  walletKey: (address: string) => Promise<string>,
): EnclaveAnswerer {
  const answers: Record<EnclaveQuestion, (about: string) => Promise<string>> = {
    getPrivateKey: walletKey,
    getLitActionPrivateKey: async () => secrets.ofProgram(cid),
    getLitActionPublicKey: async (about) => privateKeyToAccount(secrets.ofProgram(about)).publicKey,
    getLitActionWalletAddress: async (about) =>
      privateKeyToAccount(secrets.ofProgram(about)).address.toLowerCase(),
  };
  return async (question, about) => answers[question](about);
}

/** Runs programs for those who may. */
export class Enclave {
  readonly #accounts: Accounts;
  readonly #secrets: Secrets;
  readonly #sandbox: Sandbox;

  constructor(accounts: Accounts, secrets: Secrets, sandbox: Sandbox) {
    this.#accounts = accounts;
    this.#secrets = secrets;
    this.#sandbox = sandbox;
  }

  /** @throws ServiceError 400, 402, 403, or 500 when the program fails */
  async run(caller: Caller, code: string, params: unknown): Promise<RunAnswer> {
    if (Buffer.byteLength(JSON.stringify(params ?? null)) > MAX_PARAMS_BYTES) {
      throw new ServiceError(400, "js_params is too large.");
    }
    const cid = gateCid(new TextEncoder().encode(code));
    if (!this.#accounts.mayRun(caller, cid)) {
      throw new ServiceError(
        403,
        `The provided API key is not authorized to execute the specified action (${cid}).`,
      );
    }
    this.#accounts.charge(caller);
    const walletKey = async (wallet: string) => {
      if (!this.#accounts.mayRun(caller, cid, wallet)) {
        throw new ServiceError(403, "API key cannot use selected wallet in selected action");
      }
      return this.#accounts.secretOf(caller, wallet);
    };
    try {
      const answer = answersFor(cid, this.#secrets, walletKey);
      const { response, logs } = await this.#sandbox.runInEnclave({ code, params }, answer);
      return { response: parsed(response), logs, has_error: false };
    } catch (cause) {
      throw new ServiceError(500, `Internal server error.: Actions failed with : ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}

/** A response that is JSON is told as what it says. */
function parsed(response: string): unknown {
  try {
    return JSON.parse(response);
  } catch {
    return response;
  }
}
