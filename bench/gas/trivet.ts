import { measureFlows } from "#contracts/gas.ts";
import type { World } from "#contracts/testing/world.ts";
import { type Flow, FLOW_NAMES, type MeasuredRow } from "./flows.ts";

export const TRIVET = "Trivet";

const NOTES: Partial<Record<Flow, string>> = {
  deploy: "three keys with three roles",
  "eth-1": "device key, within its daily limit of ether",
  "erc20-1": "device key, within its daily limit of the token",
  "erc20-2": "device and mfa key",
  "erc20-2-readable": "device key and an mfa key on a hardware wallet",
  "batch5-2": "device and mfa key",
  "replace-key-2": "an mfa key, by device and mfa key",
  "recovery-start": "a new device key, by the recovery key alone",
  "recovery-cancel": "by the device key",
  "recovery-finish": "nothing to send: the key becomes active by time",
  "erc4337-erc20-2": "device and mfa key",
  lock: "by the device key",
  unfreeze: "by device and mfa key",
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
