import { measureFlows } from "#contracts/gas.ts";
import type { World } from "#contracts/testing/world.ts";
import { type Flow, FLOW_NAMES, type MeasuredRow } from "./flows.ts";

export const TRIVET = "Trivet";

const NOTES: Partial<Record<Flow, string>> = {
  deploy: "three keys with three roles",
};

/** Our own flows, as the committed snapshot has them, too. */
export async function measureTrivet(world: World, hardfork: string): Promise<MeasuredRow[]> {
  const figures = await measureFlows(world);
  return FLOW_NAMES.flatMap((flow) => {
    const figure = figures.find((one) => one.flow === flow);
    if (figure === undefined) return [];
    const note = [hardfork, NOTES[flow]].filter((part) => part !== undefined).join("; ");
    const { totalGas, transaction } = figure;
    return [{ flow, account: TRIVET, totalGas: Number(totalGas), note, transaction }];
  });
}
