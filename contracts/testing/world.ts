import { randomBytes } from "node:crypto";
import { type Abi, BaseError, decodeErrorResult, parseEther, toHex, type TransactionReceipt } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { encodeOperation } from "#core/operations/call.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { TokenTexts } from "#core/operations/readable.ts";
import type { KeySignature } from "#core/operations/signatures.ts";
import { type Form, operationDigest, type SigningDomain } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT, zHex } from "#core/primitives/hex.ts";
import { accountAbi, accountFactoryAbi, testTokenAbi } from "../abi.ts";
import { readArtifact } from "../artifacts.ts";
import { type DeployedContracts, deployContracts } from "../deploy.ts";
import { startTestChain, type TestChain } from "./chain.ts";
import { encodeScriptSignature } from "./signers.ts";

/** A key together with what signs for it. */
export interface TestSigner {
  readonly key: Key;
  readonly account: PrivateKeyAccount;
  /** It signs as the verifier of scripts' keys reads it. */
  readonly script?: true;
}

/** One whose private key is known. */
export interface TestKeyPair extends TestSigner {
  readonly privateKey: Hex;
}

/** A key pair; a fresh one unless its private key is given. */
export function newKeyPair(salt: Hex = NO_SALT, privateKey: Hex = generatePrivateKey()): TestKeyPair {
  const account = privateKeyToAccount(privateKey);
  return { key: keyOfAddress(account.address, salt), account, privateKey };
}

/** One that only signs. */
export const newSigner = (salt?: Hex, privateKey?: Hex): TestSigner => newKeyPair(salt, privateKey);

/** A script's key: its verifier vouches for what it may do by itself, and for nothing else. */
export function newScriptSigner(verifier: Address, privateKey?: Hex): TestSigner {
  const { account } = newKeyPair(NO_SALT, privateKey);
  return { key: keyOfScript(verifier, toAddress(account.address)), account, script: true };
}

/** 32 bytes nobody knows. */
export const newSalt = (): Hex => toHex(randomBytes(32));

/** The three first keys of an account. */
export interface Owner {
  readonly device: TestSigner;
  readonly mfa: TestSigner;
  readonly recovery: TestSigner;
}

/** One whose network-held keys somebody can hold: their private keys are known. */
export interface OwnerWithKeys extends Owner {
  readonly mfa: TestKeyPair;
  readonly recovery: TestKeyPair;
}

/** An owner with three fresh keys. */
export const newOwner = (): OwnerWithKeys => ({
  device: newSigner(),
  mfa: newKeyPair(),
  recovery: newKeyPair(),
});

/** What each of the devnet's tokens says about itself. */
export const TUSD: TokenTexts = { symbol: "TUSD", decimals: 6 };

/** Why a contract refused. */
export interface Refusal {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Enough for any one operation. */
const GAS_LIMIT = 2_000_000n;

const hasData = (error: unknown) => error instanceof Error && "data" in error;

/** A chain with everything deployed, and what is needed to use accounts on it as a wallet would. */
export class World {
  readonly chain: TestChain;
  readonly contracts: DeployedContracts;
  readonly domain: SigningDomain;

  private constructor(chain: TestChain, contracts: DeployedContracts) {
    this.chain = chain;
    this.contracts = contracts;
    this.domain = { chainId: chain.walletClient.chain.id, implementation: contracts.implementation };
  }

  static async start(chainId?: number): Promise<World> {
    const chain = await startTestChain(chainId);
    return new World(chain, await deployContracts(chain));
  }

  async stop(): Promise<void> {
    await this.chain.close();
  }

  /** Sends a transaction from the relay (account 0). Throws the decoded revert when it would fail. */
  async send(to: Address, data: Hex, value = 0n): Promise<TransactionReceipt> {
    const { publicClient, walletClient } = this.chain;
    // A limit instead of an estimate: the chain refuses to estimate when an inner call uses up what it was given.
    const hash = await walletClient.sendTransaction({ to, data, value, gas: GAS_LIMIT });
    return await publicClient.waitForTransactionReceipt({ hash });
  }

  /** Creates the owner's account and gives it 10 ether and 1000 TUSD. */
  async createAccount({ device, mfa, recovery }: Owner, salt: Hex = NO_SALT): Promise<Address> {
    const { publicClient, walletClient } = this.chain;
    const { request, result } = await publicClient.simulateContract({
      account: walletClient.account,
      address: this.contracts.factory,
      abi: accountFactoryAbi,
      functionName: "createAccount",
      args: [keyId(device.key), keyId(mfa.key), keyId(recovery.key), salt],
    });
    await publicClient.waitForTransactionReceipt({ hash: await walletClient.writeContract(request) });
    const account = toAddress(result);
    await this.send(account, "0x", parseEther("10"));
    await this.mint(account, 1_000_000_000n);
    return account;
  }

  /** Gives TUSD. */
  async mint(to: Address, amount: bigint): Promise<void> {
    const { publicClient, walletClient } = this.chain;
    const call = { address: this.contracts.tusd, abi: testTokenAbi, functionName: "mint" } as const;
    const hash = await walletClient.writeContract({ ...call, args: [to, amount] });
    await publicClient.waitForTransactionReceipt({ hash });
  }

  /** Deploys a compiled contract; its source is relative to contracts/. */
  async deploy(
    name: string,
    source: string,
    args: readonly unknown[] = [],
  ): Promise<{ address: Address; abi: Abi }> {
    const { publicClient, walletClient } = this.chain;
    const { abi, bytecode } = await readArtifact(name, source);
    const hash = await walletClient.deployContract({ abi, bytecode, args });
    const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash });
    if (!contractAddress) throw new Error(`${name} was not deployed`);
    return { address: toAddress(contractAddress), abi };
  }

  /** Deploys one of contracts/testing/hostile. */
  async deployHostile(name: string, args: readonly unknown[] = []) {
    return await this.deploy(name, `testing/hostile/${name}.sol`, args);
  }

  async nextNonce(account: Address, lane = 0n): Promise<bigint> {
    const call = { address: account, abi: accountAbi, functionName: "getNonce" } as const;
    return await this.chain.publicClient.readContract({ ...call, args: [lane] });
  }

  /** A key's signature over an operation in the form given. */
  async sign(
    operation: Operation,
    { key, account, script }: TestSigner,
    form: Form = "compact",
    token: TokenTexts = TUSD,
  ): Promise<KeySignature> {
    const signature = await account.sign({ hash: operationDigest(operation, form, this.domain, token) });
    if (!script) return { key, signer: "plain", form, signature };
    return { key, signer: "contract", form, signature: encodeScriptSignature(operation, signature) };
  }

  /** Has an operation signed by each signer in compact form and submits it. */
  async run(operation: Operation, signers: readonly TestSigner[]): Promise<TransactionReceipt> {
    return await this.submit(
      operation,
      await Promise.all(signers.map(async (signer) => await this.sign(operation, signer))),
    );
  }

  /** Why the account refuses a signed operation: the error's name and arguments. Throws when it does not. */
  async refusal(operation: Operation, signatures: readonly KeySignature[]): Promise<Refusal> {
    return await this.refusalOf(operation.account, encodeOperation(operation, signatures));
  }

  /** Why a contract refuses a call. Throws when it does not. */
  async refusalOf(to: Address, data: Hex, abi: Abi = accountAbi): Promise<Refusal> {
    const { publicClient, walletClient } = this.chain;
    try {
      await publicClient.call({ account: walletClient.account, to, data });
    } catch (error) {
      const cause = error instanceof BaseError ? error.walk(hasData) : undefined;
      const revert = z.object({ data: zHex }).parse(cause);
      const { errorName, args } = decodeErrorResult({ abi, data: revert.data });
      return { name: errorName, args: args ?? [] };
    }
    throw new Error("the call was not refused");
  }

  /** Submits a signed operation. */
  async submit(operation: Operation, signatures: readonly KeySignature[]): Promise<TransactionReceipt> {
    return await this.send(operation.account, encodeOperation(operation, signatures));
  }
}
