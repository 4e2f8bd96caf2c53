import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PrivateKeyAccount } from "viem/accounts";
import { accountAbi, gateRegistryAbi } from "#contracts/abi.ts";
import { readArtifact } from "#contracts/artifacts.ts";
import { Safe } from "#contracts/testing/safe.ts";
import type { NetworkConfig } from "#core/config/network.ts";
import { gateDigest } from "#core/key-network/gate-cid.ts";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { addressOfKey } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type GateDigest, zTransactionHash } from "#core/primitives/hex.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import { deployer } from "#devnet/chain/accounts.ts";
import { createFaucet } from "#devnet/faucet/faucet.ts";
import type { SoftwareLedger } from "#devnet/ledger/device.ts";
import { type LedgerServer, serveLedger } from "#devnet/ledger/http/server.ts";
import { createRelay as createDevnetRelay, RelayError } from "#devnet/relay/relay.ts";
import { startTestChain, type TestChain } from "#devnet/testing/devnet-chain.ts";
import { Person } from "../../vault/authenticator/testing/person.ts";
import { accountReader } from "../chain/account-reader.ts";
import { createChainClient } from "../chain/client.ts";
import { revertError } from "../chain/contract-errors.ts";
import type { Relay } from "../chain/relay.ts";
import type { KeyNetworkService } from "../key-network.ts";
import type { JournalEntry } from "../operations/journal.ts";
import type { HeldKey, Profile } from "../profile.ts";
import type { Records } from "../records/records.ts";
import type { VaultClient } from "../vault.ts";
import { Approver } from "./approver.ts";
import { startApp } from "./apps/app.ts";
import { runCreation } from "./apps/creation.ts";
import { startFactors } from "./apps/factors.ts";
import { startGates } from "./apps/gates.ts";
import { startJoining } from "./apps/joining.ts";
import { startRecords } from "./apps/records.ts";
import { startReturn } from "./apps/return.ts";
import { configOf } from "./config.ts";
import { CrashPoint } from "./crash.ts";
import { KeyPairs } from "./key-pairs.ts";
import { createLedger, LEDGER_ADDRESS, LEDGER_KEY, ledgerAsks } from "./ledger.ts";
import type { Passkeys } from "./passkeys.ts";
import { RealNetwork } from "./real-network.ts";
import type { Surroundings } from "./surroundings.ts";

/** The gates that Trivet ships, oldest first; none runs in this file (e2e and devnet/key-network run real ones). */
export const GATES = GATE_RELEASES.map(({ cid }) => gateDigest(cid));

const neverCrashes = () => new CrashPoint(Infinity);

/**
 * The services of main over a real chain, a real authenticator, a real vault (in this process) and a software Ledger.
 * Network-held keys are plain key pairs here; unless the real network is asked for. Each app is in apps/.
 */
export class World implements Surroundings {
  readonly #chain: TestChain;
  readonly #network: RealNetwork | undefined;
  readonly #keyPairs: KeyPairs;
  readonly #ledgerServer: LedgerServer;
  readonly #folder: string;
  readonly #people = new Map<string, Person>();
  readonly #approver = new Approver();
  readonly config: NetworkConfig;
  /** The authenticator, as anybody with a session can use it. */
  readonly authenticator: AuthenticatorHarness;
  readonly ledger: SoftwareLedger;
  /** What the accounts of this world are worth, in US cents. */
  cents: bigint | undefined;
  /** What the relay does in place of sending a call, while it is broken or hostile. */
  relayFault: ((call: Parameters<Relay>[0], send: Relay) => ReturnType<Relay>) | undefined;

  /** How long the apps that start from now on wait for a receipt, in milliseconds; undefined: as long as the real one. */
  patience: number | undefined;

  private constructor(parts: {
    chain: TestChain;
    authenticator: AuthenticatorHarness;
    network: RealNetwork | undefined;
    ledger: SoftwareLedger;
    ledgerServer: LedgerServer;
    folder: string;
  }) {
    this.#chain = parts.chain;
    this.#network = parts.network;
    this.#ledgerServer = parts.ledgerServer;
    this.#folder = parts.folder;
    this.authenticator = parts.authenticator;
    this.ledger = parts.ledger;
    this.config = configOf(parts);
    this.#keyPairs = new KeyPairs(this.config, parts.authenticator.time);
  }

  /** @param options.real whether four key nodes run the released gate; then time is what it is, and cannot pass faster */
  static async start({ real = false }: { readonly real?: boolean } = {}): Promise<World> {
    const ledger = createLedger();
    const [chain, authenticator, ledgerServer, folder] = await Promise.all([
      startTestChain(),
      AuthenticatorHarness.start({ runs: real }),
      serveLedger(ledger, 0),
      mkdtemp(path.join(tmpdir(), "trivet-operations-")),
    ]);
    const network = real ? await RealNetwork.start(chain, authenticator.url) : undefined;
    const world = new World({ chain, authenticator, network, ledger, ledgerServer, folder });
    // The factor registry takes records for published gates only.
    const [first] = GATES;
    if (first) await world.publishGate(first);
    return world;
  }

  async stop(): Promise<void> {
    await this.#network?.stop();
    await Promise.all([
      this.#chain.close(),
      this.authenticator[Symbol.asyncDispose](),
      this.#ledgerServer.close(),
    ]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  // People and time.

  /** Everybody has a profile, and an address, of their own. */
  emailOf(directory: string): string {
    return `${path.basename(directory).toLowerCase()}@example.org`;
  }

  person(directory: string): Person {
    const phone = `+4179000${String(1000 + this.#people.size)}`;
    const known = this.#people.get(directory);
    const person = known ?? new Person(this.authenticator, { email: this.emailOf(directory), phone });
    this.#people.set(directory, person);
    return person;
  }

  codeFor(directory: string): Promise<string> {
    return this.authenticator.codeFor(this.emailOf(directory));
  }

  /** How often the person approved in the confirm window. */
  get approvals(): number {
    return this.#approver.approvals;
  }

  /** What the confirm window showed last. */
  get lastView(): ConfirmView | undefined {
    return this.#approver.lastView;
  }

  get realTime(): boolean {
    return this.#network !== undefined;
  }

  /** The time of authenticator and vault, milliseconds since 1970. */
  now(): number {
    return this.authenticator.time();
  }

  /** Lets the authenticator's and the vault's time pass. */
  passTime(seconds: number): void {
    this.authenticator.advance(seconds);
  }

  // The chain.

  /** Lets the chain's time pass. */
  async passChainTime(seconds: number): Promise<void> {
    await this.#chain.advance(seconds);
  }

  /** Has governance make a gate the canonical one. */
  async publishGate(gate: GateDigest): Promise<void> {
    const { contracts, clients } = this.#chain;
    await clients.as(deployer).writeContract({
      address: contracts.gateRegistry,
      abi: gateRegistryAbi,
      functionName: "publish",
      args: [gate],
    });
  }

  /** Has governance withdraw the canonical gate. */
  async rollBackGate(): Promise<void> {
    const { contracts, clients } = this.#chain;
    await clients.as(deployer).writeContract({
      address: contracts.gateRegistry,
      abi: gateRegistryAbi,
      functionName: "rollBack",
    });
  }

  get tusd(): Address {
    return this.#chain.contracts.tusd;
  }

  async fund(address: Address, tusd: string): Promise<void> {
    const faucet = createFaucet(this.#chain.clients, this.config.tokens);
    const [token] = this.config.tokens;
    if (!token) throw new Error("no token");
    await faucet({ address, token: token.address, amount: tusd });
  }

  /** A Safe on this chain. */
  createSafe(owners: readonly PrivateKeyAccount[], threshold: number): Promise<Safe> {
    const { clients } = this.#chain;
    const chain = { publicClient: clients.reader, walletClient: clients.as(deployer) };
    return Safe.create(chain, owners, threshold);
  }

  /** Puts one of contracts/testing/hostile onto this chain. */
  async deployHostile(name: string, args: readonly unknown[] = []): Promise<Address> {
    const { abi, bytecode } = await readArtifact(name, `testing/hostile/${name}.sol`);
    const { clients } = this.#chain;
    const hash = await clients.as(deployer).deployContract({ abi, bytecode, args });
    const { contractAddress } = await clients.reader.waitForTransactionReceipt({ hash });
    if (!contractAddress) throw new Error(`${name} was not deployed`);
    return toAddress(contractAddress);
  }

  /** Every operation that the account ran, by its events. */
  async executed(account: Address) {
    return this.#chain.clients.reader.getContractEvents({
      address: account,
      abi: accountAbi,
      fromBlock: "earliest",
      strict: true,
    });
  }

  /** What the factor registry holds for the key of a role. */
  async registered({ keys }: Profile, role: ReplaceableRole) {
    const [held] = keys[role];
    const key = held && addressOfKey(held.key);
    if (!key) throw new Error("there is no such key");
    return accountReader(createChainClient(this.config)).factorRecord(key);
  }

  relay(): Relay {
    const relay = createDevnetRelay(this.#chain.clients, this.#chain.contracts);
    const send: Relay = async (call) => {
      try {
        return zTransactionHash.parse(await relay.submit(call));
      } catch (error) {
        throw error instanceof RelayError && error.revertData ? revertError(error.revertData) : error;
      }
    };
    return (call) => this.relayFault?.(call, send) ?? send(call);
  }

  // Who holds keys.

  startVault(directory: string): Promise<VaultClient> {
    return this.#approver.startVault(this.config, directory, this.authenticator.time);
  }

  async keyNetwork(vault: VaultClient): Promise<KeyNetworkService> {
    return this.#network?.serviceOf(this.config, vault) ?? this.#keyPairs.service;
  }

  /** Stops nodes of the key network; none: all run. */
  stopNodes(...indices: number[]): void {
    this.#keyPairs.stopNodes(indices);
  }

  get ledgerAddress(): Address {
    return LEDGER_ADDRESS;
  }

  ledgerHolder(): Promise<HeldKey> {
    return Promise.resolve(LEDGER_KEY);
  }

  /** The passkeys that hold keys, of whoever sits in front of the vaults. */
  get passkeys(): Passkeys {
    return this.#approver.passkeys;
  }

  /** Resolves when the Ledger next asks the person; from then on it waits for the person. */
  ledgerAsks(): Promise<void> {
    return ledgerAsks(this.ledger);
  }

  // Apps, each of which may crash.

  newDirectory(): Promise<string> {
    return mkdtemp(path.join(this.#folder, "profile-"));
  }

  /** A complete account whose profile is in a new directory. */
  async createAccount(): Promise<{ directory: string; account: Address }> {
    const directory = await this.newDirectory();
    const { account } = await this.runCreation(directory);
    if (!account) throw new Error("the account was not made");
    return { directory, account: account.address };
  }

  startApp(
    directory: string,
    crash = neverCrashes(),
    disk: (entry: JournalEntry) => Promise<void> = () => Promise.resolve(),
    signsIn = this.emailOf(directory),
    inBrowser = this.person(directory).browse,
  ) {
    return startApp(this, directory, crash, disk, signsIn, inBrowser);
  }

  async runCreation(directory: string, crash = neverCrashes()): Promise<Profile> {
    return runCreation(this, directory, await this.startApp(directory), crash);
  }

  async startJoining(directory: string, email: string, crash = neverCrashes()) {
    const app = await this.startApp(directory, crash, undefined, email);
    return startJoining(this, directory, app, email, crash);
  }

  async startRecords(directory: string, crash = neverCrashes()): Promise<Records> {
    return startRecords(this, directory, await this.startApp(directory), crash);
  }

  async startFactors(
    directory: string,
    crash = neverCrashes(),
    inBrowser: (url: string) => Promise<void> = () => Promise.resolve(),
  ) {
    return startFactors(this, directory, await this.startApp(directory), crash, inBrowser);
  }

  async startGates(directory: string, crash = neverCrashes()) {
    return startGates(this, directory, await this.startApp(directory), crash);
  }

  async startReturn(directory: string) {
    return startReturn(this, await this.startApp(directory));
  }
}
