import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeAbiParameters, encodeFunctionData, keccak256, type PublicClient, toHex } from "viem";
import { z } from "zod";
import { factorRegistryAbi, gateRegistryAbi } from "#contracts/abi.ts";
import {
  newOwner,
  type Owner,
  type OwnerWithKeys,
  type TestSigner,
  World,
} from "#contracts/testing/world.ts";
import { type GateRequestJson, type GateResponse, zGateResponse } from "#core/key-network/gate-request.ts";
import { keyId } from "#core/keys/key.ts";
import { zPublicKey } from "#core/keys/public-key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { type Operation, operationToJson } from "#core/operations/operation.ts";
import { gateRequestTypedData, operationDigest, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Digest, type FactorId, type GateDigest, type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import type { FactorType } from "#core/security/factors.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import type { OpenedRecord, RecordFactor } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import { buildGate, type Gate, readDeployment } from "#lit-actions/build.ts";
import { answersFor } from "../chipotle/enclave.ts";
import { Secrets } from "../chipotle/secrets.ts";
import { createLoopbackApp, listenOnLoopback, type LoopbackServer } from "../http/loopback.ts";
import { Sandbox, type SignatureWish } from "../key-network/sandbox/sandbox.ts";
import { runEnclaveInProcess, runInProcess } from "./gate-in-process.ts";
import { entriesOf, type Person, recordOf, TokenIssuer } from "./token-issuer.ts";

/** What a run of the gate led to. */
export interface GateRun {
  readonly answer: GateResponse;
  /** What the gate asked the node to sign; undefined when it refused. */
  readonly wish: SignatureWish | undefined;
  readonly milliseconds: number;
}

/** What the node says of a run besides its parameters. */
export interface RunContext {
  /** Who opened the session; the asking device key unless said otherwise. */
  readonly session?: Address;
  /** Whose key the network-held key is; the asking device key unless said otherwise. */
  readonly keyCreator?: Address | null;
  /** The CID of the gate that runs; the real one unless said otherwise. */
  readonly cid?: string;
}

/** What an enclave that runs the gate has and says; the truth unless said otherwise. */
export interface EnclaveContext {
  /** The program that really runs. */
  readonly program?: string;
  /** The private key it gives out for an address. */
  readonly getPrivateKey?: (address: string) => Promise<string>;
}

/** Set where coverage of the gate is measured. */
const IN_PROCESS = "TRIVET_GATE_IN_PROCESS";

/** An account, its keys, whose it is, and what the records of its network-held keys hold. */
export interface Household {
  readonly owner: OwnerWithKeys;
  readonly who: Person;
  readonly account: Address;
  readonly record: OpenedRecord;
}

/** A record that is asked for; of the mfa key, at the gate that runs, the first one, unless said otherwise. */
export interface WantedRecord {
  readonly record: OpenedRecord;
  readonly gate?: GateDigest;
  readonly version?: bigint;
  readonly role?: ReplaceableRole;
}

/** What every request names. */
const commonPart = (owner: Owner, role: ReplaceableRole, jwt: string) => ({
  requestId: toHex(crypto.getRandomValues(new Uint8Array(32))),
  role,
  publicKey: zPublicKey.parse(owner[role].account.publicKey),
  salt: owner[role].key.salt,
  jwt,
  deviceKey: owner.device.key,
});

/** The slot of the account's keys: the fourth of its namespace (contracts/src/account/AccountStorage.sol). */
const KEYS_SLOT = 0xdfc884691da7490cca7a0785253a6f45048884e7eb7def6ad580a4f124370b03n;

const zCall = z.object({ id: z.int(), method: z.string(), params: z.array(z.unknown()).default([]) });

/** Serves a chain that lives in this process over HTTP, batches too, as the gate reads one. */
async function serveChain(client: PublicClient): Promise<LoopbackServer> {
  const app = createLoopbackApp();
  app.post("/", async (context) => {
    const calls = z.array(zCall).parse(await context.req.json());
    const answers = calls.map(async ({ id, method, params }) => {
      // viem types every method it knows; this passes on whatever the gate asks.
      const result: unknown = await client.request({ method, params } as never);
      return { jsonrpc: "2.0", id, result };
    });
    return context.json(await Promise.all(answers));
  });
  return listenOnLoopback(app, 0);
}

/**
 * Everything the gate meets, real but for the key network: the bundled gate in its sandbox, the contracts on a chain,
 * and an authenticator that can also lie. Network-held keys are plain key pairs here, because the gate only says what
 * shall be signed.
 */
export class GateWorld {
  readonly world: World;
  readonly issuer: TokenIssuer;
  readonly gate: Gate;
  readonly #rpc: LoopbackServer;
  readonly #sandbox: Sandbox;
  readonly #folder: string;
  readonly #hosts: Readonly<Record<string, string>>;
  readonly #secrets = new Secrets();

  private constructor(
    parts: { world: World; issuer: TokenIssuer; gate: Gate; rpc: LoopbackServer },
    folder: string,
    hosts: Readonly<Record<string, string>>,
  ) {
    this.world = parts.world;
    this.issuer = parts.issuer;
    this.gate = parts.gate;
    this.#rpc = parts.rpc;
    this.#folder = folder;
    this.#hosts = hosts;
    this.#sandbox = new Sandbox({
      place: {
        cacheDir: path.join(folder, "cache"),
        workDir: folder,
        reachable: [`127.0.0.1:${parts.rpc.port}`, ...Object.values(hosts)],
        heapMegabytes: 64,
        processorSeconds: 20,
      },
      rpcUrl: parts.rpc.url,
      hosts,
    });
  }

  /** @param authenticator `127.0.0.1:port` of the authenticator the gate shall reach; the lying one by default */
  static async start(authenticator?: string): Promise<GateWorld> {
    const [world, issuer, gate] = await Promise.all([World.start(), TokenIssuer.start(), buildGate()]);
    const rpc = await serveChain(world.chain.publicClient);
    const folder = await mkdtemp(path.join(tmpdir(), "trivet-gate-"));
    const hosts = {
      [DEVNET_AUTHENTICATOR.host]: authenticator ?? issuer.address,
      [new URL(readDeployment("devnet").rpcUrl).host]: `127.0.0.1:${rpc.port}`,
    };
    const gates = new GateWorld({ world, issuer, gate, rpc }, folder, hosts);
    await gates.publish(gate.digest);
    return gates;
  }

  async stop(): Promise<void> {
    this.#sandbox.close();
    await this.#rpc.close();
    await this.issuer.stop();
    await this.world.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs the gate once, in a fresh process; in this one where coverage is measured, which sees no other. */
  async run(request: unknown, device: Address, context: RunContext = {}): Promise<GateRun> {
    if (process.env[IN_PROCESS]) return this.runHere(request, device, context);
    const started = performance.now();
    const { response, signature } = await this.#sandbox.run({
      code: this.gate.code,
      params: z.record(z.string(), z.unknown()).parse(request),
      auth: this.#auth(device, context),
    });
    const milliseconds = performance.now() - started;
    return { answer: zGateResponse.parse(JSON.parse(response)), wish: signature, milliseconds };
  }

  /** Runs the gate's source once in this process, over the same chain and authenticator: thousands of times a minute. */
  async runHere(request: unknown, device: Address, context: RunContext = {}): Promise<GateRun> {
    const started = performance.now();
    const { response, wish } = await runInProcess(request, {
      auth: this.#auth(device, context),
      rpcUrl: this.#rpc.url,
      hosts: this.#hosts,
      deployment: readDeployment("devnet"),
    });
    const milliseconds = performance.now() - started;
    return { answer: zGateResponse.parse(JSON.parse(response)), wish, milliseconds };
  }

  /**
   * Runs the gate once as Lit's live service does: in a fresh process, with the keys of a household; in this process
   * where coverage is measured.
   * @param request what `main` is called with
   */
  async runInEnclave(
    request: unknown,
    { owner }: Pick<Household, "owner">,
    { program = this.gate.cid, getPrivateKey }: EnclaveContext = {},
  ): Promise<unknown> {
    const keys = new Map(
      REPLACEABLE_ROLES.map((role) => [owner[role].account.address.toLowerCase(), owner[role].privateKey]),
    );
    const walletKey = async (address: string) => {
      const key = keys.get(address.toLowerCase());
      if (!key) throw new Error("API key cannot use selected wallet in selected action");
      return key;
    };
    const answer = answersFor(program, this.#secrets, getPrivateKey ?? walletKey);
    if (process.env[IN_PROCESS]) {
      return runEnclaveInProcess(request, {
        answer,
        hosts: this.#hosts,
        deployment: readDeployment("devnet"),
      });
    }
    const { response } = await this.#sandbox.runInEnclave({ code: this.gate.code, params: request }, answer);
    return JSON.parse(response);
  }

  /** What the node says of a run. */
  #auth(device: Address, { session, cid, keyCreator }: RunContext) {
    return {
      authSigAddress: session ?? device,
      actionIpfsIds: [cid ?? this.gate.cid] as const,
      keyCreator: keyCreator === undefined ? device : keyCreator,
    };
  }

  /** The device key's signature that binds a token to a digest. */
  async bind(device: TestSigner, digest: Digest, jwt: string): Promise<Hex> {
    const hash = typedDataDigest(gateRequestTypedData(this.world.domain, digest, jwtHash(jwt)));
    return device.account.sign({ hash });
  }

  /** A wallet's signature that proves its factor for a digest and a token. */
  async walletSignature(wallet: TestSigner, digest: Digest, jwt: string, personal = false): Promise<Hex> {
    const hash = typedDataDigest(gateRequestTypedData(this.world.domain, digest, jwtHash(jwt)));
    return personal ? wallet.account.signMessage({ message: { raw: hash } }) : wallet.account.sign({ hash });
  }

  /** A request of the household's device key for the signature of one of its network-held keys. */
  async operationRequest(
    { owner, record }: Household,
    operation: Operation,
    jwt: string,
    role: ReplaceableRole = "mfa",
  ): Promise<Extract<GateRequestJson, { action: "sign-operation" }>> {
    const digest = operationDigest(operation, "compact", this.world.domain);
    return {
      action: "sign-operation",
      ...commonPart(owner, role, jwt),
      deviceSignature: await this.bind(owner.device, digest, jwt),
      opened: record,
      operation: operationToJson(operation),
      form: "compact",
    };
  }

  /** What a record's key signs; the first version unless said otherwise. */
  recordDigest(
    owner: Owner,
    who: Person,
    { record, gate, version = 1n, role = "mfa" }: WantedRecord,
  ): Digest {
    const { factorRegistry } = this.world.contracts;
    const key = toAddress(owner[role].account.address);
    const factors = entriesOf(who, record);
    const next = { key, gate: gate ?? this.gate.digest, factors, version };
    return recordDigest(next, { chainId: this.world.domain.chainId, factorRegistry });
  }

  /** A request of the household's device key for a record of one of its network-held keys. */
  async recordRequest(
    { owner, who, record: opened }: Omit<Household, "record" | "account"> & { record?: OpenedRecord },
    wanted: WantedRecord,
    jwt: string,
  ): Promise<Extract<GateRequestJson, { action: "set-record" }>> {
    return {
      action: "set-record",
      ...commonPart(owner, wanted.role ?? "mfa", jwt),
      deviceSignature: await this.bind(owner.device, this.recordDigest(owner, who, wanted), jwt),
      ...(opened && { opened }),
      record: { ...wanted.record, gate: wanted.gate ?? this.gate.digest },
    };
  }

  /** Has governance stand behind a gate, if it does not. */
  async publish(gate: Hex): Promise<void> {
    const { gateRegistry } = this.world.contracts;
    const gates = { address: gateRegistry, abi: gateRegistryAbi } as const;
    const { publicClient } = this.world.chain;
    if (await publicClient.readContract({ ...gates, functionName: "isAccepted", args: [gate] })) return;
    await this.publishNow(gate);
  }

  /** Has governance publish a gate, which so becomes the canonical one. */
  async publishNow(gate: Hex): Promise<void> {
    const data = encodeFunctionData({ abi: gateRegistryAbi, functionName: "publish", args: [gate] });
    await this.world.send(this.world.contracts.gateRegistry, data);
  }

  /** Writes a record, signed by its key, into the factor registry; its gate is published for that. */
  async setRecord(key: TestSigner, digest: Hex, factors: readonly FactorId[], gate: Hex): Promise<void> {
    await this.publish(gate);
    const signature = await key.account.sign({ hash: digest });
    const args = [key.account.address, gate, [...factors], signature] as const;
    const data = encodeFunctionData({ abi: factorRegistryAbi, functionName: "setRecord", args });
    await this.world.send(this.world.contracts.factorRegistry, data);
  }

  /**
   * An account on the chain whose two network-held keys have records with these factors of a person. With the ones that
   * it has where nothing is said, email and authenticator app together suffice, and neither does alone.
   */
  async createHousehold({
    who,
    types = ["email", "totp", "sms"],
    more = [],
    gate = this.gate.digest,
    owner = newOwner(),
  }: {
    readonly who: Person;
    readonly types?: readonly FactorType[];
    readonly more?: readonly RecordFactor[];
    readonly gate?: GateDigest;
    readonly owner?: OwnerWithKeys;
  }): Promise<Household> {
    const account = await this.world.createAccount(owner, NO_SALT);
    const record = recordOf(who, account, types, more);
    for (const role of REPLACEABLE_ROLES) {
      const digest = this.recordDigest(owner, who, { record, gate, role });
      await this.setRecord(owner[role], digest, entriesOf(who, record), gate);
    }
    return { owner, who, account, record };
  }

  /** What the registry holds for a key. */
  async registered({ account }: TestSigner): Promise<readonly [Hex, bigint, readonly Hex[]]> {
    return this.world.chain.publicClient.readContract({
      address: this.world.contracts.factorRegistry,
      abi: factorRegistryAbi,
      functionName: "recordOf",
      args: [account.address],
    });
  }

  /** Writes what the account knows of a key straight into its storage: pending, expired or removed keys. */
  async overwriteKey(
    account: Address,
    { key }: TestSigner,
    {
      role,
      activeFrom,
      expires,
    }: { readonly role: number; readonly activeFrom: number; readonly expires: number },
  ): Promise<void> {
    const slot = encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [keyId(key), KEYS_SLOT]);
    const packed = BigInt(role) | (BigInt(activeFrom) << 8n) | (BigInt(expires) << 56n);
    await this.world.chain.testClient.setStorageAt({
      address: account,
      index: keccak256(slot),
      value: toHex(packed, { size: 32 }),
    });
  }

  /** The time of the latest block, Unix seconds. */
  async chainTime(): Promise<number> {
    const { timestamp } = await this.world.chain.publicClient.getBlock();
    return Number(timestamp);
  }
}
