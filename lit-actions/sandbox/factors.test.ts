/** What the person proved against what is registered, before the bundled gate in a key node's sandbox. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { newKeyPair, newSigner, type TestSigner } from "#contracts/testing/world.ts";
import type { GateRequestJson } from "#core/key-network/gate-request.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import { GateWorld, type Household } from "#devnet/testing/gate-world.ts";
import { person, recordOf, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { addressOf, expectGranted, expectRefusal, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const eve = person("eve");
const BOTH: TokenOptions = { proven: { email: 30, totp: 10 } };

let gates: GateWorld;
let home: Household;

beforeAll(async () => {
  gates = await GateWorld.start();
  home = await gates.createHousehold({ who: ada });
});
afterAll(async () => {
  await gates.stop();
});

async function runWith(jwt: string, change: Partial<GateRequestJson> = {}, who = home) {
  const request = await gates.operationRequest(who, withdrawal(who.account), jwt);
  return gates.run({ ...request, ...change }, addressOf(who.owner.device));
}
const token = (options: TokenOptions) => gates.issuer.token(ada, options);

describe("the gate counts a factor", () => {
  test("as long as it is fresh", async () => {
    expectGranted(await runWith(await token({ proven: { email: 590, totp: 0 } })));
  });

  test("not once it was proven too long ago, however young the token is", async () => {
    expectRefusal(await runWith(await token({ proven: { email: 700, totp: 10 } })), "factor-stale");
    expectRefusal(await runWith(await token({ proven: { email: 10, totp: 700 } })), "factor-stale");
  });

  test("not when it was proven in the future", async () => {
    expectRefusal(await runWith(await token({ proven: { email: -3600, totp: 0 } })), "factor-stale");
  });

  test("only together with another, where the record holds several", async () => {
    expectRefusal(await runWith(await token({ proven: { email: 0 } })), "factor-missing");
    expectRefusal(
      await runWith(await token({ proven: { email: 0, passkey: 0, oauth: 0 } })),
      "factor-missing",
    );
  });

  test("not when the registry does not hold it", async () => {
    const changed = { ...ada, ids: { ...ada.ids, totp: "totp-of-somebody" } };
    expectRefusal(await runWith(await gates.issuer.token(changed, BOTH)), "factor-missing");
  });

  test("not when it is another user's", async () => {
    expectRefusal(await runWith(await gates.issuer.token(eve, BOTH)), "factor-not-registered");
    const opened = recordOf(eve, home.account, ["email", "totp", "sms"]);
    expectRefusal(await runWith(await gates.issuer.token(eve, BOTH), { opened }), "factor-not-registered");
  });
});

describe("the gate wants the whole record opened", () => {
  test.each([
    ["one factor is left out", () => recordOf(ada, home.account, ["email", "totp"])],
    ["one factor is added", () => recordOf(ada, home.account, ["email", "totp", "sms", "oauth"])],
    ["one factor is another", () => recordOf(ada, home.account, ["email", "totp", "passkey"])],
  ])("and refuses when %s", async (_what, opened) => {
    const jwt = await token({ proven: { email: 0, totp: 0, sms: 0 } });
    expectRefusal(await runWith(jwt, { opened: opened() }), "record-not-opened");
  });

  test("and refuses when it is opened as another account's", async () => {
    const other = await gates.createHousehold({ who: eve });
    expectRefusal(
      await runWith(await token(BOTH), { opened: { ...home.record, account: other.account } }),
      "other-account",
    );
  });

  test("and refuses a key that has none", async () => {
    const owner = { ...home.owner, mfa: newKeyPair() };
    expectRefusal(await runWith(await token(BOTH), {}, { ...home, owner }), "no-record");
  });

  test("and takes an account in any spelling", async () => {
    const account = home.account.toLowerCase() as Address;
    expectGranted(await runWith(await token(BOTH), { opened: { ...home.record, account } }));
  });
});

describe("a wallet is a factor that the gate checks by itself", () => {
  let wallet: TestSigner;
  let walletHome: Household;
  beforeAll(async () => {
    wallet = newSigner();
    const more = [{ type: "wallet", id: wallet.account.address.toLowerCase() }] as const;
    walletHome = await gates.createHousehold({ who: ada, types: ["email", "totp"], more });
  });

  async function runSignedBy(signer: TestSigner | undefined, jwt: string, amount = 1_000n, personal = false) {
    const digest = operationDigest(withdrawal(walletHome.account, amount), "compact", gates.world.domain);
    const walletSignature = signer && (await gates.walletSignature(signer, digest, jwt, personal));
    return runWith(jwt, walletSignature && { walletSignature }, walletHome);
  }

  test("proven by its signature over the same request, in both forms that wallets make", async () => {
    const jwt = await token({ proven: { email: 0 } });
    expectGranted(await runSignedBy(wallet, jwt));
    expectGranted(await runSignedBy(wallet, jwt, 1_000n, true));
  });

  test("not by the authenticator's word", async () => {
    const jwt = await token({ proven: { email: 0 }, wallets: { [wallet.account.address]: 0 } });
    expectRefusal(await runSignedBy(undefined, jwt), "factor-missing");
  });

  test("not by another wallet's signature, nor by one over another operation", async () => {
    const jwt = await token({ proven: { email: 0 } });
    expectRefusal(await runSignedBy(newSigner(), jwt), "factor-missing");
    expectRefusal(await runSignedBy(wallet, jwt, 999n), "factor-missing");
  });

  test("not by a signature that is none", async () => {
    const jwt = await token({ proven: { email: 0 } });
    const walletSignature = `0x${"00".repeat(65)}` as const;
    expectRefusal(await runWith(jwt, { walletSignature }, walletHome), "factor-missing");
  });
});
