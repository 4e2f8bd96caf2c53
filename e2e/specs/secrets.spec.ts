import { privateKeyToAddress } from "viem/accounts";
import { bytesToHex } from "viem/utils";
import { toAddress } from "#core/primitives/address.ts";
import { readDeviceKey } from "../support/secrets/device-key.ts";
import { formsOfSecret, formsOfText, type Needle, searchMemory } from "../support/secrets/memory.ts";
import { readNetworkKey } from "../support/secrets/network-key.ts";
import { type ProcessInfo, processTree } from "../support/secrets/processes.ts";
import { expect, test } from "../support/test.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

test.skip(process.platform !== "linux", "other processes' memory is searched on Linux only: NOT TESTED HERE");

const isVault = ({ command }: ProcessInfo) => command.includes("trivet-vault");

test("the device key is in the vault's memory only, a whole network key in nobody's", async ({
  devnet,
  funded,
}) => {
  const { page } = funded;
  await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
  await funded.approve();
  await page.code.sendAndEnter();
  await page.operation.expectDone("Withdrawn");

  const keys = await page.signers();
  const deviceKey = await readDeviceKey(funded.profile, devnet.stateDirectory);
  expect(toAddress(privateKeyToAddress(bytesToHex(deviceKey)))).toBe(keys.device);
  const mfaKey = await readNetworkKey(keys.mfa, devnet.stateDirectory);
  const recoveryKey = await readNetworkKey(keys.recovery, devnet.stateDirectory);

  const wallet = processTree([funded.pid]);
  const world = processTree(await devnet.pids());
  expect(wallet.filter(isVault)).toHaveLength(1);
  expect(wallet.filter(({ command }) => command.includes("trivet-key-network"))).toHaveLength(1);
  expect(wallet.filter(({ command }) => command.includes("--type=renderer")).length).toBeGreaterThan(0);
  expect(world.length).toBeGreaterThanOrEqual(8);

  await test.step("the search finds what is there", () => {
    const main = wallet.filter(({ pid }) => pid === funded.pid);
    expect(whoHolds(main, formsOfText(funded.account))).toHaveLength(1);
    expect(whoHolds(wallet.filter(isVault), formsOfSecret(deviceKey))).toHaveLength(1);
  });
  await test.step("nobody else holds a key", () => {
    const others = [...wallet.filter((one) => !isVault(one)), ...world];
    expect(whoHolds(others, formsOfSecret(deviceKey))).toEqual([]);
    const everybody = [...wallet, ...world];
    expect(whoHolds(everybody, [...formsOfSecret(mfaKey), ...formsOfSecret(recoveryKey)])).toEqual([]);
  });
  await test.step("locked, nobody holds the device key", async () => {
    await page.lock();
    expect(whoHolds(processTree([funded.pid]), formsOfSecret(deviceKey))).toEqual([]);
  });
});

/** The processes in whose memory one of the needles lies, and in which form. */
function whoHolds(processes: readonly ProcessInfo[], needles: readonly Needle[]): string[] {
  return processes.flatMap(({ pid, command }) => {
    const { found, searched } = searchMemory(pid, needles);
    expect(searched, `${command}: nothing of it could be read`).toBeGreaterThan(0);
    return found.length > 0 ? [`${command.slice(0, 200)}: ${found.join(", ")}`] : [];
  });
}
