/**
 * What an account's flows cost: the total gas of the transaction, in steady state (the account has done an operation
 * before, the recipient has had the coin or token before). `node contracts/gas.ts` writes the committed snapshot;
 * a test measures again and compares.
 */
import { writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import {
  encodeFunctionData,
  erc20Abi,
  keccak256,
  parseAbi,
  toFunctionSelector,
  toHex,
  type TransactionReceipt,
} from "viem";
import { keyId } from "#core/keys/key.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT, zHex } from "#core/primitives/hex.ts";
import { accountFactoryAbi } from "./abi.ts";
import { deployEntryPoint } from "./testing/entry-point.ts";
import { perform, performByEntryPoint, type Signing, type Wish } from "./testing/perform.ts";
import { newScriptSigner, newSigner, type Owner, type TestSigner, World } from "./testing/world.ts";

/** Where the committed figures are. */
export const GAS_SNAPSHOT_FILE = fileURLToPath(new URL(".gas-snapshot", import.meta.url));

/** The first second of a period of every limit, in a year that no chain has reached: the same in every run. */
export const GAS_START = BigInt(Date.UTC(2100, 0, 1) / 1000);
const DAY = 24 * 60 * 60;
/** What is sent. */
const ETHER = 10n ** 17n;
const TOKENS = 25_000_000n;

/** What one flow costs. */
export interface GasFigure {
  readonly flow: string;
  readonly totalGas: bigint;
  /** The transaction that was measured; none where nothing needs to be sent. */
  readonly transaction: Hex | undefined;
}

/** Keys that are the same in every run, because the zero bytes in a signature change its price. */
const privateKeyOf = (name: string): Hex => keccak256(toHex(`trivet gas ${name}`));
export const gasSigner = (name: string, salt?: Hex): TestSigner => newSigner(salt, privateKeyOf(name));
const signer = gasSigner;
const owner: Owner = { device: signer("device"), mfa: signer("mfa"), recovery: signer("recovery") };
const exchangeAbi = parseAbi(["function buy(uint256 least) payable"]);
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
  const { testClient } = world.chain;
  const { tusd } = world.contracts;
  const { device, mfa, recovery } = owner;
  const both = [device, mfa] as const;
  const figures: GasFigure[] = [];
  const note = (flow: string, { gasUsed, transactionHash }: TransactionReceipt) =>
    figures.push({ flow, totalGas: gasUsed, transaction: transactionHash });

  await testClient.setNextBlockTimestamp({ timestamp: GAS_START });
  note("deploy", await deployAccount(world));
  const account = await world.createAccount(owner);
  for (const recipient of GAS_RECIPIENTS) {
    await world.send(recipient, "0x", 1n);
    await world.mint(recipient, 1n);
  }
  const run = async (wish: Wish, signings: readonly Signing[]) =>
    await perform(world, account, wish, signings);

  note("eth-2-first-operation", await run(send(NATIVE_TOKEN, ETHER), both));
  note("eth-2", await run(send(NATIVE_TOKEN, ETHER), both));
  note("eth-2-readable", await run(send(NATIVE_TOKEN, ETHER), [device, [mfa, "readable"]]));
  note("erc20-2", await run(send(tusd, TOKENS), both));
  note("erc20-2-readable", await run(send(tusd, 25_500_000n), [device, [mfa, "readable"]]));
  note("batch5-2", await run(batch(tusd), both));

  const newMfa = signer("new mfa");
  const replace = (from: TestSigner, to: TestSigner): Wish => {
    return { kind: "replaceKey", role: "mfa", oldKey: from.key, newKey: to.key };
  };
  /** Keys that go soon after one another would trip the wire. */
  const wait = async () => await testClient.increaseTime({ seconds: 60 * DAY });
  note("replace-key-2", await run(replace(mfa, newMfa), both));
  await wait();
  note("replace-key-2-by-recovery", await run(replace(newMfa, mfa), [device, recovery]));
  await wait();
  note("replace-key-2-readable", await run(replace(mfa, newMfa), [device, [mfa, "readable"]]));
  await wait();
  await run(replace(newMfa, mfa), [device, newMfa]);

  const limit = (token: Address): Wish => {
    return { kind: "setLimit", key: keyId(device.key), token, limit: 10n ** 18n };
  };
  note("set-limit-2", await run(limit(NATIVE_TOKEN), both));
  await run(limit(tusd), both);
  await run(send(NATIVE_TOKEN, ETHER), [device]);
  await run(send(tusd, TOKENS), [device]);
  note("eth-1", await run(send(NATIVE_TOKEN, ETHER), [device]));
  note("erc20-1", await run(send(tusd, TOKENS), [device]));

  await deployEntryPoint(world.chain);
  await performByEntryPoint(world, account, send(tusd, TOKENS), both);
  note("erc4337-erc20-2", await performByEntryPoint(world, account, send(tusd, TOKENS), both));

  note("lock", await run({ kind: "lock" }, [device]));
  note("unfreeze", await run({ kind: "unfreeze" }, both));

  const [rejected, recovered] = [signer("rejected device"), signer("new device")];
  const recover = ({ key }: TestSigner): Wish => ({ kind: "addKey", role: "device", key, expires: 0 });
  note("recovery-start", await run(recover(rejected), [recovery]));
  note("recovery-cancel", await run({ kind: "rejectKey", key: keyId(rejected.key) }, [device]));
  await run(recover(recovered), [recovery]);
  await testClient.increaseTime({ seconds: 7 * DAY });
  // Nothing was sent since, and the key has its authority: finishing costs nothing.
  await run(send(tusd, TOKENS), [recovered, mfa]);
  figures.push({ flow: "recovery-finish", totalGas: 0n, transaction: undefined });

  const { address: exchange } = await world.deploy("DevnetExchange", "devnet/DevnetExchange.sol", [
    tusd,
    2_000_000_000n,
  ]);
  const buy = encodeFunctionData({ abi: exchangeAbi, functionName: "buy", args: [0n] });
  const purchase: Wish = {
    kind: "execute",
    calls: [{ target: exchange, value: ETHER, data: zHex.parse(buy) }],
  };
  const traders = {
    "call-1": signer("trader"),
    "call-1-script": newScriptSigner(world.contracts.scriptVerifier, privateKeyOf("script")),
  };
  for (const [flow, trader] of Object.entries(traders)) {
    const key = keyId(trader.key);
    const rights: Wish[] = [
      { kind: "addKey", role: "device", key: trader.key, expires: 0 },
      {
        kind: "setScope",
        key,
        target: exchange,
        selector: toFunctionSelector(exchangeAbi[0]),
        allowed: true,
      },
      { kind: "setLimit", key, token: NATIVE_TOKEN, limit: 10n ** 18n },
    ];
    for (const right of rights) await run(right, [recovered, mfa]);
    await run(purchase, [trader]);
    note(flow, await run(purchase, [trader]));
  }

  return figures;
}

/** Sending something to the first recipient. */
const send = (token: Address, amount: bigint): Wish => ({ kind: "withdraw", token, to: RECIPIENT, amount });

/** Sending tokens to each of the recipients. */
function batch(token: Address): Wish {
  const data = (to: Address) =>
    zHex.parse(encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, TOKENS] }));
  return {
    kind: "execute",
    calls: GAS_RECIPIENTS.map((to) => ({ target: token, value: 0n, data: data(to) })),
  };
}

/** Creates an account with the owner's keys, but another salt than the one that is used. */
async function deployAccount(world: World): Promise<TransactionReceipt> {
  const { device, mfa, recovery } = owner;
  const args = [keyId(device.key), keyId(mfa.key), keyId(recovery.key), keccak256(NO_SALT)] as const;
  const data = encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args });
  return await world.send(world.contracts.factory, data);
}

/** The snapshot's text: a line per flow. */
export const formatGas = (figures: readonly GasFigure[]): string =>
  figures.map(({ flow, totalGas }) => `${flow} ${totalGas}\n`).join("");

if (argv[1] === fileURLToPath(import.meta.url))
  await writeFile(GAS_SNAPSHOT_FILE, formatGas(await measureGas()));
