import { privateKeyToAddress } from "viem/accounts";
import { bytesToHex } from "viem/utils";
import { toAddress } from "#core/primitives/address.ts";
import { readDeviceKey } from "../support/secrets/device-key.ts";
import { formsOfSecret, formOfText, type Needle, searchMemory } from "../support/secrets/memory.ts";
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
  await page.proveIfAsked();
  await page.operation.expectDone("Withdrawn");

  const keys = await page.signers();
  const deviceKey = await readDeviceKey(funded.profile, devnet.stateDirectory);
  expect(toAddress(privateKeyToAddress(bytesToHex(deviceKey)))).toBe(keys.device);
  const secrets = [
    ...formsOfSecret("device key", deviceKey),
    ...formsOfSecret("MFA key", await readNetworkKey(keys.mfa, devnet.stateDirectory)),
    ...formsOfSecret("recovery key", await readNetworkKey(keys.recovery, devnet.stateDirectory)),
  ];
  const wallet = processTree([funded.pid]);
  const world = processTree(await devnet.pids());
  expect(wallet.filter(({ command }) => command.includes("trivet-key-network"))).toHaveLength(1);
  expect(wallet.filter(({ command }) => command.includes("--type=renderer")).length).toBeGreaterThan(0);
  expect(world.length).toBeGreaterThanOrEqual(8);

  await test.step("the vault has the device key, as the search finds, and no other", () => {
    const [vault, ...others] = wallet.filter(isVault);
    expect(others).toEqual([]);
    const found = vault ? search(vault, secrets) : [];
    expect(found).toContain("device key as bytes");
    expect(found.filter((form) => !form.startsWith("device key"))).toEqual([]);
  });
  await test.step("nobody else has any", () => {
    const name = formOfText("the account's address", funded.account);
    const others = [...wallet, ...world].filter((one) => !isVault(one));
    const found = others.map((one) => ({ ...one, found: search(one, [...secrets, name]) }));
    // That it finds nothing would prove nothing if it did not find what is there.
    expect(found.find(({ pid }) => pid === funded.pid)?.found).toEqual(["the account's address"]);
    expect(found.filter((one) => one.found.some((form) => form !== name.form))).toEqual([]);
  });
  await test.step("locked, the wallet has none at all", async () => {
    await page.lock();
    // The screen is locked at once; the vault then still has a moment to end the session, and is gone.
    await expect.poll(() => keepers(processTree([funded.pid]), secrets)).toEqual([]);
  });
});

/** What each of these processes has of the secrets in its memory, by what was started; only those that have any. */
const keepers = (processes: readonly ProcessInfo[], secrets: readonly Needle[]) =>
  processes
    .map((one) => ({ command: one.command, found: search(one, secrets) }))
    .filter(({ found }) => found.length > 0);

/** The forms in which needles lie in the memory of a process; none, when it has ended. */
const search = ({ pid }: ProcessInfo, needles: readonly Needle[]): string[] =>
  searchMemory(pid, needles) ?? [];
