import { parseAccount } from "#core/security/explorer/account.ts";
import { toAddress } from "#core/primitives/address.ts";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { Actor } from "./people/actor.ts";
import { Household } from "./people/household.ts";
import { WargameWorld } from "./world/world.ts";
const t = () => (performance.now() / 1000).toFixed(1);
const fresh = () => toAddress(privateKeyToAccount(generatePrivateKey()).address);
const world = await WargameWorld.start();
console.log(t(), "world");
try {
  const account = parseAccount({ methods: ["A", "S"] });
  const home = await Household.create(world, account);
  console.log(t(), "household", home.target.account);
  for (const names of [
    ["D", "C", "E"],
    ["E", "A"],
    ["C", "E", "A"],
    ["D", "A", "S"],
    ["C", "E", "A", "S"],
  ]) {
    const moment = await world.keep();
    const thief = await Actor.create(world, home.target, home.belongings(new Set(names)));
    console.log(
      t(),
      names.join(),
      JSON.stringify(await thief.takeAll(fresh())),
      thief.refusals().join(" | "),
    );
    await thief.leave();
    await world.takeBack(moment);
  }
} catch (e) {
  console.error(e);
}
await world.stop();
console.log(t(), "end");
process.exit(0);
