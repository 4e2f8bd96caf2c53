import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { parseEther } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { findChromium } from "#tools/setup/chromium.mjs";
import { sdkHeaders } from "../authenticator/testing/harness.ts";
import { createChainClients } from "../chain/client.ts";
import type { DevnetState } from "../control/state.ts";
import type { DevnetProcess } from "../testing/devnet-process.ts";
import { startDevnetProcess } from "../testing/devnet-process.ts";

const SOMEBODY = "0x00000000000000000000000000000000000A11cE";
/** E0 02: show the first address and ask whether it is right. */
const SHOW_ADDRESS = "e002010015058000002c8000003c800000000000000000000000";

let devnet: DevnetProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  devnet = await startDevnetProcess(["--port-base", "0", "--ephemeral", "--ledger-model", "nanosp"]);
  browser = await chromium.launch({
    executablePath: findChromium()!,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
});
afterAll(async () => {
  await browser.close();
  await devnet.stop();
});

beforeEach(async () => {
  context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page = await context.newPage();
  problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(devnet.pageUrl);
  await page.getByText("Running", { exact: true }).waitFor();
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

async function look(): Promise<DevnetState> {
  return (await (await fetch(`${devnet.pageUrl}/api/state`)).json()) as DevnetState;
}

const section = (name: string) => page.getByRole("region", { name });

describe("the devnet's page", () => {
  it("shows a mail's code and copies it", async () => {
    await fetch(`${devnet.network.authenticator.baseUrl}/sdk/v1/otps/email/login_or_create`, {
      method: "POST",
      headers: sdkHeaders(),
      body: JSON.stringify({ email: "ada@example.com" }),
    });
    const mail = section("Inbox").getByRole("listitem").filter({ hasText: "ada@example.com" });
    await mail.waitFor();
    const { code } = (await look()).inbox[0]!;
    await mail.getByText(code, { exact: true }).waitFor();
    await mail.getByRole("button", { name: `Copy ${code}` }).click();
    await page.getByText(`${code} is copied.`).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  });

  it("publishes the next gate and goes back to the one before", async () => {
    const governance = section("Governance");
    const gate = (number: number) => governance.getByRole("listitem").filter({ hasText: `Gate ${number}` });
    await gate(1).getByText("canonical").waitFor();
    expect(await governance.getByRole("button", { name: "Roll back" }).isDisabled()).toBe(true);
    await governance.getByRole("button", { name: "Publish the next gate" }).click();
    await gate(2).getByText("canonical").waitFor();
    await gate(1).getByText("previous").waitFor();
    await governance.getByRole("button", { name: "Roll back" }).click();
    await gate(2).getByText("not published").waitFor();
    await gate(1).getByText("canonical").waitFor();
  });

  it("shows an SMS's code on the phone, and in the inbox the link that resets a password", async () => {
    const ask = (path: string, body: object) =>
      fetch(`${devnet.network.authenticator.baseUrl}/sdk/v1${path}`, {
        method: "POST",
        headers: sdkHeaders(),
        body: JSON.stringify(body),
      });
    await ask("/otps/sms/login_or_create", { phone_number: "+41790000001" });
    const sms = section("Phone").getByRole("listitem").filter({ hasText: "+41790000001" });
    await sms.waitFor();
    const { code } = (await look()).phone[0]!;
    await sms.getByText(code, { exact: true }).waitFor();
    await sms.getByRole("button", { name: `Copy ${code}` }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);

    await ask("/passwords/email/reset/start", {
      email: "bob@example.com",
      reset_password_redirect_url: "trivet://reset",
    });
    const mail = section("Inbox").getByRole("listitem").filter({ hasText: "bob@example.com" });
    await mail.getByText("Password reset").waitFor();
    const { link = "" } = (await look()).inbox[0]!;
    expect(link).toMatch(/^trivet:\/\/reset\?stytch_token_type=reset_password&token=[\w-]{43}$/);
    await mail.getByRole("button", { name: `Copy ${link}` }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  });

  it("stops and starts nodes, and says when too few are left to sign", async () => {
    const nodes = section("Key network");
    for (const index of [1, 2]) await nodes.getByRole("button", { name: `Stop node ${index}` }).click();
    await nodes.getByText("Too few to sign: 2 of 4 nodes are running, 3 are needed.").waitFor();
    for (const index of [1, 2]) await nodes.getByRole("button", { name: `Start node ${index}` }).click();
    await nodes.getByText("3 of 4 nodes have to agree. 4 are running.").waitFor();
    const fault = nodes.getByRole("switch", { name: "Node 3 gives a wrong share" });
    await fault.click();
    await vi.waitFor(async () => expect(await fault.getAttribute("aria-checked")).toBe("true"));
    expect((await look()).nodes[2]).toMatchObject({ fault: "wrong-share" });
    await fault.click();
    await vi.waitFor(async () => expect(await fault.getAttribute("aria-checked")).toBe("false"));
  });

  it("lets a week pass and sends money to an address", async () => {
    const { timestamp } = (await look()).chain!;
    await section("Chain").getByRole("button", { name: "+7 days" }).click();
    await page.getByText("The chain is now 7 days later.").waitFor();
    expect((await look()).chain!.timestamp - timestamp).toBeGreaterThanOrEqual(604_800);

    const faucet = section("Faucet");
    await faucet.getByLabel("Address").fill(SOMEBODY);
    await faucet.getByLabel("Amount").fill("1.25");
    await faucet.getByRole("button", { name: "Send" }).click();
    await page.getByText("1.25 ETH sent.").waitFor();
    const { reader } = createChainClients(devnet.network.chain.rpcUrls[0]!);
    expect(await reader.getBalance({ address: SOMEBODY })).toBe(parseEther("1.25"));
  });

  it("is the Ledger's hands: a Nano's buttons, then a Flex's screen with its long press", async () => {
    const {
      ledger: { url },
    } = devnet.network as { ledger: { url: string } };
    const send = async (data: string) => {
      const response = await fetch(`${url}/apdu`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ data }),
      });
      return ((await response.json()) as { data: string }).data;
    };
    const ledger = section("Ledger");
    const shown = send(SHOW_ADDRESS);
    await ledger.getByText("waits for your answer").waitFor();
    await ledger.getByRole("button", { name: "Right" }).click();
    await ledger.getByText("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266").waitFor();
    await ledger.getByRole("button", { name: "Right" }).click();
    await ledger.getByRole("button", { name: /Both Confirm/ }).click();
    expect(await shown).toMatch(/9000$/);

    await ledger.getByLabel("Model").selectOption("Flex");
    await vi.waitFor(async () => expect((await look()).ledger?.model).toBe("flex"));
    const path = SHOW_ADDRESS.slice(10);
    const text = Buffer.from("hello").toString("hex");
    const signed = send(`e00800001e${path}00000005${text}`);
    // The dashboard has a "Next" too: it must be the review's that is pressed.
    await ledger.getByText("waits for your answer").waitFor();
    await ledger.getByRole("button", { name: "Next" }).click();
    await ledger.getByText("hello").waitFor();
    await ledger.getByRole("button", { name: "Next" }).click();
    const hold = ledger.getByRole("button", { name: "Hold to sign" });
    await hold.click();
    expect((await look()).ledger!.asking).toBe(true);
    await hold.focus();
    await page.keyboard.down("Space");
    expect(await signed).toMatch(/9000$/);
    await page.keyboard.up("Space");
  });

  it("says so when what was pressed did not work", async () => {
    problems.length = 0;
    const faucet = section("Faucet");
    await faucet.getByLabel("Address").fill(devnet.network.contracts.factorRegistry);
    await faucet.getByRole("button", { name: "Send" }).click();
    await page.getByText(/does not accept ETH/).waitFor();
    // The browser itself reports the refusal; nothing else went wrong.
    expect(problems.splice(0)).toEqual([expect.stringContaining("422")]);
  });

  it.each(["light", "dark"] as const)("is accessible, and nothing is cut, in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.getByText("Processes").click();
    for (const [width, height] of [
      [1280, 800],
      [900, 600],
      [480, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
});
