import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountAbi, gateRegistryAbi } from "#contracts/abi.ts";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import { addressOfKey, keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { tooFewNodes } from "#core/key-network/errors.ts";
import { gateDigest, zGateCid } from "#core/key-network/gate-cid.ts";
import { zTransactionHash } from "#core/primitives/hex.ts";
import { recordDigest } from "#core/security/record.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
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
import { type HeldKey, isComplete, newProfile, type Profile, profileFile } from "../profile.ts";
import type { VaultClient } from "../vault.ts";
import { type Journal, type JournalEntry, openJournal } from "./journal.ts";
import { createOperations, type Operations } from "./operations.ts";

const SEED = "test test test test test test test test test test test junk";
// A well-formed CIDv0; no gate runs in this file (e2e and devnet/key-network run the real one).
const GATE_CID = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";

/** Everybody has a profile, and an address, of their own. */
const emailOf = (directory: string) => `${path.basename(directory).toLowerCase()}@example.org`;

/** The app dies here: from then on nothing it would do happens. */
class Crash extends Error {}

/** Counts the points at which a crash may come, and crashes at one of them. */
class CrashPoint {
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
 * Network-held keys are plain key pairs here, so that a hundred crashes take seconds.
 */
class World {
  readonly #chain: TestChain;
  readonly #authenticator: AuthenticatorHarness;
  readonly #ledgerServer: LedgerServer;
  readonly #folder: string;
  readonly #networkKeys = new Map<string, PrivateKeyAccount>();
  #stoppedNodes: number[] = [];
  #approvals = 0;
  readonly config: NetworkConfig;
  readonly ledger: SoftwareLedger;

  private constructor(parts: {
    chain: TestChain;
    authenticator: AuthenticatorHarness;
    ledger: SoftwareLedger;
    ledgerServer: LedgerServer;
    folder: string;
  }) {
    this.#chain = parts.chain;
    this.#authenticator = parts.authenticator;
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
        nodes: [{ index: 1, url: rpcUrl }],
      },
      authenticator: {
        baseUrl: url,
        publicToken: identity.publicToken,
        projectId: identity.projectId,
        issuer: identity.issuer,
      },
      gate: { cid: GATE_CID },
      ledger: { transport: "speculos", url: parts.ledgerServer.url },
    });
  }

  static async start(): Promise<World> {
    const ledger = new SoftwareLedger({
      seed: SEED,
      settings: { rawMessages: true, blindSigning: false },
      approval: "always",
    });
    const [chain, authenticator, ledgerServer, folder] = await Promise.all([
      startTestChain(),
      AuthenticatorHarness.start(),
      serveLedger(ledger, 0),
      mkdtemp(path.join(tmpdir(), "trivet-operations-")),
    ]);
    // The factor registry takes records for published gates only.
    await chain.clients.as(deployer).writeContract({
      address: chain.contracts.gateRegistry,
      abi: gateRegistryAbi,
      functionName: "publish",
      args: [gateDigest(zGateCid.parse(GATE_CID))],
    });
    return new World({ chain, authenticator, ledger, ledgerServer, folder });
  }

  async stop(): Promise<void> {
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

  #keyNetwork(): KeyNetworkService {
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
      signOperation: async ({ operation, publicKey }) => {
        if (this.#stoppedNodes.length > 0) throw tooFewNodes(this.#stoppedNodes, 4, 3);
        const hash = operationDigest(operation, "compact", {
          chainId: chain.id,
          implementation: contracts.implementation,
        });
        return { signature: await signer(publicKey).sign({ hash }), faultyNodes: [] };
      },
      signRecord: async ({ publicKey, next, expected }) => {
        const account = signer(publicKey);
        const { gate } = next;
        const record = { key: toAddress(account.address), version: 1n, gate, factors: expected };
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
    this.#authenticator.advance(600);
    const email = emailOf(directory);
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
    const listeners = new Set<(view: OperationView) => void>();
    const operations = createOperations({
      chain,
      reader: accountReader(chain),
      relay: (call) => crash.around(() => relay(call)),
      vault: {
        call: async (method, input) => {
          crash.pass();
          return vault.call(method, input);
        },
      },
      keyNetwork: this.#keyNetwork(),
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
    /** Types the code where one is asked for, until the operation comes to rest without. */
    const finish = async (view: OperationView): Promise<OperationView> => {
      const seen = await rest(view);
      if (seen.needs?.kind !== "email-code" || crash.crashed) return seen;
      await operations.sendCode(seen.id);
      return finish(await operations.verifyCode(seen.id, await this.#authenticator.codeFor(email)));
    };
    return { vault, chain, relay, file, get, operations, rest, finish };
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
    const keyNetwork = this.#keyNetwork();
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

  async ledgerHolder(): Promise<HeldKey> {
    const address = privateKeyToAccount(
      // The first account of SEED, as every Ethereum wallet derives it.
      "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    ).address;
    return Promise.resolve({ key: keyOfAddress(address), holder: "ledger", detail: "Ledger Flex" });
  }
}

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const RECIPIENT = toAddress("0x00000000000000000000000000000000000a11ce");

describe("the creation of an account", () => {
  test("that is interrupted at any point goes on, with the keys it has made and one record for each", async () => {
    for (let at = 0, crashed = true; crashed; at++) {
      const directory = await world.newDirectory();
      const crash = new CrashPoint(at);
      const before = await world.runCreation(directory, crash).catch(() => undefined);
      crashed = crash.crashed;
      const profile = await world.runCreation(directory);
      expect(isComplete(profile), `crashed at ${at}`).toBe(true);
      for (const role of REPLACEABLE_ROLES) {
        expect(profile.keys[role]?.record?.account).toBe(profile.account?.address);
        const { version, factors } = await world.registered(profile, role);
        expect([version, factors.length], `crashed at ${at}`).toEqual([1n, 2]);
        if (before?.keys[role]) expect(profile.keys[role]?.key).toEqual(before.keys[role].key);
      }
    }
  });
});

type Start = (operations: Operations) => Promise<OperationView>;

/**
 * Starts an operation in an app that crashes at its n-th chance, and finishes it in a second one.
 * @returns whether there was an n-th chance
 */
async function crashAndResume(directory: string, at: number, start: Start): Promise<boolean> {
  const crash = new CrashPoint(at);
  const first = await world.startApp(directory, crash);
  await start(first.operations)
    .then(first.finish)
    .catch(() => undefined);

  const second = await world.startApp(directory);
  for (const { id } of second.operations.list()) {
    expect((await second.finish(second.operations.continue(id))).status).toBe("done");
  }
  return crash.crashed;
}

describe("a withdrawal", () => {
  test("runs exactly once however often the app crashes, at every point it can", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1000");
    let chances = 0;
    for (let crashed = true; crashed; chances += 1) {
      const before = (await world.executed(account)).length;
      crashed = await crashAndResume(directory, chances, (operations) =>
        operations.startWithdrawal({ token: world.tusd, to: RECIPIENT, amount: 1_000_000n }),
      );
      const ran = (await world.executed(account)).length - before;
      // Before the journal knows of it, the operation is as if it had never been started.
      expect(ran, `crash ${chances}`).toBe(chances < 1 ? 0 : 1);
    }
    expect(chances).toBeGreaterThan(10);
  }, 120_000);

  test("asks for a code of its own, and goes on with nobody else's", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, rest, finish } = await world.startApp(directory);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    const one = await finish(await operations.startWithdrawal(wish));
    expect(one.status).toBe("done");
    const two = await rest(await operations.startWithdrawal(wish));
    expect(two).toMatchObject({ status: "waiting", needs: { kind: "email-code" } });
    expect(await rest(operations.continue(two.id))).toMatchObject({ needs: { kind: "email-code" } });
    expect(await world.executed(account)).toHaveLength(1);
  });

  test("says at which step it stopped and why, and goes on from there without another code", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, rest, finish } = await world.startApp(directory);
    world.stopNodes(2, 4);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    const stopped = await finish(await operations.startWithdrawal(wish));
    expect(stopped.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "cosign",
      error: { code: "network-too-few-nodes" },
    });
    world.stopNodes();
    expect((await rest(operations.continue(stopped.id))).status).toBe("done");
  });

  test("waits in a lane of its own beside another one, and both run", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, finish } = await world.startApp(directory);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    const [one, two] = [await operations.startWithdrawal(wish), await operations.startWithdrawal(wish)];
    const ended = [await finish(one), await finish(two)];
    expect(ended.map(({ status }) => status)).toEqual(["done", "done"]);
    expect(await world.executed(account)).toHaveLength(2);
  });

  test("that was dropped leaves nothing and never runs", async () => {
    const { directory, account } = await world.createAccount();
    const { operations, finish } = await world.startApp(directory);
    // The account holds nothing, so it stops where the relay refuses it.
    const view = await finish(
      await operations.startWithdrawal({ token: NATIVE_TOKEN, to: RECIPIENT, amount: 1n }),
    );
    expect(view.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "submit",
      error: { code: "contract-BalanceTooLow" },
    });
    expect((await operations.drop(view.id)).status).toBe("dropped");
    await world.fund(account, "1");
    const again = await world.startApp(directory);
    expect(again.operations.list()).toEqual([]);
    expect(await world.executed(account)).toEqual([]);
  });

  test("that was dropped is approved anew when it is wanted again", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1");
    const { operations, rest, finish } = await world.startApp(directory);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1n };
    const first = await rest(await operations.startWithdrawal(wish));
    const before = world.approvals;
    await operations.drop(first.id);
    expect((await finish(await operations.startWithdrawal(wish))).status).toBe("done");
    expect(world.approvals).toBe(before + 1);
  });

  test("that is dropped while the Ledger asks stays dropped, however slow the disk is", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1");
    const first = await world.startApp(directory);
    const holder = await world.ledgerHolder();
    await first.finish(await first.operations.startKeyReplacement("mfa", holder));

    const written = Promise.withResolvers<undefined>();
    const { operations, rest } = await world.startApp(directory, undefined, async ({ ended, failure }) => {
      if (failure) await written.promise;
      if (ended === "dropped") written.resolve(undefined);
    });
    const asked = world.ledgerAsks();
    const view = await operations.startWithdrawal({ token: world.tusd, to: RECIPIENT, amount: 1n });
    await asked;
    await operations.drop(view.id);
    world.ledger.screen.approval = "always";
    world.ledger.unplug();
    world.ledger.plug();
    expect((await rest(view)).status).toBe("dropped");
    expect(operations.list().find(({ id }) => id === view.id)?.status).toBe("dropped");
    expect((await world.startApp(directory)).operations.list()).toEqual([]);
    expect(await world.executed(account)).toHaveLength(1);
  });
});

describe("a key replacement", () => {
  test("happens exactly once however often the app crashes, and profile and chain agree", async () => {
    let chances = 0;
    for (let crashed = true; crashed; chances += 1) {
      const { directory, account } = await world.createAccount();
      const holder = await world.ledgerHolder();
      crashed = await crashAndResume(directory, chances, (operations) =>
        operations.startKeyReplacement("mfa", holder),
      );
      const events = await world.executed(account);
      expect(events.length, `crash ${chances}`).toBe(chances < 1 ? 0 : 1);
      const { file, chain } = await world.startApp(directory);
      const held = (await file.read())?.keys.mfa;
      if (!held) throw new Error("no mfa key");
      expect(held.holder, `crash ${chances}`).toBe(events.length === 1 ? "ledger" : "network");
      if (events.length === 1) {
        expect(await accountReader(chain).roleOfKey(account, keyId(held.key))).toBe("mfa");
      }
    }
    expect(chances).toBeGreaterThan(12);
  }, 240_000);

  test("is done without its trial signature when the person skips that", async () => {
    const { directory } = await world.createAccount();
    const { operations, rest, finish } = await world.startApp(directory);
    const started = await rest(await operations.startKeyReplacement("mfa", await world.ledgerHolder()));
    expect(started.droppable).toBe(true);
    // The Ledger signs that it accepts, and is not there any more for the trial.
    await operations.sendCode(started.id);
    world.ledger.lock();
    const stopped = await finish(await operations.verifyCode(started.id, await world.codeFor(directory)));
    expect(stopped.steps.at(-1)).toMatchObject({ id: "trial", status: "failed" });
    expect((await operations.drop(started.id)).status).toBe("done");
    world.ledger.unlock();
  });

  test("refuses a Ledger that holds a key of the account already", async () => {
    const { directory } = await world.createAccount();
    const { operations, finish } = await world.startApp(directory);
    const holder = await world.ledgerHolder();
    expect((await finish(await operations.startKeyReplacement("mfa", holder))).status).toBe("done");
    await expect(operations.startKeyReplacement("recovery", holder)).rejects.toMatchObject({
      code: "key-in-use",
    });
  });
});

test("the gate of the test configuration is a gate's name", () => {
  expect(gateDigest(zGateCid.parse(GATE_CID))).toMatch(/^0x[0-9a-f]{64}$/);
});
