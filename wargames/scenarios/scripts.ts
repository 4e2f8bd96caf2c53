/** The computer of a script, which has a key of its own for its calls: the key's file is taken, with its password. */
import { encodeFunctionData, parseAbi, parseEther, toFunctionSelector } from "viem";
import { perform, type Wish } from "#contracts/testing/perform.ts";
import { newScriptSigner } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { thingsOf } from "#core/security/explorer/account.ts";
import { Actor, type Outcome } from "../people/actor.ts";
import type { Household } from "../people/household.ts";
import { type Attack, type Scenario, SOURCE } from "../scenario.ts";
import { LEDGER, LEVEL_1 } from "./accounts.ts";

const { twoKeys } = SOURCE;
const exchangeAbi = parseAbi(["function buy(uint256 least) payable"]);
const LIMIT = parseEther("0.1");

/**
 * The owner gives a script a key that may buy at an exchange, for a little ether a day. A thief takes it, and puts it in the
 * place of a device key in whatever they try; then tries everything else once more without it.
 */
async function withTheScriptsKey({ world, target, holds, to }: Attack, home: Household): Promise<Outcome> {
  const { contracts } = world;
  const { address: exchange } = await contracts.deploy("DevnetExchange", "devnet/DevnetExchange.sol", [
    contracts.contracts.tusd,
    2_000_000_000n,
  ]);
  const script = newScriptSigner(contracts.contracts.scriptVerifier);
  const key = keyId(script.key);
  // A code of the authenticator app counts once: nobody may go without because somebody else proved themself before.
  const unproven = await world.authenticator.keep();
  const owner = await Actor.create(world, target, home.belongings(new Set(thingsOf(home.account))));
  const rights: Wish[] = [
    { kind: "addKey", role: "device", key: script.key, expires: 0 },
    { kind: "setScope", key, target: exchange, selector: toFunctionSelector(exchangeAbi[0]), allowed: true },
    { kind: "setLimit", key, token: NATIVE_TOKEN, limit: LIMIT },
  ];
  for (const right of rights) {
    if ((await owner.attempt(right)) !== "now") throw new Error(`the owner could not ${right.kind}`);
  }
  await owner.leave();
  await world.authenticator.takeBack(unproven);

  const before = await world.keep();
  const seen = { ...target, deviceKeys: [...target.deviceKeys, script.key] };
  const thief = await Actor.create(world, seen, { ...holds, devices: [script] });
  const taken = await thief.takeAll(to);
  const steps = [`with the script's key for a device key: ${thief.codes().join(", ")}`];
  await thief.leave();
  await world.takeBack(before);
  if (taken.gotFunds) return taken;

  // What the key is for still goes: that much its theft costs.
  const buy = zHex.parse(encodeFunctionData({ abi: exchangeAbi, functionName: "buy", args: [0n] }));
  const purchase: Wish = { kind: "execute", calls: [{ target: exchange, value: LIMIT, data: buy }] };
  await perform(contracts, target.account, purchase, [script]);
  steps.push("with the script's key: calls in its scope, for its limit, and no more");

  const alone = await Actor.create(world, target, holds);
  const outcome = await alone.takeAll(to);
  await alone.leave();
  return { ...outcome, steps: [...steps, ...outcome.steps] };
}

export const SCRIPTS: readonly Scenario[] = [
  {
    name: "a script's computer compromised: its key file and password",
    source: twoKeys,
    account: LEDGER,
    attack: withTheScriptsKey,
    promises: "safe",
  },
  {
    name: "a script's computer compromised, where a device key may withdraw alone after a delay",
    source: twoKeys,
    account: { ...LEDGER, settings: { singleKeyRoles: ["device"] } },
    attack: withTheScriptsKey,
    promises: "safe",
  },
  {
    name: "a script's computer and the Ledger compromised",
    source: twoKeys,
    account: LEDGER,
    thief: ["Ledger"],
    attack: withTheScriptsKey,
    promises: "safe",
  },
  {
    name: "a script's computer and every proof compromised",
    source: twoKeys,
    account: LEVEL_1,
    thief: ["C", "E", "A"],
    attack: withTheScriptsKey,
    promises: "stoppable",
    note: "the key network signs nothing that a script's key asks for; a recovery takes its delay as it would without it",
  },
];
