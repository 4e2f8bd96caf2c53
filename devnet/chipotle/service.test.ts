/** The stub of Lit's live service: who may run what, with which keys, and what it costs. */
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { gateCid } from "#core/key-network/gate-cid.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zBytes32 } from "#core/primitives/hex.ts";
import { type LitService, startLitService } from "./start.ts";
import { type LitAccount, openLitAccount } from "./testing/lit-account.ts";

/** Gives everything away: its own key, the address of its CID's key, and the key of a wallet. */
const TELLTALE = `async function main({ pkpId, ipfsId }) {
  const said = async (work) => { try { return await work(); } catch (error) { return error.message; } };
  return {
    own: await said(() => Lit.Actions.getLitActionPrivateKey()),
    program: await said(() => Lit.Actions.getLitActionWalletAddress({ ipfsId })),
    wallet: await said(() => Lit.Actions.getPrivateKey({ pkpId })),
    strings: await said(() => new Function("return 1")()),
    place: typeof Deno,
  };
}`;
const CID = gateCid(new TextEncoder().encode(TELLTALE));
const OTHER = "async function main() { return 'other'; }";

let service: LitService;
let account: LitAccount;

beforeAll(async () => {
  service = await startLitService({ hosts: {}, milliseconds: 3_000 });
  account = openLitAccount(service, [CID]);
});
afterAll(async () => {
  await service.close();
});

async function ask(path: string, { key = account.usageKey, body }: { key?: string; body?: unknown } = {}) {
  const response = await fetch(`${service.url}/core/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-api-key": key, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}
const run = (code: string, js_params: unknown = {}, key?: string) =>
  ask("lit_action", { body: { code, js_params }, ...(key && { key }) });
const zTold = z.object({ response: z.record(z.string(), z.string()), has_error: z.literal(false) });

async function makeWallet(): Promise<string> {
  const { answer } = await ask("create_wallet");
  return z.object({ wallet_address: zAddress }).parse(answer).wallet_address;
}

describe("a program", () => {
  test("is given its own key and the keys of its group, and runs no strings", async () => {
    const wallet = await makeWallet();
    const before = zTold.parse((await run(TELLTALE, { pkpId: wallet, ipfsId: CID })).answer).response;
    expect(before.wallet).toBe("API key cannot use selected wallet in selected action");
    await ask("add_pkp_to_group", { body: { group_id: account.group, pkp_id: wallet } });
    const told = zTold.parse((await run(TELLTALE, { pkpId: wallet, ipfsId: CID })).answer).response;
    expect(privateKeyToAccount(zBytes32.parse(told.wallet)).address).toBe(wallet);
    const own = privateKeyToAccount(zBytes32.parse(told.own)).address;
    expect(told.program).toBe(own.toLowerCase());
    expect(told.strings).toMatch(/Code generation from strings/);
    expect(told.place).toBe("undefined");
  });

  test("that is in no group is run for nobody but a key of all groups", async () => {
    expect((await run(OTHER)).status).toBe(403);
    expect((await run(OTHER, {}, account.key)).status).toBe(403);
    const anything = account.giveOut({ execute_in_groups: [0] });
    expect(await run(OTHER, {}, anything)).toMatchObject({ status: 200, answer: { response: "other" } });
  });

  test("that fails or does not end is an error, as are parameters of more than 64 KB", async () => {
    const anything = account.giveOut({ execute_in_groups: [0] });
    const throws = "async function main() { throw new Error('broken'); }";
    expect(await run(throws, {}, anything)).toMatchObject({
      status: 500,
      answer: expect.stringContaining("broken") as string,
    });
    expect((await run("for (;;);", {}, anything)).status).toBe(500);
    const large = { text: "a".repeat(64 * 1024) };
    expect((await run(TELLTALE, large)).status).toBe(400);
  });

  test("reaches nothing that was not named", async () => {
    const anything = account.giveOut({ execute_in_groups: [0] });
    const code = `async function main() { try { return (await fetch("${service.url}")).status } catch { return "no" } }`;
    expect(await run(code, {}, anything)).toMatchObject({ answer: { response: "no" } });
  });
});

describe("an account", () => {
  test("without money runs nothing and makes nothing, and is told so by a status", async () => {
    const poor = openLitAccount(service, [CID]);
    poor.setBalance(0);
    expect((await run(TELLTALE, {}, poor.usageKey)).status).toBe(402);
    expect((await ask("create_wallet", { key: poor.usageKey })).status).toBe(402);
    poor.setBalance(1);
    expect((await run(TELLTALE, {}, poor.usageKey)).status).toBe(200);
    expect(await ask("billing/balance", { key: poor.usageKey })).toMatchObject({
      answer: { balance_cents: 0 },
    });
  });

  test("lists its usage keys to each of them, by their hashes, and knows no strangers", async () => {
    const { answer } = await ask("list_api_keys?page_number=0&page_size=100");
    expect(answer).toContainEqual(
      expect.objectContaining({ can_execute_in_groups: [account.group], can_create_pkps: true }),
    );
    expect(JSON.stringify(answer)).not.toContain(account.usageKey);
    expect((await ask("account_exists", { key: "nobody's" })).status).toBe(401);
  });

  test("is administered by its own key only", async () => {
    for (const [path, body] of [
      ["add_action_to_group", { group_id: account.group, action_ipfs_cid: CID }],
      [
        "add_group",
        { group_name: "", group_description: "", pkp_ids_permitted: [], cid_hashes_permitted: [] },
      ],
    ] as const) {
      expect((await ask(path, { body })).status).toBe(403);
      expect((await ask(path, { body, key: account.key })).status).toBe(200);
    }
  });
});
