import type { Account, Chain, PublicClient, Transport, WalletClient } from "viem";
import { getContractAddress } from "viem/utils";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type ContractName, readArtifact, SOURCES } from "./artifacts.ts";

/** Who deploys, and the chain it is done on. */
export interface DeployClients {
  readonly publicClient: PublicClient;
  readonly walletClient: WalletClient<Transport, Chain, Account>;
}

/** Where everything is. */
export interface DeployedContracts {
  readonly implementation: Address;
  readonly factory: Address;
  readonly gateRegistry: Address;
  readonly factorRegistry: Address;
  readonly staking: Address;
  /** Trivet Dollar, 6 decimals. */
  readonly tusd: Address;
  /** Trivet Gold, 18 decimals. */
  readonly tgld: Address;
  readonly p256Verifier: Address;
  readonly webAuthnVerifier: Address;
  readonly rsaVerifier: Address;
  readonly reclaimablePayments: Address;
  readonly aliasRegistry: Address;
  readonly readableForms: Address;
  readonly accountChanges: Address;
  readonly accountViews: Address;
  readonly scriptVerifier: Address;
}

/**
 * The deployer's nonce each contract is created with: its address follows from it, whatever the code is. New ones come
 * last, because the gate's bytes name the addresses of some.
 */
const ORDER = [
  "implementation",
  "factory",
  "gateRegistry",
  "factorRegistry",
  "staking",
  "tusd",
  "tgld",
  "p256Verifier",
  "webAuthnVerifier",
  "rsaVerifier",
  "reclaimablePayments",
  "aliasRegistry",
  "readableForms",
  "accountChanges",
  "accountViews",
  "scriptVerifier",
] as const;

/** The addresses the contracts have when `deployer` deploys them first of all on a chain. */
export function contractAddresses(deployer: Address): DeployedContracts {
  const at = (name: (typeof ORDER)[number]) =>
    toAddress(getContractAddress({ from: deployer, nonce: BigInt(ORDER.indexOf(name)) }));
  return {
    implementation: at("implementation"),
    factory: at("factory"),
    gateRegistry: at("gateRegistry"),
    factorRegistry: at("factorRegistry"),
    staking: at("staking"),
    tusd: at("tusd"),
    tgld: at("tgld"),
    p256Verifier: at("p256Verifier"),
    webAuthnVerifier: at("webAuthnVerifier"),
    rsaVerifier: at("rsaVerifier"),
    reclaimablePayments: at("reclaimablePayments"),
    aliasRegistry: at("aliasRegistry"),
    readableForms: at("readableForms"),
    accountChanges: at("accountChanges"),
    accountViews: at("accountViews"),
    scriptVerifier: at("scriptVerifier"),
  };
}

interface Deployment {
  readonly contract: ContractName;
  readonly args: readonly unknown[];
}

const deployments = (deployer: Address, at: DeployedContracts) =>
  ({
    implementation: { contract: "TrivetAccount", args: [at.accountChanges, at.readableForms] },
    factory: { contract: "AccountFactory", args: [at.implementation] },
    gateRegistry: { contract: "GateRegistry", args: [deployer] },
    factorRegistry: { contract: "FactorRegistry", args: [at.gateRegistry] },
    staking: { contract: "DevnetStaking", args: [] },
    tusd: { contract: "TestToken", args: ["Trivet Dollar", "TUSD", 6] },
    tgld: { contract: "TestToken", args: ["Trivet Gold", "TGLD", 18] },
    p256Verifier: { contract: "P256Verifier", args: [] },
    webAuthnVerifier: { contract: "WebAuthnVerifier", args: [] },
    rsaVerifier: { contract: "RsaVerifier", args: [] },
    reclaimablePayments: { contract: "ReclaimablePayments", args: [] },
    aliasRegistry: { contract: "AliasRegistry", args: [] },
    readableForms: { contract: "ReadableForms", args: [] },
    accountChanges: {
      contract: "AccountChanges",
      args: [at.implementation, at.accountViews, at.readableForms, at.aliasRegistry],
    },
    accountViews: { contract: "AccountViews", args: [] },
    scriptVerifier: { contract: "ScriptVerifier", args: [at.implementation] },
  }) satisfies Record<(typeof ORDER)[number], Deployment>;

/**
 * Deploys every contract of the devnet. What is there already is left alone, so it goes on where an interrupted
 * run stopped. Needs the contracts compiled.
 * @throws Error when the deployer did something else on this chain before, so the addresses cannot be had
 */
export async function deployContracts({
  publicClient,
  walletClient,
}: DeployClients): Promise<DeployedContracts> {
  const deployer = toAddress(walletClient.account.address);
  const addresses = contractAddresses(deployer);
  const planned = deployments(deployer, addresses);
  for (const [nonce, name] of ORDER.entries()) {
    if (await publicClient.getCode({ address: addresses[name] })) continue;
    const used = await publicClient.getTransactionCount({ address: deployer });
    if (used !== nonce) {
      throw new Error(
        `cannot deploy ${name} to ${addresses[name]}: ${deployer} has sent ${used} transactions on this chain ` +
          `instead of ${nonce}. Use a fresh chain or another deployer.`,
      );
    }
    const { contract, args } = planned[name];
    const { abi, bytecode } = await readArtifact(contract, SOURCES[contract]);
    const hash = await walletClient.deployContract({ abi, bytecode, args, nonce });
    const receipt = await publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`the deployment of ${name} reverted (${hash})`);
  }
  return addresses;
}
