import hre from "hardhat";
import { z } from "zod";
import { GAS_RECIPIENTS, gasSigner } from "#contracts/gas.ts";
import { deployEntryPoint } from "#contracts/testing/entry-point.ts";
import { World } from "#contracts/testing/world.ts";
import type { MeasuredRow, Row } from "./flows.ts";
import { type Cast, measurePeer } from "./measure-peer.ts";
import { floor } from "./peers/floor.ts";
import { openZeppelin } from "./peers/openzeppelin.ts";
import { safe4337 } from "./peers/safe-4337.ts";
import { safe141, safe150 } from "./peers/safe.ts";
import { solady } from "./peers/solady.ts";
import { measureTrivet } from "./trivet.ts";

/** Who ours is compared with, the best known first, what nobody can be below last. */
export const PEERS = [safe150, safe141, safe4337, openZeppelin, solady, floor];

const CAST: Cast = {
  owners: [gasSigner("device"), gasSigner("mfa")],
  newOwner: gasSigner("new mfa"),
  recipients: GAS_RECIPIENTS,
};

/** The rules of the chain that everything is measured on. */
export const hardfork = (): string =>
  z.object({ hardfork: z.string() }).parse(hre.config.networks.default).hardfork;

/** Measures ours and every peer on one chain in this process, one after another. */
export async function measureAll(world: World): Promise<MeasuredRow[]> {
  const rows = await measureTrivet(world, hardfork());
  await deployEntryPoint(world.chain);
  for (const peer of PEERS) rows.push(...(await measurePeer(world, peer, CAST, hardfork())));
  return rows;
}

/** {@link measureAll} on a chain of its own: only the figures. */
export async function measureOnce(): Promise<Row[]> {
  const world = await World.start();
  try {
    const rows = await measureAll(world);
    return rows.map(({ flow, account, totalGas, note }) => ({ flow, account, totalGas, note }));
  } finally {
    await world.stop();
  }
}
