import { parseEther, type TransactionReceipt } from "viem";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { Flow, MeasuredRow } from "./flows.ts";
import type { Peer, PeerAccount, PeerFactory } from "./peers/peer.ts";
import { transferCall } from "./peers/signing.ts";

/** Who takes part in every measurement. */
export interface Cast {
  readonly owners: readonly TestSigner[];
  readonly newOwner: TestSigner;
  /** Who has had ether and tokens before: as many as a batch has transfers. */
  readonly recipients: readonly [Address, ...Address[]];
}

/** The amounts ours is measured with, too. */
const ETHER = 10n ** 17n;
const TOKENS = 25_000_000n;

/** Measures every flow that a kind of account has a counterpart of, each on an account that has been used before. */
export async function measurePeer(
  world: World,
  peer: Peer,
  cast: Cast,
  hardfork: string,
): Promise<MeasuredRow[]> {
  const rows: MeasuredRow[] = [];
  const note = (flow: Flow, { gasUsed, transactionHash }: TransactionReceipt) =>
    rows.push({
      flow,
      account: peer.name,
      totalGas: Number(gasUsed),
      note: [hardfork, peer.notes[flow]].filter((part) => part !== undefined).join("; "),
      transaction: transactionHash,
    });
  const create = await peer.setUp(world);
  const most = Math.max(...peer.thresholds);
  for (const threshold of peer.thresholds) {
    const owners = most === 1 ? cast.owners.slice(0, 1) : cast.owners;
    const { account, deployment } = await begin(world, create, owners, threshold, cast);
    if (threshold === most) note("deploy", deployment);
    if (threshold === 1) {
      note(
        peer.isFloor ? "eth-1" : "eth-1-unlimited",
        await account.send(NATIVE_TOKEN, cast.recipients[0], ETHER),
      );
      note(
        peer.isFloor ? "erc20-1" : "erc20-1-unlimited",
        await account.send(world.contracts.tusd, cast.recipients[0], TOKENS),
      );
    } else {
      await measureTwoSigners(world, account, cast, note);
    }
  }
  return rows;
}

/** Creates an account, gives it money and has it do something once. */
async function begin(
  world: World,
  create: PeerFactory,
  owners: readonly TestSigner[],
  threshold: 1 | 2,
  { recipients }: Cast,
) {
  const created = await create(owners, threshold);
  await world.send(created.account.address, "0x", parseEther("10"));
  await world.mint(created.account.address, 1_000_000_000n);
  await created.account.send(NATIVE_TOKEN, recipients[0], ETHER);
  return created;
}

async function measureTwoSigners(
  world: World,
  account: PeerAccount,
  { recipients, newOwner }: Cast,
  note: (flow: Flow, receipt: TransactionReceipt) => void,
): Promise<void> {
  const { tusd } = world.contracts;
  const [recipient] = recipients;
  note("erc20-2", await account.send(tusd, recipient, TOKENS));
  const calls = recipients.map((to) => transferCall(tusd, to, TOKENS));
  if (account.batch) note("batch5-2", await account.batch(calls));
  if (account.sendByEntryPoint) {
    // Once before: the EntryPoint then holds what the first one did not use of its fee.
    await account.sendByEntryPoint(tusd, recipient, TOKENS);
    note("erc4337-erc20-2", await account.sendByEntryPoint(tusd, recipient, TOKENS));
  }
  if (account.replaceLastOwner) {
    note("replace-key-2", await account.replaceLastOwner(toAddress(newOwner.account.address)));
  }
}
