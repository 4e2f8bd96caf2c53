/**
 * What an account's flows cost: the total gas of the transaction, in steady state (the account has done an operation
 * before, the recipient has had the coin or token before). `node contracts/gas.ts` writes the committed snapshot;
 * a test measures again and compares.
 */
import { writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { encodeFunctionData, keccak256, toHex, type TransactionReceipt } from "viem";
import { keyId } from "#core/keys/key.ts";
import type { Form } from "#core/operations/typed-data.ts";
import type { ReplaceKey, Withdraw } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { accountFactoryAbi } from "./abi.ts";
import { newSigner, type Owner, type TestSigner, World } from "./testing/world.ts";

/** Where the committed figures are. */
export const GAS_SNAPSHOT_FILE = fileURLToPath(new URL(".gas-snapshot", import.meta.url));

/** The first second of a period of every limit, in a year that no chain has reached: the same in every run. */
export const GAS_START = BigInt(Date.UTC(2100, 0, 1) / 1000);

/** What one flow costs. */
export interface GasFigure {
  readonly flow: string;
  readonly totalGas: bigint;
  /** The transaction that was measured; none where nothing needs to be sent. */
  readonly transaction: Hex | undefined;
}

/** Keys that are the same in every run, because the zero bytes in a signature change its price. */
export const gasSigner = (name: string, salt?: Hex): TestSigner =>
  newSigner(salt, keccak256(toHex(`trivet gas ${name}`)));
const signer = gasSigner;
const owner: Owner = { device: signer("device"), mfa: signer("mfa"), recovery: signer("recovery") };
const RECIPIENT = toAddress("0x00000000219ab540356cBB839Cbe05303d7705Fa");

/** Who is paid: as many as a batch has transfers. */
export const GAS_RECIPIENTS = [
  RECIPIENT,
  ...["second", "third", "fourth", "fifth"].map((name) =>
    toAddress(signer(`${name} recipient`).account.address),
  ),
] as const satisfies readonly [Address, ...Address[]];

/** Measures every flow on a fresh chain in this process. */
export async function measureGas(): Promise<GasFigure[]> {
  const world = await World.start();
  try {
    return await measureFlows(world);
  } finally {
    await world.stop();
  }
}

/** Measures every flow on a chain of which nothing but `World.start` has been asked yet. */
export async function measureFlows(world: World): Promise<GasFigure[]> {
  const { factory, tusd } = world.contracts;
  const { device, mfa, recovery } = owner;
  const newMfa = signer("new mfa");
  const figures: GasFigure[] = [];
  const note = (flow: string, { gasUsed, transactionHash }: TransactionReceipt) =>
    figures.push({ flow, totalGas: gasUsed, transaction: transactionHash });

  const withdraw = async (token: Address, amount: bigint, second: readonly [TestSigner, Form]) => {
    const nonce = await world.nextNonce(account);
    const operation: Withdraw = { kind: "withdraw", account, token, to: RECIPIENT, amount, nonce };
    const [cosigner, form] = second;
    return await world.submit(operation, [
      await world.sign(operation, device),
      await world.sign(operation, cosigner, form),
    ]);
  };
  const replaceMfa = async (
    oldSigner: TestSigner,
    newSigner: TestSigner,
    approver: TestSigner,
    form: Form,
  ) => {
    const nonce = await world.nextNonce(account);
    const keys = { oldKey: oldSigner.key, newKey: newSigner.key };
    const operation: ReplaceKey = { kind: "replaceKey", account, role: "mfa", ...keys, nonce };
    return await world.submit(operation, [
      await world.sign(operation, device),
      await world.sign(operation, approver, form),
    ]);
  };

  await world.chain.testClient.setNextBlockTimestamp({ timestamp: GAS_START });
  const firstKeys = [keyId(device.key), keyId(mfa.key), keyId(recovery.key)] as const;
  const data = encodeFunctionData({
    abi: accountFactoryAbi,
    functionName: "createAccount",
    args: [...firstKeys, keccak256(NO_SALT)],
  });
  note("deploy", await world.send(factory, data));
  const account = await world.createAccount(owner);
  for (const recipient of GAS_RECIPIENTS) {
    await world.send(recipient, "0x", 1n);
    await world.mint(recipient, 1n);
  }

  note("eth-2-first-operation", await withdraw(NATIVE_TOKEN, 10n ** 17n, [mfa, "compact"]));
  note("eth-2", await withdraw(NATIVE_TOKEN, 10n ** 17n, [mfa, "compact"]));
  note("eth-2-readable", await withdraw(NATIVE_TOKEN, 10n ** 17n, [mfa, "readable"]));
  note("erc20-2", await withdraw(tusd, 25_000_000n, [mfa, "compact"]));
  note("erc20-2-readable", await withdraw(tusd, 25_500_000n, [mfa, "readable"]));
  note("replace-key-2", await replaceMfa(mfa, newMfa, mfa, "compact"));
  note("replace-key-2-by-recovery", await replaceMfa(newMfa, mfa, recovery, "compact"));
  note("replace-key-2-readable", await replaceMfa(mfa, newMfa, mfa, "readable"));

  return figures;
}

/** The snapshot's text: a line per flow. */
export const formatGas = (figures: readonly GasFigure[]): string =>
  figures.map(({ flow, totalGas }) => `${flow} ${totalGas}\n`).join("");

if (argv[1] === fileURLToPath(import.meta.url))
  await writeFile(GAS_SNAPSHOT_FILE, formatGas(await measureGas()));
