import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { accountAbi, gateRegistryAbi } from "#contracts/abi.ts";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import { addressOfKey, keyOfAddress } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { tooFewNodes } from "#core/key-network/errors.ts";
import { gateDigest } from "#core/key-network/gate-cid.ts";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import { type GateDigest, zTransactionHash } from "#core/primitives/hex.ts";
import { recordDigest } from "#core/security/record.ts";
import type { FactorChangeView } from "#core/wallet-api/factors.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import { deployer } from "#devnet/chain/accounts.ts";
import { createFaucet } from "#devnet/faucet/faucet.ts";
import { SoftwareLedger } from "#devnet/ledger/device.ts";
import { type LedgerServer, serveLedger } from "#devnet/ledger/http/server.ts";
import { createRelay as createDevnetRelay, RelayError } from "#devnet/relay/relay.ts";
import { startTestChain, type TestChain } from "#devnet/testing/devnet-chain.ts";
import type { Handlers, Input, Output } from "../../processes/peer.ts";
import type { VAULT_METHODS } from "../../vault/protocol.ts";
import { createVault } from "../../vault/vault.ts";
import { accountReader } from "../chain/account-reader.ts";
import { createChainClient } from "../chain/client.ts";
import { revertError } from "../chain/contract-errors.ts";
import type { Relay } from "../chain/relay.ts";
import { createCreation } from "../creation/creation.ts";
import type { KeyNetworkService } from "../key-network.ts";
import { type HeldKey, newProfile, type Profile, profileFile } from "../profile.ts";
import { createSystemBrowser } from "../browser/system-browser.ts";
import { createFactors } from "../factors/factors.ts";
import { openFactorJournal } from "../factors/journal.ts";
import { createProofs, type Proofs } from "../proofs/proofs.ts";
import { createGates } from "../gates/gates.ts";
import { gateNotes } from "../gates/notes.ts";
import { createRecords, type Records } from "../records/records.ts";
import type { VaultClient } from "../vault.ts";
import { type Journal, type JournalEntry, openJournal } from "../operations/journal.ts";
import { createOperations } from "../operations/operations.ts";
import { Person } from "../../vault/authenticator/testing/person.ts";
import { demandProofs } from "./gate-rules.ts";
import { RealNetwork } from "./real-network.ts";

const SEED = "test test test test test test test test test test test junk";
/** The gates that Trivet ships, oldest first; none runs in this file (e2e and devnet/key-network run real ones). */
export const GATES = GATE_RELEASES.map(({ cid }) => gateDigest(cid));

/** Everybody has a profile, and an address, of their own. */
const emailOf = (directory: string) => `${path.basename(directory).toLowerCase()}@example.org`;

/** The app dies here: from then on nothing it would do happens. */
export class Crash extends Error {}

/** Counts the points at which a crash may come, and crashes at one of them. */
export class CrashPoint {
  #left: number;
  #dead = false;

  constructor(after: number) {
    this.#left = after;
  }

  get crashed(): boolean {
    return this.#dead;
  }

  pass(): void {
    if (this.#dead || this.#left-- === 0) {
      this.#dead = true;
      throw new Crash();
    }
  }

  /** Lets `act` happen between two points. */
  async around<T>(act: () => Promise<T>): Promise<T> {
    this.pass();
    const result = await act();
    this.pass();
    return result;
  }
}

/**
 * The services of main over a real chain, a real authenticator, a real vault (in this process) and a software Ledger.
 * Network-held keys are plain key pairs here, so that a hundred crashes take seconds; unless the real network is asked for.
 */
export class World {
  readonly #chain: TestChain;
  readonly #authenticator: AuthenticatorHarness;
  readonly #network: RealNetwork | undefined;
  readonly #ledgerServer: LedgerServer;
  readonly #folder: string;
  readonly #networkKeys = new Map<string, PrivateKeyAccount>();
  readonly #people = new Map<string, Person>();
  #stoppedNodes: number[] = [];
  #approvals = 0;
  readonly config: NetworkConfig;
  readonly ledger: SoftwareLedger;

  private constructor(parts: {
    chain: TestChain;
    authenticator: AuthenticatorHarness;
    network: RealNetwork | undefined;
    ledger: SoftwareLedger;
    ledgerServer: LedgerServer;
    folder: string;
  }) {
    this.#chain = parts.chain;
    this.#authenticator = parts.authenticator;
    this.#network = parts.network;
    this.#ledgerServer = parts.ledgerServer;
    this.#folder = parts.folder;
    this.ledger = parts.ledger;
    const { contracts, clients } = parts.chain;
    const rpcUrl = clients.reader.transport.url ?? "";
    const { identity, url } = parts.authenticator.running;
    this.config = zNetworkConfig.parse({
      name: "Test",
      kind: "devnet",
      chain: { id: clients.reader.chain.id, name: "Test chain", rpcUrls: [rpcUrl], nativeSymbol: "ETH" },
      contracts: {
        factory: contracts.factory,
        implementation: contracts.implementation,
        factorRegistry: contracts.factorRegistry,
        gateRegistry: contracts.gateRegistry,
      },
      tokens: [{ address: contracts.tusd, symbol: "TUSD", decimals: 6, name: "Trivet Dollar" }],
      relayUrl: rpcUrl,
      keyNetwork: {
        adapter: "local",
        rpcUrl,
        staking: contracts.staking,
        nodes: parts.network?.nodes ?? [{ index: 1, url: rpcUrl }],
      },
      authenticator: {
        baseUrl: url,
        publicToken: identity.publicToken,
        projectId: identity.projectId,
        issuer: identity.issuer,
      },
      ledger: { transport: "speculos", url: parts.ledgerServer.url },
    });
  }

  /** @param options.real whether four key nodes run the released gate; then time is what it is, and cannot pass faster */
  static async start({ real = false }: { readonly real?: boolean } = {}): Promise<World> {
    const ledger = new SoftwareLedger({
      seed: SEED,
      settings: { rawMessages: true, blindSigning: false },
      approval: "always",
    });
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

  async stop(): Promise<void> {
    await this.#network?.stop();
    await Promise.all([
      this.#chain.close(),
      this.#authenticator[Symbol.asyncDispose](),
      this.#ledgerServer.close(),
    ]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** How often the person approved in the confirm window. */
  get approvals(): number {
    return this.#approvals;
  }

  /** Stops nodes of the key network; none: all run. */
  stopNodes(...indices: number[]): void {
    this.#stoppedNodes = indices;
  }

  /** Whose account a directory holds. */
  person(directory: string): Person {
    const phone = `+4179000${String(1000 + this.#people.size)}`;
    const known = this.#people.get(directory);
    const person = known ?? new Person(this.#authenticator, { email: emailOf(directory), phone });
    this.#people.set(directory, person);
    return person;
  }

  codeFor(directory: string): Promise<string> {
    return this.#authenticator.codeFor(emailOf(directory));
  }

  async fund(address: Address, tusd: string): Promise<void> {
    const faucet = createFaucet(this.#chain.clients, this.config.tokens);
    const [token] = this.config.tokens;
    if (!token) throw new Error("no token");
    await faucet({ address, token: token.address, amount: tusd });
  }

  get tusd(): Address {
    return this.#chain.contracts.tusd;
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

  #relay(): Relay {
    const relay = createDevnetRelay(this.#chain.clients, this.#chain.contracts);
    return async (call) => {
      try {
        return zTransactionHash.parse(await relay.submit(call));
      } catch (error) {
        throw error instanceof RelayError && error.revertData ? revertError(error.revertData) : error;
      }
    };
  }

  async #keyNetwork(vault: VaultClient): Promise<KeyNetworkService> {
    return this.#network?.serviceOf(this.config, vault) ?? this.#keyPairs();
  }

  #keyPairs(): KeyNetworkService {
    const signer = (publicKey: string) => {
      const account = this.#networkKeys.get(publicKey);
      if (!account) throw new Error("no such key");
      return account;
    };
    const { chain, contracts } = this.config;
    return {
      createKey: () => {
        const account = privateKeyToAccount(generatePrivateKey());
        this.#networkKeys.set(account.publicKey, account);
        return Promise.resolve({ publicKey: account.publicKey, address: toAddress(account.address) });
      },
      signOperation: async ({ operation, role, publicKey, opened, authorization, walletSignature }) => {
        if (this.#stoppedNodes.length > 0) throw tooFewNodes(this.#stoppedNodes, 4, 3);
        const domain = { chainId: chain.id, implementation: contracts.implementation };
        const hash = operationDigest(operation, "compact", domain);
        const action = role === "mfa" ? "sign-with-mfa-key" : "sign-with-recovery-key";
        const now = Math.floor(this.#authenticator.time() / 1000);
        await demandProofs({ action, opened, digest: hash, authorization, walletSignature }, domain, now);
        return { signature: await signer(publicKey).sign({ hash }), faultyNodes: [] };
      },
      signRecord: async ({ publicKey, next, expected }) => {
        const account = signer(publicKey);
        const key = toAddress(account.address);
        const registered = await accountReader(createChainClient(this.config)).factorRecord(key);
        const record = { key, gate: next.gate, factors: expected, version: registered.version + 1n };
        const domain = { chainId: chain.id, factorRegistry: contracts.factorRegistry };
        return { signature: await account.sign({ hash: recordDigest(record, domain) }) };
      },
    };
  }

  async #vault(directory: string): Promise<VaultClient> {
    const handlers: Handlers<typeof VAULT_METHODS> = createVault({
      main: {
        call: (method, input) => {
          const answers: Record<string, unknown> = {
            protect: { protected: "secret" in input ? input.secret : undefined },
            unprotect: { secret: "protected" in input ? input.protected : undefined },
            confirm: { approved: true },
          };
          if (method === "confirm") this.#approvals += 1;
          return Promise.resolve(answers[method] as never);
        },
      },
      onUnexpected: () => undefined,
      now: this.#authenticator.time,
    });
    await handlers.start({ config: this.config, directory });
    return {
      call: <M extends keyof typeof VAULT_METHODS>(method: M, input: Input<typeof VAULT_METHODS, M>) => {
        const handler = handlers[method] as (given: unknown) => Promise<Output<typeof VAULT_METHODS, M>>;
        return handler(input);
      },
    };
  }

  /**
   * The app as it is after its start with the profile of `directory`, signed in.
   * @param disk what happens before an entry is written
   */
  async startApp(
    directory: string,
    crash = new CrashPoint(Infinity),
    disk: (entry: JournalEntry) => Promise<void> = () => Promise.resolve(),
  ) {
    const vault = await this.#vault(directory);
    // The authenticator sends only so many codes in ten minutes.
    if (!this.#network) this.#authenticator.advance(600);
    const { email } = (await profileFile(directory).read()) ?? { email: emailOf(directory) };
    await vault.call("sendCode", { email });
    await vault.call("verifyCode", { code: await this.#authenticator.codeFor(email) });
    const chain = createChainClient(this.config);
    const file = profileFile(directory);
    const get = async () => {
      const profile = await file.read();
      if (!profile) throw new Error("no profile");
      return profile;
    };
    const journal = openJournal(directory);
    const crashing: Journal = {
      list: journal.list,
      save: (entry) =>
        crash.around(async () => {
          await disk(entry);
          await journal.save(entry);
        }),
    };
    const relay = this.#relay();
    const person = this.person(directory);
    const browser = createSystemBrowser({
      openExternal: person.browse,
      startsAt: [this.config.authenticator.baseUrl],
    });
    const proofs = createProofs({ vault, profile: { get }, browser, now: this.#authenticator.time });
    const listeners = new Set<(view: OperationView) => void>();
    const operations = createOperations({
      proofs,
      chain,
      reader: accountReader(chain),
      relay: (call) => crash.around(() => relay(call)),
      vault: {
        call: async (method, input) => {
          crash.pass();
          return vault.call(method, input);
        },
      },
      keyNetwork: await this.#keyNetwork(vault),
      profile: {
        get,
        update: (change) => crash.around(async () => file.write(change(await get()))),
      },
      journal: crashing,
      now: this.#authenticator.time,
      onChange: (view) => {
        for (const listener of listeners) listener(view);
      },
      onUnexpected: (_, cause) => {
        if (!(cause instanceof Crash)) throw cause;
      },
    });
    await operations.load();
    /** Resolves when the operation has ended, waits for the person, or the app has crashed. */
    const rest = (view: OperationView) =>
      new Promise<OperationView>((resolve) => {
        const look = (seen: OperationView) => {
          if (seen.id !== view.id || (seen.status === "running" && !crash.crashed)) return;
          listeners.delete(look);
          resolve(seen);
        };
        listeners.add(look);
        const now = operations.list().find(({ id }) => id === view.id);
        if (now) look(now);
      });
    const prove = (need: ProofNeed) => this.give(proofs, person, need);
    /** Proves what is asked for until the operation comes to rest without a question. */
    const finish = async (view: OperationView): Promise<OperationView> => {
      const seen = await rest(view);
      if (seen.needs?.kind !== "proofs" || crash.crashed) return seen;
      await prove(seen.needs.need);
      return finish(operations.continue(seen.id));
    };
    return { vault, chain, relay, file, get, operations, proofs, prove, rest, finish };
  }

  /** Proves the first of what is asked for, as the person does. */
  async give(proofs: Proofs, person: Person, { ways: [way = []], factors }: ProofNeed): Promise<void> {
    const factor = factors.find((one) => one.proof === way[0]);
    if (!factor || factor.type === "wallet") throw new Error("a wallet proves itself");
    const { type, id, provider = "google" } = factor;
    if (type === "email" || type === "sms") await proofs.sendCode({ kind: type, id });
    if (type === "passkey") await proofs.give({ kind: type });
    else if (type === "oauth") await proofs.give({ kind: type, provider });
    else await proofs.give(await person.type(type));
  }

  /** A complete account whose profile is in a new directory. */
  async createAccount(): Promise<{ directory: string; account: Address }> {
    const directory = await this.newDirectory();
    const { account } = await this.runCreation(directory);
    if (!account) throw new Error("the account was not made");
    return { directory, account: account.address };
  }

  newDirectory(): Promise<string> {
    return mkdtemp(path.join(this.#folder, "profile-"));
  }

  /** Creates the account of a directory, or goes on with it, until it is complete or the app crashes. */
  async runCreation(directory: string, crash = new CrashPoint(Infinity)): Promise<Profile> {
    const { vault, chain, relay, file, get } = await this.startApp(directory);
    if (!(await file.read())) await file.write(newProfile(emailOf(directory), this.config.chain.id));
    const keyNetwork = await this.#keyNetwork(vault);
    const creation = createCreation({
      chain,
      reader: accountReader(chain),
      relay: (call) => crash.around(() => relay(call)),
      vault,
      keyNetwork: {
        ...keyNetwork,
        createKey: (device) => crash.around(() => keyNetwork.createKey(device)),
        signRecord: (request) => crash.around(() => keyNetwork.signRecord(request)),
      },
      profile: { get, update: (change) => crash.around(async () => file.write(change(await get()))) },
      onChange: () => undefined,
      onUnexpected: (_, cause) => {
        if (!(cause instanceof Crash)) throw cause;
      },
    });
    await creation.run();
    return get();
  }

  /** The records of a directory's account, in an app that may crash. */
  async startRecords(directory: string, crash = new CrashPoint(Infinity)): Promise<Records> {
    const { vault, chain, relay, file, get } = await this.startApp(directory);
    return createRecords({
      chain,
      reader: accountReader(chain),
      relay: (call) => crash.around(() => relay(call)),
      vault,
      keyNetwork: await this.#keyNetwork(vault),
      profile: { get, update: (change) => crash.around(async () => file.write(change(await get()))) },
    });
  }

  /**
   * The factors of a directory's account, in an app that may crash.
   * @param inBrowser what the person does with an address that is opened in the system's browser
   */
  async startFactors(
    directory: string,
    crash = new CrashPoint(Infinity),
    inBrowser: (url: string) => Promise<void> = () => Promise.resolve(),
  ) {
    const { vault, chain, relay, file, get } = await this.startApp(directory);
    const profile = {
      get,
      update: (change: (old: Profile) => Profile) =>
        crash.around(async () => file.write(change(await get()))),
    };
    // What a thief or a lost connection interrupts: every call that changes something at the authenticator.
    const risky: VaultClient = {
      call: (method, input) =>
        /^(enrol|delete|useRecovery)/.test(method)
          ? crash.around(() => vault.call(method, input))
          : vault.call(method, input),
    };
    const reader = accountReader(chain);
    const browser = createSystemBrowser({
      openExternal: inBrowser,
      startsAt: [this.config.authenticator.baseUrl],
    });
    const journal = openFactorJournal(directory);
    const records = createRecords({
      chain,
      reader,
      relay: (call) => crash.around(() => relay(call)),
      vault,
      keyNetwork: await this.#keyNetwork(vault),
      profile,
    });
    const proofs = createProofs({ vault, profile, browser, now: this.#authenticator.time });
    const listeners = new Set<(view: FactorChangeView) => void>();
    const factors = createFactors({
      chainId: this.config.chain.id,
      reader,
      records,
      vault: risky,
      proofs,
      profile,
      browser,
      journal: {
        list: journal.list,
        save: (entry) => crash.around(() => journal.save(entry)),
      },
      cents: () => Promise.resolve(this.cents),
      now: this.#authenticator.time,
      onChange: (view) => {
        for (const listener of listeners) listener(view);
      },
      onUnexpected: (_, cause) => {
        if (!(cause instanceof Crash)) throw cause;
      },
    });
    await factors.load();
    /** Resolves when the change has ended, waits for the person, or the app has crashed. */
    const rest = (change: FactorChangeView) =>
      new Promise<FactorChangeView>((resolve) => {
        const look = (seen: FactorChangeView) => {
          if (seen.id !== change.id || (seen.status === "running" && !crash.crashed)) return;
          listeners.delete(look);
          resolve(seen);
        };
        listeners.add(look);
        const now = factors.current();
        if (now) look(now);
      });
    return { factors, proofs, vault, rest, profile, get };
  }

  /** What the accounts of this world are worth, in US cents. */
  cents: bigint | undefined;

  /** The authenticator, as anybody with a session can use it. */
  get authenticator(): AuthenticatorHarness {
    return this.#authenticator;
  }

  emailOf(directory: string): string {
    return emailOf(directory);
  }

  /** The gates of a directory's account in an app that may crash. */
  async startGates(directory: string, crash = new CrashPoint(Infinity)) {
    const { vault, chain, relay, file, get } = await this.startApp(directory);
    const profile = {
      get,
      update: (change: (old: Profile) => Profile) =>
        crash.around(async () => file.write(change(await get()))),
    };
    const records = createRecords({
      chain,
      reader: accountReader(chain),
      relay: (call) => crash.around(() => relay(call)),
      vault,
      keyNetwork: await this.#keyNetwork(vault),
      profile,
    });
    const browser = createSystemBrowser({ openExternal: () => Promise.resolve(), startsAt: [] });
    const proofs = createProofs({ vault, profile, browser, now: this.#authenticator.time });
    const notes = gateNotes(directory);
    const gates = createGates({
      chain,
      records,
      proofs,
      notes: { read: () => notes.read(), write: (value) => crash.around(() => notes.write(value)) },
    });
    /** Proves the email address again. */
    const prove = async () => {
      const [email] = (await records.read("mfa"))?.record.factors ?? [];
      if (!email) throw new Error("no email address");
      await proofs.sendCode({ kind: "email", id: email.id });
      await proofs.give({ kind: "email", code: await this.codeFor(directory) });
    };
    return { gates, records, prove };
  }

  /** The time of authenticator and vault, milliseconds since 1970. */
  now(): number {
    return this.#authenticator.time();
  }

  /** Lets the authenticator's and the vault's time pass. */
  passTime(seconds: number): void {
    this.#authenticator.advance(seconds);
  }

  /** What the factor registry holds for the key of a role. */
  async registered({ keys }: Profile, role: ReplaceableRole) {
    const key = keys[role] && addressOfKey(keys[role].key);
    if (!key) throw new Error("there is no such key");
    return accountReader(createChainClient(this.config)).factorRecord(key);
  }

  /** Resolves when the Ledger next asks the person; from then on it waits for the person. */
  ledgerAsks(): Promise<void> {
    this.ledger.screen.approval = "ask";
    return new Promise((resolve) => {
      const look = () => {
        if (!this.ledger.screen.asking) return;
        this.ledger.off("change", look);
        resolve();
      };
      this.ledger.on("change", look);
    });
  }

  /** The first account of SEED, as every Ethereum wallet derives it. */
  get ledgerAddress(): Address {
    const key = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    return toAddress(privateKeyToAccount(key).address);
  }

  async ledgerHolder(): Promise<HeldKey> {
    return Promise.resolve({
      key: keyOfAddress(this.ledgerAddress),
      holder: "ledger",
      detail: "Ledger Flex",
    });
  }
}
