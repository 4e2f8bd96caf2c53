import { createPublicClient, encodeFunctionData, http } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { accountFactoryAbi, factorRegistryAbi, gateRegistryAbi } from "#contracts/abi.ts";
import type { NetworkConfig } from "#core/config/network.ts";
import { sessionMessage } from "#core/key-network/session-message.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import { type PublicKey, zPublicKey } from "#core/keys/public-key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import { gateRequestTypedData, operationDigest, typedDataDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Digest, type GateDigest, type Hex, NO_SALT, zGateDigest } from "#core/primitives/hex.ts";
import { listFactors } from "#core/security/factors.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { type OpenedRecord, recordEntries } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import { createKeyNetworkService } from "#electron/key-network/service.ts";
import { AuthenticatorClient } from "#electron/vault/authenticator/client.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import { loadReleases } from "#lit-actions/releases.ts";

const EMAIL = "bench@example.com";
/** A session JWT is renewed when less than this is left of it. */
const JWT_MARGIN_SECONDS = 60;

const zMails = z.array(z.object({ to: z.string(), code: z.string() }));
const zSubmitted = z.object({ transactionHash: z.string() });

type NetworkService = ReturnType<typeof createKeyNetworkService>;

/**
 * The parts of the wallet that signing goes through, without its windows: the authenticator's client, the key-network
 * process' service, a device key, and an account on the devnet whose mfa and recovery keys the network holds.
 */
export class BenchWallet {
  readonly #config: NetworkConfig;
  readonly #device: PrivateKeyAccount;
  readonly #network: NetworkService;
  readonly #authenticator: AuthenticatorClient;
  #session: AuthenticatorSession;
  readonly #mfa: PublicKey;
  readonly #record: OpenedRecord;

  private constructor(parts: {
    config: NetworkConfig;
    device: PrivateKeyAccount;
    network: NetworkService;
    authenticator: AuthenticatorClient;
    session: AuthenticatorSession;
    mfa: PublicKey;
    record: OpenedRecord;
  }) {
    this.#config = parts.config;
    this.#device = parts.device;
    this.#network = parts.network;
    this.#authenticator = parts.authenticator;
    this.#session = parts.session;
    this.#mfa = parts.mfa;
    this.#record = parts.record;
  }

  get account(): Address {
    return this.#record.account;
  }

  /** Signs in and creates an account, as the app does. */
  static async create(config: NetworkConfig): Promise<BenchWallet> {
    const device = privateKeyToAccount(generatePrivateKey());
    const network = createKeyNetworkService((grant) =>
      device.signMessage({ message: sessionMessage(grant) }),
    );
    await network.start({ config, gates: (await loadReleases()).map(({ code }) => code) });
    const { baseUrl, publicToken } = config.authenticator;
    const authenticator = new AuthenticatorClient({ baseUrl, publicToken });
    const session = await signIn(authenticator, baseUrl);

    const wallet = { config, device, network, session };
    const mfa = await createKey(wallet);
    const recovery = await createKey(wallet);
    const keys = [keyOfAddress(device.address), mfa.key, recovery.key].map(keyId);
    const [deviceId, mfaId, recoveryId] = keys;
    if (!deviceId || !mfaId || !recoveryId) throw new Error("an account has three keys");
    const { factory, implementation } = config.contracts;
    const first = { device: deviceId, mfa: mfaId, recovery: recoveryId, salt: NO_SALT };
    const account = accountAddress(factory, implementation, first);
    const record = await writeRecord(wallet, "mfa", mfa, account);
    const args = [deviceId, mfaId, recoveryId, NO_SALT] as const;
    const data = encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args });
    await submit(config, factory, data);
    return new BenchWallet({ ...wallet, authenticator, mfa: mfa.publicKey, record });
  }

  /** Has the network-held mfa key sign a withdrawal: session, gate, threshold signature, verification. */
  async sign(nonce: bigint): Promise<void> {
    const operation = this.#withdrawal(nonce);
    const { signature } = await this.#ask(operation, operation);
    if (signature.length !== 132) throw new Error("the network gave no signature");
  }

  /** The same run of the gate but for its very last check: the device key bound another operation. */
  async beRefused(nonce: bigint): Promise<void> {
    const refusal: unknown = await this.#ask(this.#withdrawal(nonce), this.#withdrawal(nonce + 1n)).catch(
      (error: unknown) => error,
    );
    const { code } = z.object({ code: z.string() }).parse(refusal);
    if (code !== "gate-refused-binding-mismatch") throw new Error(`the gate did not refuse: ${code}`);
  }

  #withdrawal(nonce: bigint): Operation {
    const to = toAddress(this.#device.address);
    return { kind: "withdraw", account: this.account, token: NATIVE_TOKEN, to, amount: 1n, nonce };
  }

  async #ask(operation: Operation, bound: Operation) {
    const now = Math.floor(Date.now() / 1000);
    if (this.#session.claims.exp - now < JWT_MARGIN_SECONDS) {
      this.#session = await this.#authenticator.refreshSession(this.#session);
    }
    const digest = operationDigest(bound, "compact", domainOf(this.#config));
    const authorization = await authorize(this.#config, this.#device, this.#session, digest);
    const opened = this.#record;
    return this.#network.signOperation({
      role: "mfa",
      publicKey: this.#mfa,
      opened,
      operation,
      authorization,
    });
  }
}

const domainOf = ({ chain, contracts }: NetworkConfig) => ({
  chainId: chain.id,
  implementation: contracts.implementation,
});

async function signIn(authenticator: AuthenticatorClient, baseUrl: string): Promise<AuthenticatorSession> {
  const { methodId } = await authenticator.email.send(EMAIL);
  const mails = zMails.parse(await (await fetch(new URL("/inbox", baseUrl))).json());
  const code = mails.find(({ to }) => to === EMAIL)?.code;
  if (code === undefined) throw new Error("no code arrived");
  return authenticator.email.verify({ methodId, code });
}

async function authorize(
  config: NetworkConfig,
  device: PrivateKeyAccount,
  { jwt }: AuthenticatorSession,
  digest: Digest,
) {
  const hash = typedDataDigest(gateRequestTypedData(domainOf(config), digest, jwtHash(jwt)));
  const deviceSignature = await device.sign({ hash });
  return { jwt, deviceKey: keyOfAddress(device.address), deviceSignature };
}

interface Creating {
  readonly config: NetworkConfig;
  readonly device: PrivateKeyAccount;
  readonly network: NetworkService;
  readonly session: AuthenticatorSession;
}

interface CreatedKey {
  readonly key: Key;
  readonly publicKey: PublicKey;
}

/** Makes a network-held key. */
async function createKey({ device, network }: Creating): Promise<CreatedKey> {
  const created = await network.createKey({ device: toAddress(device.address) });
  return { key: keyOfAddress(created.address), publicKey: zPublicKey.parse(created.publicKey) };
}

/** Writes a key's first record: the account, and the email address that this session proved. */
async function writeRecord(
  { config, device, network, session }: Creating,
  role: ReplaceableRole,
  { key: { signer }, publicKey }: CreatedKey,
  account: Address,
): Promise<OpenedRecord> {
  const factors = listFactors(session.claims).map(({ type, id }) => ({ type, id }));
  const record = { account, factors };
  const key = toAddress(signer);
  const gate = await canonicalGate(config);
  const { factorRegistry } = config.contracts;
  const { iss: issuer, sub } = session.claims;
  const entries = recordEntries(record, { issuer, sub }, config.chain.id);
  const next = { key, gate, factors: entries, version: 1n };
  const digest = recordDigest(next, { chainId: config.chain.id, factorRegistry });
  const authorization = await authorize(config, device, session, digest);
  const { signature } = await network.signRecord({ role, publicKey, next: { record, gate }, authorization });
  const args = [key, gate, entries, signature] as const;
  const data = encodeFunctionData({ abi: factorRegistryAbi, functionName: "setRecord", args });
  await submit(config, factorRegistry, data);
  return record;
}

/** The gate that makes first records. */
async function canonicalGate({ chain, contracts }: NetworkConfig): Promise<GateDigest> {
  const client = createPublicClient({ transport: http(chain.rpcUrls[0]) });
  const registry = { address: contracts.gateRegistry, abi: gateRegistryAbi } as const;
  return zGateDigest.parse(await client.readContract({ ...registry, functionName: "canonical" }));
}

/** Submits a call through the devnet's relay, whose chain mines it at once. */
async function submit({ relayUrl }: NetworkConfig, to: Address, data: Hex): Promise<void> {
  const response = await fetch(relayUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to, data }),
  });
  if (!response.ok) throw new Error(`the relay refused: ${await response.text()}`);
  zSubmitted.parse(await response.json());
}
