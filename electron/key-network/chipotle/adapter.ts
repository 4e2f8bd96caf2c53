import { randomBytes } from "node:crypto";
import { bytesToHex } from "viem/utils";
import { z } from "zod";
import type { ChipotleKeyNetworkConfig } from "#core/config/network.ts";
import { gateRefused, networkFailed } from "#core/key-network/errors.ts";
import {
  type GateRequestJson,
  type PublicKeyQuestionJson,
  zGateResponse,
  zPublicKeyAnswer,
} from "#core/key-network/gate-request.ts";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { GateDigest, Hex } from "#core/primitives/hex.ts";
import type { KeyNetwork } from "../key-network.ts";
import { verifiedSignature } from "../verified-signature.ts";
import {
  demandGranted,
  demandRecord,
  type Granted,
  type Wanted,
  type WantedOptions,
  wantOperation,
  wantRecord,
} from "../wanted.ts";
import { ServiceClient, type ServiceClientOptions } from "./client.ts";
import { explainFailure } from "./failures.ts";
import { demandHarmless } from "./usage-key.ts";

export interface ChipotleKeyNetworkOptions extends WantedOptions {
  readonly network: ChipotleKeyNetworkConfig;
  /** A credential (docs/networks.md). */
  readonly usageKey: string;
  /** Reads which gate governance published last; undefined before the first. */
  readonly canonicalGate: () => Promise<GateDigest | undefined>;
  /** For tests. */
  readonly transport?: Pick<ServiceClientOptions, "fetch" | "pause">;
}

const zRefusal = zGateResponse.options[1];
const zTold = z.discriminatedUnion("ok", [zPublicKeyAnswer, zRefusal]);

/** Lit's live service: one enclave that holds whole keys, and gives them to the gate. */
export class ChipotleKeyNetwork implements KeyNetwork {
  readonly #options: ChipotleKeyNetworkOptions;
  readonly #client: ServiceClient;
  #checked: Promise<void> | undefined;

  constructor(options: ChipotleKeyNetworkOptions) {
    this.#options = options;
    const { network, usageKey, transport } = options;
    this.#client = new ServiceClient({ url: network.url, usageKey, ...transport });
  }

  /** Makes a key and lets the gates use it. The service does not remember which device key asked. */
  async createKey(_device: Address): ReturnType<KeyNetwork["createKey"]> {
    const gate = await this.#options.canonicalGate();
    if (!gate) throw networkFailed("No gate is published on this network yet.", undefined);
    const { code } = this.#options.gates.find(gate);
    return this.#withService(async (client) => {
      const address = await client.createWallet();
      await client.addWalletToGroup(this.#options.network.group, address);
      return { address, publicKey: await this.#publicKey(code, address) };
    });
  }

  async signOperation(
    call: Parameters<KeyNetwork["signOperation"]>[0],
  ): ReturnType<KeyNetwork["signOperation"]> {
    const { granted, signature } = await this.#sign(await wantOperation(this.#options, call));
    return { digest: granted.digest, signature, faultyNodes: [] };
  }

  async signRecord(call: Parameters<KeyNetwork["signRecord"]>[0]): ReturnType<KeyNetwork["signRecord"]> {
    const { granted, signature } = await this.#sign(await wantRecord(this.#options, call));
    return { digest: granted.digest, signature, faultyNodes: [], record: demandRecord(granted) };
  }

  async status(): ReturnType<KeyNetwork["status"]> {
    return { nodes: [{ index: 1, isRunning: await this.#client.isRunning() }], needed: 1 };
  }

  forgetSession(): void {
    // There is none: the device key binds each request to one JWT and one digest.
  }

  async #sign(wanted: Wanted): Promise<{ granted: Granted; signature: Hex }> {
    const { request, gate, call } = wanted;
    const params: GateRequestJson = { ...request, gate: gate.cid, requestId: bytesToHex(randomBytes(32)) };
    const answer = await this.#run(gate.code, params, zGateResponse);
    const { granted, digest } = demandGranted(wanted, answer);
    const signature = await verifiedSignature(call.publicKey, digest, granted.signature);
    if (!signature) throw networkFailed("Its signature is not the key's. It was refused.", undefined);
    return { granted, signature };
  }

  /** A key's public part, which the service does not tell: the gate does, and the address proves it. */
  async #publicKey(code: string, address: Address): Promise<PublicKey> {
    const question: PublicKeyQuestionJson = { action: "public-key", key: address };
    const told = await this.#run(code, question, zTold);
    if (!told.ok) throw gateRefused(told.reason);
    if (!sameAddress(addressOfPublicKey(told.publicKey), address)) {
      throw networkFailed("It told another key than the one it made.", undefined);
    }
    return told.publicKey;
  }

  /** Runs a gate, and reads its answer. Whatever else the program says is a failure of the service. */
  async #run<T>(
    code: string,
    params: GateRequestJson | PublicKeyQuestionJson,
    answer: z.ZodType<T>,
  ): Promise<T> {
    const { response, hasError } = await this.#withService((client) => client.run(code, params));
    // A refusal is one, also where the service takes it for an error; nothing else counts then.
    const parsed = (hasError ? zRefusal : answer).safeParse(response);
    if (!parsed.success) throw networkFailed("Its gate gave an answer that cannot be read.", parsed.error);
    return parsed.data as T;
  }

  /** Asks the service, once it is known that the usage key is harmless. */
  async #withService<T>(work: (client: ServiceClient) => Promise<T>): Promise<T> {
    try {
      await this.#checkUsageKey();
      return await work(this.#client);
    } catch (error) {
      throw explainFailure(error);
    }
  }

  async #checkUsageKey(): Promise<void> {
    const { usageKey, network } = this.#options;
    const checking = this.#checked ?? demandHarmless(this.#client, usageKey, network.group);
    this.#checked = checking;
    try {
      await checking;
    } catch (error) {
      // The next one looks again: the service may have been away, or the key been changed.
      if (this.#checked === checking) this.#checked = undefined;
      throw error;
    }
  }
}
