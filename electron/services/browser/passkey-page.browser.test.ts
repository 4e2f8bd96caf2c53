/** The page of passkeys in a real Chromium with its virtual authenticator, and the client against the devnet's. */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { passkeyCandidates, passkeySignature, requestOptions } from "#core/passkey/assertion.ts";
import { creationOptions, readMadePasskey } from "#core/passkey/creation.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { listFactors } from "#core/security/factors.ts";
import { addPasskeyProvider, type PasskeyProvider } from "#devnet/authenticator/testing/passkey-provider.ts";
import { ClientHarness } from "#electron/vault/authenticator/testing/client-harness.ts";
import { LOCAL_PASSKEY_DOMAIN, openPasskeyPage, type PasskeyPurpose } from "./passkey-page.ts";

let browser: Browser;
let page: Page;
let world: ClientHarness;
/** From the first visit on. */
let provider: PasskeyProvider | undefined;
let problems: string[];

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
});
afterAll(async () => browser.close());
beforeEach(async () => {
  world = await ClientHarness.start();
  page = await (await browser.newContext()).newPage();
  provider = undefined;
  problems = [];
  page.on("pageerror", ({ message }) => problems.push(message));
});
afterEach(async () => {
  await page.context().close();
  await world[Symbol.asyncDispose]();
  expect(problems).toEqual([]);
});

async function visit(purpose: PasskeyPurpose, options: string): Promise<string> {
  const opened = await openPasskeyPage(purpose, options);
  await page.goto(opened.url);
  provider ??= await addPasskeyProvider(page);
  await page.getByRole("button", { name: "Continue" }).click();
  return opened.answer;
}

test("a passkey is set up on the page, and then logs in", async () => {
  const { passkey } = world.client;
  const domain = LOCAL_PASSKEY_DOMAIN;
  const session = await world.logIn();
  const made = await visit("create", await passkey.startRegistration(session, { domain }));
  await page.getByText("Done.").waitFor();
  const registered = await passkey.finishRegistration(session, made);
  const id = registered.user.passkeys[0]?.registrationId;
  expect(listFactors(registered.claims)).toMatchObject([{ type: "email" }, { type: "passkey", id }]);

  const proof = await visit("get", await passkey.startProof({ domain }));
  const alone = await passkey.finishProof({ credential: proof });
  expect(listFactors(alone.claims)).toMatchObject([{ type: "passkey", id }]);
});

test("the person hears of it when there is no passkey, and so does the wallet", async () => {
  const options = await world.client.passkey.startProof({ domain: LOCAL_PASSKEY_DOMAIN });
  await expect(visit("get", options)).rejects.toMatchObject({
    name: "WalletError",
    code: "passkey-declined",
  });
  await page.getByText("The passkey was not used.").waitFor();
});

test("options are data for the page, whatever stands in them, and nonsense is declined", async () => {
  await expect(visit("get", '</script><script>document.title="owned"</script>')).rejects.toMatchObject({
    code: "passkey-declined",
  });
  expect(await page.title()).toBe("Use your passkey for Trivet");
});

test("only the page itself can answer, and only with what it sends", async () => {
  const opened = await openPasskeyPage("get", "{}");
  const { origin } = new URL(opened.url);
  const send = (body: string, headers: Record<string, string>, path = "/answer") =>
    fetch(`${opened.url}${path}`, { method: "POST", body, headers });
  const evil = JSON.stringify({ credential: "evil" });
  expect((await send(evil, {})).status).toBe(404);
  expect((await send(evil, { origin: "https://evil.example" })).status).toBe(404);
  expect((await send(evil, { origin }, "/other")).status).toBe(404);
  for (const body of [
    "",
    "{",
    "{}",
    '{"credential":1}',
    JSON.stringify({ credential: "x".repeat(70_000) }),
  ]) {
    expect((await send(body, { origin })).status).toBe(400);
  }
  expect((await send(JSON.stringify({ credential: "good" }), { origin })).status).toBe(204);
  expect(await opened.answer).toBe("good");
});

test("what a passkey that holds a key signs is shown by its digest; one that is there already is not made again", async () => {
  const challenge: Hex = `0x${"5a".repeat(32)}`;
  const wish = { challenge, user: challenge, name: "Blue key", others: [] };
  const create = (others: readonly string[]) =>
    visit("make-key", JSON.stringify(creationOptions({ ...wish, others })));
  const { credential, point } = readMadePasskey(await create([]), challenge);
  await expect(create([credential])).rejects.toMatchObject({ code: "passkey-exists" });

  const answer = await visit("sign-with-key", JSON.stringify(requestOptions(challenge, [credential])));
  await page.getByText(`0x ${"5a5a ".repeat(16).trim()}`).waitFor();
  expect(passkeySignature(answer, { challenge, point, credential })).toMatch(/^0x/);
  const found = await visit("find-key", JSON.stringify(requestOptions(challenge, [])));
  expect(passkeyCandidates(found, challenge)).toMatchObject({
    credential,
    points: expect.arrayContaining([point]) as Hex[],
  });
});
