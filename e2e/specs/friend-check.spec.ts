import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { befriend, FriendsScreen } from "../pages/friends.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";
import { Wallet } from "../support/wallet.ts";

const YEAR = 365 * 86_400;

/** Makes what a computer that does not run remembers of friends' answers older. */
async function letAYearPass(wallet: Wallet): Promise<void> {
  const file = path.join(wallet.profile, "profiles", "devnet-31337", "friends.json");
  const notes = z
    .looseObject({ answers: z.array(z.looseObject({ at: z.number() })) })
    .parse(JSON.parse(await readFile(file, "utf8")));
  const answers = notes.answers.map((one) => ({ ...one, at: one.at - YEAR - 60 }));
  await writeFile(file, JSON.stringify({ ...notes, answers }));
}

const reminders = async (wallet: Wallet): Promise<string[]> =>
  (await wallet.host.state()).notifications.flatMap(({ title }) =>
    title.includes("still there") ? [title] : [],
  );

test("after a year Ana is reminded once, asks Ben whether he is still there, and he answers", async ({
  devnet,
  wallet: ana,
}) => {
  test.setTimeout(420_000);
  await ana.openAccount();
  const ben = await Wallet.create(devnet);
  await ben.openAccount();
  const anas = new FriendsScreen(ana);
  const bens = new FriendsScreen(ben);
  await befriend(ana, ben);

  await ana.kill();
  await letAYearPass(ana);
  await ana.start();
  await expect.poll(() => reminders(ana), { timeout: 30_000 }).toEqual(["Is Ben still there?"]);
  await ana.page.unlock();
  await ana.page.go("Keys");
  await expect(anas.page.getByRole("link", { name: /^Friends .*Ben/ })).toContainText(
    "Not heard of for a year: Ben.",
  );
  await capture(anas.page, "friend-30-due");
  await anas.open();
  const friend = anas.page.getByRole("region", { name: "Ben" });
  await expect(friend).toContainText("more than a year ago");
  await friend.getByRole("button", { name: "Ask whether Ben is still there" }).click();
  const question = await anas.save(friend, "the question", "still-there.json");
  await expect(friend).toContainText("You asked; the answer counts until");
  await capture(anas.page, "friend-31-asked");

  await bens.open();
  await bens.openFile(question);
  await expect(bens.letter.getByText("Ana asks whether you are still there")).toBeVisible();
  await expect(bens.letter.getByText("it moves no money and changes no key")).toBeVisible();
  await expect(bens.letter.getByText("If you do nothing")).toBeVisible();
  await capture(bens.page, "friend-32-question");
  await bens.letter.getByRole("button", { name: "Sign", exact: true }).click();
  const confirm = await ben.confirm();
  await confirm.expectShows("If you sign", "If you do nothing", "What it cannot do");
  await captureConfirm(confirm.page, "friend-33-confirm");
  await confirm.approve();
  await expect(bens.letter.getByText("Signed. Send this answer to Ana.")).toBeVisible({ timeout: 30_000 });
  const answer = await bens.save(bens.letter, "the answer", "still-here.json");

  await anas.openFile(answer);
  await expect(anas.letter.getByText("Ben is still there")).toBeVisible();
  await anas.open();
  await expect(friend).toContainText("Last heard of on");
  await expect(friend).not.toContainText("more than a year ago");

  // Told once: not again after a restart.
  await ana.kill();
  await ana.start();
  await ana.page.unlock();
  await ana.page.go("Keys");
  expect(await reminders(ana)).toEqual([]);
  await ben.dispose();
});
