import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { NetworkConfig } from "#core/config/network.ts";
import { tooFewNodes } from "#core/key-network/errors.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { toAddress } from "#core/primitives/address.ts";
import { recordDigest } from "#core/security/record.ts";
import { accountReader } from "../chain/account-reader.ts";
import { createChainClient } from "../chain/client.ts";
import type { KeyNetworkService } from "../key-network.ts";
import { demandProofs } from "./gate-rules.ts";

/** A key network of plain key pairs that asks for the gate's proofs, so that a hundred crashes take seconds. */
export class KeyPairs {
  readonly #pairs = new Map<string, PrivateKeyAccount>();
  readonly #config: NetworkConfig;
  readonly #now: () => number;
  #stoppedNodes: readonly number[] = [];

  /** @param now milliseconds since 1970 */
  constructor(config: NetworkConfig, now: () => number) {
    this.#config = config;
    this.#now = now;
  }

  stopNodes(indices: readonly number[]): void {
    this.#stoppedNodes = indices;
  }

  get service(): KeyNetworkService {
    const { chain, contracts } = this.#config;
    return {
      createKey: () => {
        const account = privateKeyToAccount(generatePrivateKey());
        this.#pairs.set(account.publicKey, account);
        return Promise.resolve({ publicKey: account.publicKey, address: toAddress(account.address) });
      },
      signOperation: async ({ operation, role, publicKey, opened, authorization, walletSignature }) => {
        if (this.#stoppedNodes.length > 0) throw tooFewNodes(this.#stoppedNodes, 4, 3);
        const domain = { chainId: chain.id, implementation: contracts.implementation };
        const hash = operationDigest(operation, "compact", domain);
        const action = role === "mfa" ? "sign-with-mfa-key" : "sign-with-recovery-key";
        const now = Math.floor(this.#now() / 1000);
        await demandProofs({ action, opened, digest: hash, authorization, walletSignature }, domain, now);
        return { signature: await this.#signer(publicKey).sign({ hash }), faultyNodes: [] };
      },
      signRecord: async ({ publicKey, next, expected }) => {
        const account = this.#signer(publicKey);
        const key = toAddress(account.address);
        const registered = await accountReader(createChainClient(this.#config)).factorRecord(key);
        const record = { key, gate: next.gate, factors: expected, version: registered.version + 1n };
        const domain = { chainId: chain.id, factorRegistry: contracts.factorRegistry };
        return { signature: await account.sign({ hash: recordDigest(record, domain) }) };
      },
    };
  }

  #signer(publicKey: string): PrivateKeyAccount {
    const account = this.#pairs.get(publicKey);
    if (!account) throw new Error("no such key");
    return account;
  }
}
