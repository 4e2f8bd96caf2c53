import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as readText } from "node:stream/consumers";
import { z } from "zod";
import { keyId } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { NATIVE_TOKEN, toAddress, zAddress } from "#core/primitives/address.ts";
import { accountAbi } from "#contracts/abi.ts";
import { openSettings, signChange } from "../pages/account-settings.ts";
import { ChangePage } from "../pages/change.ts";
import { capture } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

const BEN = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
/** On no list. */
const EVE = toAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");

test("a recipient is allowed, a limit, hours and delays are set, and taken back by one key", async ({
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  await openSettings(wallet);
  const allowed = page.getByRole("region", { name: "Allowed recipients" });
  await expect(allowed.getByText("Nobody is on the list.")).toBeVisible();
  await capture(page, "account-settings-01");
  await allowed.getByLabel("Address to allow").fill(wallet.account);
  await expect(allowed.getByText("This is your own account's address.")).toBeVisible();
  await allowed.getByLabel("Address to allow").fill(BEN);
  await allowed.getByRole("button", { name: "Review the recipient" }).click();
  await signChange(wallet, "Allow a recipient", "The recipient is allowed");

  await openSettings(wallet);
  await expect(allowed.getByRole("button", { name: "Take off the list" })).toBeVisible();
  const device = page.getByRole("region", { name: "Device key: This computer" });
  await device.getByLabel("Token").selectOption("TUSD");
  await device.getByLabel("Daily limit", { exact: true }).fill("25.5");
  await device.getByRole("button", { name: "Review the limit" }).click();
  await signChange(wallet, "Set a key's daily limit", "The limit is set");

  // Within the limit this computer's key signs alone, and nobody proves who they are.
  await wallet.page.fillWithdrawal({ symbol: "TUSD", to: EVE, amount: "20" });
  await expect(wallet.page.heading("Review the withdrawal")).toBeVisible();
  await expect(
    page.getByRole("list", { name: "Who signs, in this order" }).getByRole("listitem"),
  ).toHaveCount(1);
  await page.getByRole("button", { name: "Go on to sign" }).click();
  await wallet.approve();
  await wallet.page.operation.expectDone("Withdrawn");
  await wallet.page.fillWithdrawal({ symbol: "TUSD", to: EVE, amount: "6" });
  await expect(
    page.getByRole("list", { name: "Who signs, in this order" }).getByRole("listitem"),
  ).toHaveCount(2);

  await openSettings(wallet);
  await expect(device.getByText("25.5 TUSD a day")).toBeVisible();
  await expect(device.getByText("(5.5 TUSD left now)")).toBeVisible();
  await device.getByRole("button", { name: "03:00" }).click();
  await expect(device.getByText("Spends nothing by itself (UTC): 03:00 to 04:00.")).toBeVisible();
  await capture(page, "account-settings-02-hours");
  await device.getByRole("button", { name: "Review the hours" }).click();
  await signChange(wallet, "Set a key's closed hours", "The hours are set");

  await openSettings(wallet);
  const delays = page.getByRole("form", { name: "Delays" });
  await delays.getByLabel("Recovery, in days").fill("90");
  await expect(delays.getByText("Between 1 and 60 days.")).toBeVisible();
  await expect(delays.getByRole("button", { name: "Review the delays" })).toBeDisabled();
  await delays.getByLabel("Recovery, in days").fill("14");
  await delays.getByRole("button", { name: "Review the delays" }).click();
  await signChange(wallet, "Change the account's delays", "The delays are changed");

  await openSettings(wallet);
  await expect(delays.getByLabel("Recovery, in days")).toHaveValue("14");
  await allowed.getByRole("button", { name: "Take off the list" }).click();
  const change = new ChangePage(page);
  await change.expectReview("Disallow a recipient");
  // Whoever gives less asks for less: the device key alone.
  await expect(
    page.getByRole("list", { name: "Who signs, in this order" }).getByRole("listitem"),
  ).toHaveCount(1);
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.expectDone("The recipient is disallowed");
});

/** One of the commands that devnet/examples documents, as a process of its own. */
async function runExample(script: string, options: readonly string[], input = ""): Promise<Ended> {
  const file = path.join(import.meta.dirname, "../../devnet/examples/api-key", script);
  // Without what the test runner told its own processes: Node itself has words for some of that.
  const env = { PATH: process.env.PATH };
  const child = spawn(process.execPath, [file, ...options], { env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  const [[exitCode], output, errors] = await Promise.all([
    once(child, "exit"),
    readText(child.stdout),
    readText(child.stderr),
  ]);
  return { exitCode: z.number().parse(exitCode), output, errors };
}
interface Ended {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

test("a key for a script is made, added, allowed a call, trades, and is revoked", async ({
  devnet,
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  const folder = await mkdtemp(path.join(tmpdir(), "trivet-e2e-key-"));
  const file = path.join(folder, "trader.json");
  await openSettings(wallet, "Keys for scripts");
  await expect(page.getByText("You have none.")).toBeVisible();
  await expect(page.getByRole("region", { name: "It can never" })).toContainText("Withdraw");
  await page.getByLabel("Name of the key").fill("Trader");
  await page.getByLabel("As the plain key").check();
  await expect(page.getByText("Whoever reads the file has the key")).toBeVisible();
  await expect(page.getByRole("button", { name: "Make the key and save it" })).toBeDisabled();
  await capture(page, "api-keys-01-plain");
  await page.getByLabel("As a key file, sealed with a password").check();
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByLabel("Password once more").fill("correct horse battery");
  await wallet.host.command({ do: "answer-save-dialog", path: file });
  await page.getByRole("button", { name: "Make the key and save it" }).click();
  await expect(page.getByText("Saved as trader.json.")).toBeVisible({ timeout: 60_000 });
  const { address } = z.object({ address: z.string() }).parse(JSON.parse(await readFile(file, "utf8")));
  const { scriptVerifier = NATIVE_TOKEN } = devnet.network.contracts;
  const key = keyOfScript(scriptVerifier, toAddress(`0x${address}`));
  const item = page.getByRole("region", { name: "Trader", exact: true });
  await expect(item.getByText("Not on the account: it has no say.")).toBeVisible();

  await item.getByRole("button", { name: "Add it to the account" }).click();
  await expect(page.getByText("and may do nothing yet")).toBeVisible();
  await expect(page.getByRole("region", { name: "It can never" })).toBeVisible();
  await capture(page, "api-keys-02-review");
  await signChange(wallet, "Add a script's key", "The script's key is on your account");

  await openSettings(wallet, "Keys for scripts");
  await expect(item.getByText(/^Active until/)).toBeVisible();
  await expect(item.getByText("Whoever takes its file can do nothing with it yet")).toBeVisible();
  await item.getByText("By itself it may spend and call nothing").click();
  await item.getByLabel("Contract").fill(devnet.token("TUSD").address);
  await item.getByLabel("Function").fill("transfer(address,uint256)");
  await expect(item.getByText("A key for a script never calls this")).toBeVisible();
  await expect(item.getByRole("button", { name: "Review the call" })).toBeDisabled();
  await capture(page, "api-keys-03-refused");

  // The commands of devnet/examples/api-key, as its README says them.
  const deployed = await runExample("deploy-exchange.ts", [devnet.networkFile]);
  expect(deployed).toMatchObject({ exitCode: 0, errors: "" });
  const exchange = zAddress.parse(/0x[0-9a-fA-F]{40}/.exec(deployed.output)?.[0]);
  const options = { account: wallet.account, exchange, key: file, network: devnet.networkFile };
  const run = (what: Readonly<Record<string, string>>) =>
    runExample(
      "trade.ts",
      Object.entries({ ...options, ...what }).flatMap(([name, value]) => [`--${name}`, value]),
      "correct horse battery\n",
    );
  const trade = (ether: string) => run({ ether, least: "100" });
  const untold = await trade("0.05");
  expect(untold).toMatchObject({ exitCode: 1, errors: expect.stringContaining("not in the key's scope") });

  await item.getByLabel("Contract").fill(exchange);
  await item.getByLabel("Function").fill("buy(uint256)");
  await item.getByRole("button", { name: "Review the call" }).click();
  await signChange(wallet, "Allow a key some calls", "The key may make these calls");
  await openSettings(wallet, "Keys for scripts");
  await expect(item.getByText(/can call the one function below, without ether, until/)).toBeVisible();
  await item.getByText("May do something by itself").click();
  await expect(item.getByLabel("Token", { exact: true }).getByRole("option")).toHaveText(["ETH"]);
  await item.getByLabel("Daily limit", { exact: true }).fill("0.1");
  await item.getByRole("button", { name: "Review the limit" }).click();
  await signChange(wallet, "Set a key's daily limit", "The limit is set");

  await openSettings(wallet, "Keys for scripts");
  await expect(item.getByText(/the one function below, with up to 0\.1 ETH in 24 hours/)).toBeVisible();
  await item.getByText("May do something by itself").click();
  await capture(page, "api-keys-04-rights");
  const tusd = () => devnet.tokenBalance("TUSD", wallet.account);
  const before = await tusd();
  expect(await trade("0.05")).toMatchObject({ exitCode: 0, errors: "" });
  expect((await tusd()) - before).toBe(100_000_000n);
  const tooMuch = await trade("0.06");
  expect(tooMuch).toMatchObject({
    exitCode: 1,
    errors: expect.stringContaining("more than is left of the key's limit (0.05, 0.06)"),
  });

  // It sells only what the owner allows the exchange to take: the key itself cannot allow that.
  await item.getByLabel("Contract").fill(exchange);
  await item.getByLabel("Function").fill("sell(uint256,uint256)");
  await item.getByRole("button", { name: "Review the call" }).click();
  await signChange(wallet, "Allow a key some calls", "The key may make these calls");
  const sell = () => run({ tokens: "50", least: "0.02" });
  expect(await sell()).toMatchObject({ exitCode: 1, errors: expect.stringContaining("CallFailed") });
  await openSettings(wallet, "Keys for scripts");
  await item.getByText("What its contracts may take").click();
  await expect(item.getByText("It may take nothing.")).toBeVisible();
  await item.getByLabel("Up to").fill("60");
  await capture(page, "api-keys-06-allowance");
  await item.getByRole("button", { name: "Review what it may take" }).click();
  await expect(page.getByText("that contract may take up to 60 TUSD out of the account")).toBeVisible();
  await capture(page, "api-keys-07-allowance-review");
  await signChange(wallet, "Let a contract take up to 60 TUSD", "The contract may take it");
  expect(await sell()).toMatchObject({ exitCode: 0, errors: "" });
  expect((await tusd()) - before).toBe(50_000_000n);
  await openSettings(wallet, "Keys for scripts");
  await item.getByText("What its contracts may take").click();
  await expect(item.getByText("Up to 10 TUSD")).toBeVisible();
  await item.getByRole("button", { name: "Take back the TUSD" }).click();
  await signChange(wallet, "Let a contract take no TUSD any more", "Taken back");

  // It is no computer of the owner's: what the account hangs on is the same as without it.
  await wallet.page.go("Security");
  await expect(page.getByText("Keys for scripts do not count here")).toBeVisible();
  await expect(page.getByText("your computer D2")).toHaveCount(0);
  await capture(page, "api-keys-05-security");

  await openSettings(wallet, "Keys for scripts");
  await item.getByRole("button", { name: "Revoke" }).click();
  await signChange(wallet, "Remove a key", "The key is gone");
  const [role] = await devnet.chain.readContract({
    address: wallet.account,
    abi: accountAbi,
    functionName: "getKey",
    args: [keyId(key)],
  });
  expect(role).toBe(0);
  expect(await trade("0.01")).toMatchObject({ exitCode: 1, errors: expect.stringContaining("KeyUnknown") });
  await rm(folder, { recursive: true });
  await openSettings(wallet, "Keys for scripts");
  await item.getByRole("button", { name: "Forget" }).click();
  await page.getByRole("button", { name: "Forget it" }).click();
  await expect(page.getByText("You have none.")).toBeVisible();
});
