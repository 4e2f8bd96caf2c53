import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { recoverAddress } from "viem/utils";
import type { NetworkConfig } from "#core/config/network.ts";
import { joinRequestDigest, zSignedJoinRequest } from "#core/joining/request.ts";
import { toAddress } from "#core/primitives/address.ts";
import { listFactors, listWallets } from "#core/security/factors.ts";
import { ClientHarness, EMAIL } from "../authenticator/testing/client-harness.ts";
import { Person } from "../authenticator/testing/person.ts";
import { DeviceKey } from "../keyring/device-key.ts";
import { PersonSession } from "../session/session.ts";
import { createVaultJoining } from "./joining.ts";

let world: ClientHarness;
let session: PersonSession;
let joining: ReturnType<typeof createVaultJoining>;
const device = DeviceKey.generate();
const putAway = vi.fn(() => Promise.resolve());
const implementation = toAddress(`0x${"1a".repeat(20)}`);
beforeEach(async () => {
  world = await ClientHarness.start();
  session = new PersonSession(world.client);
  // Nothing else of the configuration is looked at here.
  const config = {
    chain: { id: 31_337 },
    contracts: { implementation },
    authenticator: { baseUrl: world.authenticator.url },
  } as NetworkConfig;
  joining = createVaultJoining(() => ({ config, keyring: { device, putAway }, session }));
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function signIn(): Promise<void> {
  await session.sendCode(EMAIL);
  await session.verifyCode(await world.authenticator.codeFor(EMAIL));
}

describe("a new device key", () => {
  test("signs its own joining request", async () => {
    const account = toAddress(`0x${"aa".repeat(20)}`);
    const { request, signature } = zSignedJoinRequest.parse(
      await joining.signJoinRequest({ account, name: "Laptop", until: 7 }),
    );
    expect(request).toEqual({ chainId: 31_337, account, device: device.address, name: "Laptop", until: 7 });
    const hash = joinRequestDigest(request, implementation);
    expect(toAddress(await recoverAddress({ hash, signature }))).toBe(device.address);
  });

  test("is named by the session once it signed in, and proves no factor by that", async () => {
    await signIn();
    await joining.nameDevice(undefined);
    const { claims } = await session.refresh();
    expect(listWallets(claims)).toMatchObject([{ address: device.address }]);
    expect(listFactors(claims).map(({ type }) => type)).toEqual(["email"]);
    // Every request of a recovery names it anew.
    await joining.nameDevice(undefined);
  });

  test("is put away when the computer gives up", async () => {
    await joining.putDeviceKeyAway(undefined);
    expect(putAway).toHaveBeenCalledOnce();
  });

  test("is named only once two categories are proven, where a person has as many", async () => {
    const person = new Person(world.authenticator, { email: EMAIL, phone: "+41790000001" });
    await person.enrol(["totp"]);
    await signIn();
    await expect(joining.nameDevice(undefined)).rejects.toMatchObject({ code: "factors-insufficient" });
    const code = await person.type("totp");
    if (code.kind !== "totp") throw new Error("no code of the app");
    await session.prove((client, open) => client.totp.verify(open, code.code));
    await joining.nameDevice(undefined);
    expect(listWallets((await session.refresh()).claims)).toHaveLength(1);
  });
});
