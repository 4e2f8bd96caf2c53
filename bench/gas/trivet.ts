import { measureFlows } from "#contracts/gas.ts";
import type { World } from "#contracts/testing/world.ts";
import { type Flow, FLOW_NAMES, type Row } from "./flows.ts";

export const TRIVET = "Trivet";

const NOTES: Partial<Record<Flow, string>> = {
  deploy: "three keys with three roles",
};

/** Our own flows, as the committed snapshot has them, too. */
export async function measureTrivet(world: World, hardfork: string): Promise<Row[]> {
  const figures = new Map((await measureFlows(world)).map(({ flow, totalGas }) => [flow, Number(totalGas)]));
  return FLOW_NAMES.flatMap((flow) => {
    const totalGas = figures.get(flow);
    if (totalGas === undefined) return [];
    const note = [hardfork, NOTES[flow]].filter((part) => part !== undefined).join("; ");
    return [{ flow, account: TRIVET, totalGas, note }];
  });
}
