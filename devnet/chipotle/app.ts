import { type Context, Hono } from "hono";
import { z } from "zod";
import { gateCid, zGateCid } from "#core/key-network/gate-cid.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zBytes32 } from "#core/primitives/hex.ts";
import { ownPagesOnly, readJson } from "../http/loopback.ts";
import { type Accounts, type Caller, type UsageRights } from "./accounts.ts";
import type { Enclave } from "./enclave.ts";
import { ServiceError } from "./errors.ts";

const groups = z.array(z.int().min(0));
const zUsageRights = z.object({
  name: z.string(),
  description: z.string(),
  can_create_groups: z.boolean(),
  can_delete_groups: z.boolean(),
  can_create_pkps: z.boolean(),
  manage_ipfs_ids_in_groups: groups,
  add_pkp_to_groups: groups,
  remove_pkp_from_groups: groups,
  execute_in_groups: groups,
}) satisfies z.ZodType<UsageRights>;
const zNewAccount = z.object({ account_name: z.string(), account_description: z.string() });
const zNewGroup = z.object({
  group_name: z.string(),
  group_description: z.string(),
  pkp_ids_permitted: z.array(z.string()),
  cid_hashes_permitted: z.array(zBytes32),
});
const zProgramInGroup = z.object({ group_id: z.int(), action_ipfs_cid: zGateCid });
const zHashInGroup = z.object({ group_id: z.int(), hashed_cid: zBytes32 });
const zWalletInGroup = z.object({ group_id: z.int(), pkp_id: zAddress });
const zRun = z.object({ code: z.string().min(1), js_params: z.unknown() });
const zPage = z.object({
  page_number: z.coerce.number().int().min(0),
  page_size: z.coerce.number().int().min(1),
});

/** What an account may spend when it is new. */
const FIRST_CENTS = 1_000;

const DONE = { success: true } as const;

/** The endpoints of the service that Trivet and its tests use, with its names, shapes and statuses. */
export function createServiceApp(accounts: Accounts, enclave: Enclave): Hono {
  const app = new Hono();
  app.use(ownPagesOnly);
  const callerOf = (context: Context): Caller => accounts.callerOf(context.req.header("x-api-key") ?? "");
  const billed = (context: Context): Caller => {
    const caller = callerOf(context);
    accounts.charge(caller);
    return caller;
  };

  app.post("/new_account", async (context) => {
    await bodyOf(context, zNewAccount);
    const { key, address } = accounts.create(FIRST_CENTS);
    return context.json({ api_key: key, wallet_address: address.toLowerCase() });
  });
  app.get("/account_exists", (context) => context.json(Boolean(callerOf(context))));
  app.post("/get_lit_action_ipfs_id", async (context) => {
    return context.json(gateCid(new TextEncoder().encode(await bodyOf(context, z.string().min(1)))));
  });
  app.get("/list_api_keys", (context) => {
    const { account } = callerOf(context);
    const { page_number, page_size } = zPage.parse(context.req.query());
    const all = [...account.usageKeys].map(([hash, rights], index) => usageItem(index, hash, rights));
    // A page that everything fits on is the first one, whatever its number.
    const start = page_size > all.length ? 0 : page_number * page_size;
    return context.json(all.slice(start, start + page_size));
  });
  app.get("/create_wallet", (context) => {
    return context.json({ wallet_address: accounts.createWallet(billed(context)).toLowerCase() });
  });
  app.post("/add_group", async (context) => {
    const { cid_hashes_permitted, pkp_ids_permitted } = await bodyOf(context, zNewGroup);
    const group = accounts.addGroup(billed(context), cid_hashes_permitted, pkp_ids_permitted);
    return context.json({ ...DONE, group_id: group.toString() });
  });
  app.post("/add_action_to_group", async (context) => {
    const { group_id, action_ipfs_cid } = await bodyOf(context, zProgramInGroup);
    accounts.addProgram(billed(context), group_id, action_ipfs_cid);
    return context.json(DONE);
  });
  app.post("/remove_action_from_group", async (context) => {
    const { group_id, hashed_cid } = await bodyOf(context, zHashInGroup);
    accounts.removeProgram(billed(context), group_id, hashed_cid);
    return context.json(DONE);
  });
  app.post("/add_pkp_to_group", async (context) => {
    const { group_id, pkp_id } = await bodyOf(context, zWalletInGroup);
    accounts.addWalletToGroup(billed(context), group_id, pkp_id);
    return context.json(DONE);
  });
  app.post("/add_usage_api_key", async (context) => {
    const rights = await bodyOf(context, zUsageRights);
    return context.json({ ...DONE, usage_api_key: accounts.addUsageKey(billed(context), rights) });
  });
  app.post("/lit_action", async (context) => {
    const { code, js_params } = await bodyOf(context, zRun);
    return context.json(await enclave.run(callerOf(context), code, js_params));
  });
  app.get("/billing/balance", (context) => {
    const { cents } = callerOf(context).account;
    // The service counts what it owes, so that money to spend is a negative number.
    return context.json({ balance_cents: 0 - cents, balance_display: `$${(cents / 100).toFixed(2)} credit` });
  });

  app.onError((error, context) => {
    if (error instanceof ServiceError) return context.json(error.message, error.status);
    if (error instanceof z.ZodError) return context.json(z.prettifyError(error), 400);
    return context.json(error.message, 500);
  });
  const root = new Hono();
  root.route("/core/v1", app);
  return root;
}

async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(await readJson(context));
}

/** A usage key as the service lists it: everything but the key. */
function usageItem(index: number, hash: string, rights: UsageRights) {
  return {
    id: (index + 1).toString(),
    api_key_hash: hash,
    name: rights.name,
    description: rights.description,
    expiration: "4102444800",
    balance: 0,
    can_create_groups: rights.can_create_groups,
    can_delete_groups: rights.can_delete_groups,
    can_create_pkps: rights.can_create_pkps,
    can_manage_ipfs_ids_in_groups: rights.manage_ipfs_ids_in_groups,
    can_add_pkp_to_groups: rights.add_pkp_to_groups,
    can_remove_pkp_from_groups: rights.remove_pkp_from_groups,
    can_execute_in_groups: rights.execute_in_groups,
  };
}
