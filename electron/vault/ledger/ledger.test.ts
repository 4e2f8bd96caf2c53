import fs from "node:fs/promises";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recoverTypedDataAddress } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { ACCOUNT_PATH, schemePath } from "#core/ledger/paths.ts";
import { acceptRoleTypedData } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { SoftwareLedger } from "#devnet/ledger/device.ts";
import { type LedgerServer, serveLedger } from "#devnet/ledger/http/server.ts";
import { knownPaths } from "./known-paths.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { usbLedgers } from "./openers.ts";
import * as packages from "./packages.ts";

const SEEDS = [
  "test test test test test test test test test test test junk",
  "legal winner thank year wave sausage worth useful legal winner thank yellow",
] as const;
const addressOf = (seed: string, at = ACCOUNT_PATH): Address =>
  toAddress(mnemonicToAccount(seed, { path: `m/44'/60'/${at.slice("44'/60'/".length)}` }).address);
const [first, second] = [addressOf(SEEDS[0]), addressOf(SEEDS[1])];
const somewhere = toAddress(`0x${"1".repeat(40)}`);
const messageOf = (signer: Address) =>
  acceptRoleTypedData({ chainId: 1, implementation: somewhere }, "mfa", signer, somewhere);

let directory: string;
let devices: SoftwareLedger[];
let servers: LedgerServer[];
const damaged = vi.fn();

beforeEach(async () => {
  damaged.mockReset();
  directory = await mkdtemp(path.join(tmpdir(), "trivet-ledgers-"));
  const settings = { rawMessages: true, blindSigning: false };
  devices = SEEDS.map((seed) => new SoftwareLedger({ seed, settings, approval: "always" }));
  servers = await Promise.all(devices.map((device) => serveLedger(device, 0)));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.map((server) => server.close()));
  await rm(directory, { recursive: true });
});

/** The vault's Ledgers, after a start of the app. */
function ledgers(): Ledger {
  const [url = "", ...others] = servers.map((server) => server.url);
  return createLedger({
    config: { transport: "speculos", url, others },
    paths: knownPaths(directory, damaged),
    onState: () => undefined,
  });
}

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => (error instanceof WalletError ? error.code : "not an error made for people"),
  );

describe("several Ledgers", () => {
  it("are listed, each with its state and address; one that is not plugged in is not there", async () => {
    const ledger = ledgers();
    expect(await ledger.check()).toMatchObject([
      { id: servers[0]?.url, state: "ready", address: first },
      { id: servers[1]?.url, state: "ready", address: second },
    ]);
    devices[0]?.lock();
    devices[1]?.unplug();
    expect(await ledger.check()).toEqual([{ id: servers[0]?.url, state: "unlock" }]);
  });

  it("are asked for what only one of them can sign, whichever it is", async () => {
    const ledger = ledgers();
    for (const signer of [first, second]) {
      const typedData = messageOf(signer);
      const signature = await ledger.sign(typedData, signer);
      expect(await recoverTypedDataAddress({ ...typedData, signature })).toBe(signer);
      await ledger.verifyAddress(signer);
    }
  });

  it("tell when none of them is the right one", async () => {
    expect(await codeOf(ledgers().sign(messageOf(somewhere), somewhere))).toBe("ledger-other-keys");
  });

  it("tell what one of them lacks, as long as it may be the right one", async () => {
    const ledger = ledgers();
    devices[1]?.lock();
    expect(await codeOf(ledger.sign(messageOf(second), second))).toBe("ledger-unlock");
    devices[1]?.unlock();
    devices[1]?.setApp({ open: false });
    expect(await codeOf(ledger.sign(messageOf(second), second))).toBe("ledger-open-app");
    expect(await ledger.sign(messageOf(first), first)).toMatch(/^0x/);
  });

  it("tell that the wrong one is plugged in when the right one is away, and that none is when both are", async () => {
    const ledger = ledgers();
    devices[1]?.unplug();
    expect(await codeOf(ledger.sign(messageOf(second), second))).toBe("ledger-other-keys");
    devices[0]?.unplug();
    expect(await codeOf(ledger.sign(messageOf(second), second))).toBe("ledger-plug-in");
  });

  it("keep an old request of one from standing in the way of another", async () => {
    const ledger = ledgers();
    const [device] = devices;
    if (!device) throw new Error("no device");
    device.screen.approval = "ask";
    const showing = codeOf(ledger.verifyAddress(first));
    await expect.poll(() => device.state.asking).toBe(true);
    ledger.cancel();
    expect(await showing).toBe("ledger-cancelled");
    expect(await ledger.check()).toMatchObject([
      { state: "unreachable", problem: { code: "ledger-busy" } },
      { state: "ready", address: second },
    ]);
    device.screen.answer(false);
    await expect.poll(async () => (await ledger.check())[0]?.state).toBe("ready");
  });
});

describe("accounts of a Ledger", () => {
  it("are read in any numbering, and shown on it where they are", async () => {
    const paths = [schemePath("ledger-live", 1), schemePath("legacy", 2), schemePath("bip44", 3)];
    const device = servers[1]?.url ?? "";
    expect(await ledgers().accounts(device, paths)).toEqual(
      paths.map((at) => ({ path: at, address: addressOf(SEEDS[1], at) })),
    );
  });

  it("that are among the usual ones sign without anybody having said where they are", async () => {
    const signer = addressOf(SEEDS[1], schemePath("legacy", 3));
    expect(await ledgers().sign(messageOf(signer), signer)).toMatch(/^0x/);
  });

  it("at a path of the person's own sign once they were seen there, after a restart, too", async () => {
    const at = "44'/60'/77'/0/5";
    const signer = addressOf(SEEDS[0], at);
    expect(await codeOf(ledgers().sign(messageOf(signer), signer))).toBe("ledger-other-keys");
    await ledgers().verifyAddress(signer, at);
    expect(await ledgers().sign(messageOf(signer), signer)).toMatch(/^0x/);
    expect(damaged).not.toHaveBeenCalled();
  });

  it("are not remembered at a path where nobody confirmed them", async () => {
    const at = "44'/60'/77'/0/5";
    const signer = addressOf(SEEDS[0], at);
    for (const device of devices) device.screen.approval = "never";
    expect(await codeOf(ledgers().verifyAddress(signer, at))).toBe("ledger-rejected");
    for (const device of devices) device.screen.approval = "always";
    expect(await codeOf(ledgers().sign(messageOf(signer), signer))).toBe("ledger-other-keys");
  });

  it("are found again where a damaged file no longer says where they are", async () => {
    await writeFile(path.join(directory, "ledger-paths.json"), '{"version":1,"paths":{"0x');
    expect(await ledgers().sign(messageOf(first), first)).toMatch(/^0x/);
    expect(damaged).toHaveBeenCalled();
    await ledgers().verifyAddress(first);
    damaged.mockReset();
    expect(await knownPaths(directory, damaged).pathOf(first)).toBe(ACCOUNT_PATH);
    expect(damaged).not.toHaveBeenCalled();
  });
});

describe("USB", () => {
  const listening = async (found: readonly unknown[]) => {
    const UsbTransport = await packages.loadUsbTransport();
    vi.spyOn(UsbTransport, "listen").mockImplementation(({ next }) => {
      for (const event of found) next(event as never);
      return { unsubscribe: () => undefined };
    });
    return createLedger({
      config: { transport: "usb" },
      paths: knownPaths(directory, damaged),
      onState: () => undefined,
    });
  };

  it("without a Ledger is the first step for the person, not a crash", async () => {
    const ledger = await listening([]);
    expect(await ledger.check()).toEqual([]);
    expect(await codeOf(ledger.sign(messageOf(first), first))).toBe("ledger-plug-in");
  });

  it("with a Ledger that Linux keeps for its administrator says so, and which one it is", async () => {
    const denied = Object.assign(new Error("permission denied"), { code: "EACCES" });
    const access = vi.spyOn(fs, "access").mockRejectedValue(denied);
    const deviceModel = { productName: "Ledger Flex" };
    const ledger = await listening([{ type: "add", descriptor: "/dev/hidraw7", deviceModel }]);
    expect(await ledger.check()).toEqual([{ id: "/dev/hidraw7", state: "no-access", model: "Ledger Flex" }]);
    expect(await codeOf(ledger.sign(messageOf(first), first))).toBe("ledger-no-access");
    access.mockRejectedValue(Object.assign(new Error("no such file"), { code: "ENOENT" }));
    expect(await ledger.check()).toEqual([]);
  });

  it("on a system without the library that USB needs says what to install", async () => {
    const missing = new Error("libusb-1.0.so.0: cannot open shared object file: No such file or directory");
    const UsbTransport = await packages.loadUsbTransport();
    vi.spyOn(UsbTransport, "listen").mockImplementation(() => {
      throw Object.assign(missing, { code: "ERR_DLOPEN_FAILED" });
    });
    expect(await codeOf(usbLedgers.list())).toBe("ledger-no-usb");
  });

  it("really looked at, has no Ledger here, or no library to look with", async () => {
    const found = usbLedgers.list();
    expect([[], "ledger-no-usb"]).toContainEqual(await found.catch(() => codeOf(found)));
  });
});
