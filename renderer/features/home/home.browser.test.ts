import { expect, it } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { openPage } from "../../testing/page-wallet.ts";
import { tusd } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();
const mute = { ...tusd, address: toAddress(`0x${"33".repeat(20)}`), symbol: "MUTE", name: "Mute Token" };

it("a token that does not say how much there is hides no other", async () => {
  const handlers = {
    ...ofOpenAccount,
    "account.balances": () => [{ token: mute }, { token: tusd, amount: 1_250_500_000n }],
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, { handlers });
  const assets = page.getByRole("table", { name: "Assets" });
  await assets.getByRole("row", { name: "Mute Token MUTE Its contract does not say" }).waitFor();
  await assets.getByRole("row", { name: "1,250.5 TUSD" }).waitFor();
  expect(await barriersOf(page)).toEqual([]);

  await page.getByRole("link", { name: "Withdraw", exact: true }).click();
  const asset = page.getByRole("combobox", { name: "Asset" });
  expect(await asset.getByRole("option").allInnerTexts()).toEqual([expect.stringContaining(tusd.name)]);
  expect(complaints).toEqual([]);
});
