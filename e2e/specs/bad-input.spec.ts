import { toAddress } from "#core/primitives/address.ts";
import { wrongCode } from "../pages/code.ts";
import type { Wallet } from "../support/wallet.ts";
import { expect, test } from "../support/test.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

test.describe("the code from the email", () => {
  test("a wrong code is refused in words, and the right one still works", async ({ wallet }) => {
    const page = await wallet.start();
    const code = await page.askForAccount();
    await page.code.enter(wrongCode(code));
    await page.expectProblem("That code is not right.");
    await page.code.enter(code);
    await expect(page.heading("Your keys are being made")).toBeVisible();
  });

  test("an expired code is refused in words, and a new one works", async ({ devnet, funded }) => {
    const { page } = funded;
    await page.lock();
    const code = await page.code.send();
    await devnet.moveAuthenticatorClock(121);
    await page.page.clock.setSystemTime(Date.now() + 121_000);
    await page.expectProblem("They are no longer valid: send a new code.");
    await page.code.enter(code);
    await page.expectProblem("That code has expired or was already used.");
    await devnet.moveAuthenticatorClock(0);
    await page.page.clock.setSystemTime(Date.now());
    await page.code.enter(await page.code.send("Send a new code"));
    expect(await page.accountAddress()).toBe(funded.account);
  });

  test("six wrong codes: the code is void, even the right one, and a new one works", async ({ funded }) => {
    const { page } = funded;
    await page.lock();
    const code = await page.code.send();
    for (let tries = 1; tries <= 4; tries += 1) {
      await page.code.enter(wrongCode(code, tries));
      await page.expectProblem("That code is not right.");
    }
    const isVoid = "This code was typed wrongly too often and no longer counts.";
    await page.code.enter(wrongCode(code, 5));
    await page.expectProblem(isVoid);
    await page.code.enter(wrongCode(code, 6));
    await page.expectProblem(isVoid);
    await page.code.enter(code);
    await page.expectProblem(isVoid);
    await page.code.enter(await page.code.send("Send a new code"));
    expect(await page.accountAddress()).toBe(funded.account);
  });

  test("something that is no email address gets no code", async ({ wallet }) => {
    const page = await wallet.start();
    await page.page.getByLabel("Email address").fill("ada@example");
    await page.page.getByRole("button", { name: "Send code" }).click();
    await page.expectProblem("This is not an email address. It looks like name@example.org.");
    await page.code.enter(await page.askForAccount());
    await expect(page.heading("Your keys are being made")).toBeVisible();
  });
});

test.describe("the withdrawal form", () => {
  const OF_WALLET = "the account's own address";
  const OF_TOKEN = "a token's contract";
  const bad: { what: string; to?: string; symbol?: string; amount?: string; says: string }[] = [
    {
      what: "no address",
      to: "Ada",
      says: "This is not an address yet. An address is 0x and 40 more characters.",
    },
    {
      what: "an address with a wrong checksum",
      to: RECIPIENT.replace("C8", "c8"),
      says: "The checksum does not match: at least one character is wrong. Copy the address again.",
    },
    {
      what: "the zero address",
      to: `0x${"0".repeat(40)}`,
      says: "This is the zero address. Whatever is sent there is lost.",
    },
    { what: OF_WALLET, says: "This is your own account's address. Nothing would move." },
    { what: OF_TOKEN, says: "This is the contract of Trivet Dollar. What is sent to it is lost." },
    { what: "nothing but zero", amount: "0", says: "Type an amount above zero." },
    { what: "an amount in words", amount: "ten", says: "Type a number, with a point for decimals: 12.5" },
    {
      what: "more than the balance",
      amount: "1000.000001",
      says: "This is more than there is. You have 1,000 TUSD.",
    },
    {
      what: "too many decimals",
      amount: "1.0000001",
      says: "TUSD has 6 decimals at most. Type fewer digits behind the point.",
    },
  ];

  for (const { what, to = RECIPIENT, amount = "1", says } of bad) {
    test(`says what is wrong with ${what}, and takes what is right`, async ({ devnet, funded }) => {
      const { page } = funded;
      const recipient =
        what === OF_WALLET ? funded.account : what === OF_TOKEN ? devnet.token("TUSD").address : to;
      await page.fillWithdrawal({ symbol: "TUSD", to: recipient, amount });
      await page.expectProblem(says);
      await expect(page.heading("Withdraw")).toBeVisible();
      await page.fillWithdrawal({ to: RECIPIENT, amount: "1" });
      await expect(page.heading("Review the withdrawal")).toBeVisible();
    });
  }
});

test.describe("the confirm window", () => {
  test("rejecting signs nothing, and the withdrawal can still be approved", async ({ devnet, funded }) => {
    const { page } = funded;
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
    await (await funded.confirm()).reject();
    await page.expectProblem("You rejected this. Nothing was signed.");
    await finish(funded);
    await page.go("Home");
    expect(await devnet.executed(funded.account)).toHaveLength(1);
  });

  test("closing it is a rejection, and the withdrawal can be dropped", async ({ devnet, funded }) => {
    const { page } = funded;
    const before = await devnet.executed(funded.account);
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
    await (await funded.confirm()).page.close();
    await page.expectProblem("You rejected this. Nothing was signed.");
    await page.operation.drop();
    await page.operation.expectDone("Dropped");
    expect(await devnet.executed(funded.account)).toEqual(before);
  });

  test("closes when what it asks about is dropped, and stays when another operation is", async ({
    devnet,
    funded,
  }) => {
    const { page } = funded;
    const before = await devnet.executed(funded.account);
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
    await (await funded.confirm()).reject();
    await page.expectProblem("You rejected this. Nothing was signed.");
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "2" });
    const confirm = await funded.confirm();
    await confirm.expectShows("Withdraw 2 TUSD");
    await page.go("Home");
    const drop = async (amount: string) => {
      const banner = page.operation.banner.filter({ hasText: `${amount} TUSD` });
      await banner.getByRole("button", { name: "Drop", exact: true }).click();
      await page.page.getByRole("alertdialog").getByRole("button", { name: /^Drop/ }).click();
      await expect(banner).toBeHidden();
    };
    await drop("1");
    await confirm.expectShows("Withdraw 2 TUSD");
    await drop("2");
    await expect.poll(() => confirm.page.isClosed()).toBe(true);
    expect(await devnet.executed(funded.account)).toEqual(before);
  });
});

test.describe("a world that does not answer", () => {
  test("another chain than the configured one is named, and nothing is read from it", async ({
    lines,
    funded,
  }) => {
    const { page: before } = funded;
    await before.go("Home");
    await funded.stop();
    lines.chain.pretend((request) => answerOf(request, "eth_chainId", "0x1"));
    const page = await funded.start();
    await page.unlock();
    const says = "This wallet is set up for Trivet devnet (chain 31337), but the chain that answers is 1.";
    await page.expectProblem(says);
    await page.go("Withdraw");
    await page.expectProblem(says);
    lines.chain.mend();
    await page.page.getByRole("button", { name: "Try again" }).click();
    await expect(page.page.getByLabel("Recipient")).toBeVisible();
    await page.go("Home");
    expect(await page.accountAddress()).toBe(funded.account);
  });

  test("without the chain the withdrawal waits, and goes on when it is back", async ({
    devnet,
    lines,
    funded,
  }) => {
    const { page } = funded;
    const before = await devnet.executed(funded.account);
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "2" });
    await funded.confirm();
    lines.chain.cut();
    await funded.approve();
    await page.proveIfAsked();
    await page.expectProblem("The chain cannot be reached.");
    lines.chain.mend();
    await page.operation.continue();
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.executed(funded.account)).toHaveLength(before.length + 1);
  });

  test("without the relay everything that was signed is kept, and sent when it is back", async ({
    devnet,
    lines,
    funded,
  }) => {
    const { page } = funded;
    const before = await devnet.executed(funded.account);
    lines.relay.cut();
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "3" });
    await funded.approve();
    await page.proveIfAsked();
    await page.expectProblem("The relay that sends operations to the chain cannot be reached.");
    lines.relay.mend();
    await page.operation.continue();
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.executed(funded.account)).toHaveLength(before.length + 1);
  });

  test("without the authenticator no code can be asked for, and it can when it is back", async ({
    lines,
    funded,
  }) => {
    const { page } = funded;
    await page.lock();
    lines.authenticator.cut();
    await page.page.getByRole("button", { name: "Send code" }).click();
    await page.expectProblem("The authenticator cannot be reached.");
    lines.authenticator.mend();
    await page.unlock();
    expect(await page.accountAddress()).toBe(funded.account);
  });
});

/** Goes on with the operation on the screen and finishes it with device key and network-held MFA key. */
async function finish(wallet: Wallet): Promise<void> {
  await wallet.page.operation.continue();
  await wallet.approve();
  await wallet.page.proveIfAsked();
  await wallet.page.operation.expectDone("Withdrawn");
}

/** A JSON-RPC answer for one method; undefined for the others. */
function answerOf(request: unknown, method: string, result: string): unknown {
  if (typeof request !== "object" || request === null) return undefined;
  if (!("method" in request) || request.method !== method) return undefined;
  return { jsonrpc: "2.0", id: "id" in request ? request.id : null, result };
}
