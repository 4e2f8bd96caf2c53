import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Edr from "@nomicfoundation/edr";
import { ROOT } from "../tasks/runner.ts";
import type { Artifact } from "./compiler.ts";

// The runner behind `hardhat test solidity`, of the version that Hardhat brings: asked directly, it takes code that was
// never written to disk.
const edr = createRequire(join(ROOT, "node_modules", "hardhat", "package.json"))(
  "@nomicfoundation/edr",
) as typeof Edr;

const SOLC_VERSION = "0.8.37";
/** Enough for every test, those of many steps too; a mutant that loops for ever ends here. */
const GAS_PER_TEST = 2n ** 33n;
const HARDFORK = edr.l1HardforkToString(edr.SpecId.Osaka);

/** How hard a suite is tried. */
export interface Effort {
  readonly fuzzRuns: number;
  readonly invariantRuns: number;
  readonly invariantDepth: number;
}

let context: Promise<Edr.EdrContext> | undefined;

async function createContext(): Promise<Edr.EdrContext> {
  const created = new edr.EdrContext();
  await created.registerSolidityTestRunnerFactory(edr.L1_CHAIN_TYPE, edr.l1SolidityTestRunnerFactory());
  return created;
}

/**
 * Runs one test contract.
 *
 * @param suite the test contract
 * @param others everything it may deploy by name
 * @returns the first test that failed; undefined when all passed
 */
export async function runSuite(
  suite: Artifact,
  others: readonly Artifact[],
  effort: Effort,
): Promise<string | undefined> {
  context ??= createContext();
  const runner = await context;
  // The promise may resolve before the callback has been called, and the callback is only called when it does.
  const result = await new Promise<Edr.SuiteResult>((resolve, reject) => {
    runner
      .runSolidityTests(
        edr.L1_CHAIN_TYPE,
        [suite, ...others].map((artifact) => ({ id: idOf(artifact), contract: contractOf(artifact) })),
        [idOf(suite)],
        {
          projectRoot: ROOT,
          hardfork: HARDFORK,
          localPredeploys: edr.l1GenesisState(edr.SpecId.Osaka),
          gasLimit: GAS_PER_TEST,
          disableTransactionGasCap: true,
          fuzz: { runs: effort.fuzzRuns, seed: `0x${"7".repeat(64)}` },
          invariant: { runs: effort.invariantRuns, depth: effort.invariantDepth, shrinkRunLimit: 0 },
        },
        { ignoreContracts: true },
        resolve,
      )
      .catch(reject);
  });
  if (result.testResults.length === 0) throw new Error(`${suite.source}:${suite.name} ran no test`);
  return result.testResults.find(({ status }) => status === edr.TestStatus.Failure)?.name;
}

/** Whether a contract has tests. */
export function isSuite({ abi, bytecode }: Artifact): boolean {
  return bytecode !== "0x" && /"name":"(test|invariant)/.test(abi);
}

function idOf({ name, source }: Artifact): Edr.ArtifactId {
  return { name, source, solcVersion: SOLC_VERSION };
}

function contractOf({ abi, bytecode, deployedBytecode }: Artifact): Edr.ContractData {
  return { abi, bytecode, deployedBytecode };
}
