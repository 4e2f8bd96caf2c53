import { once } from "node:events";
import { Socket } from "node:net";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mnemonicToAccount } from "viem/accounts";
import { z } from "zod";
import { LEDGER_LIBRARIES, type LedgerLibraryName } from "#core/config/network.ts";
import { acceptRoleTypedData } from "#core/operations/typed-data.ts";
import { toAddress } from "#core/primitives/address.ts";
import { SoftwareLedger } from "#devnet/ledger/device.ts";
import { serveLedger } from "#devnet/ledger/http/server.ts";
import { DEFAULT_SEED } from "#devnet/ledger/keys.ts";
import { MODEL_IDS, MODELS, type ModelId } from "#devnet/ledger/models.ts";
import { LIBRARIES } from "./libraries.ts";
import { speculosOpener } from "./openers.ts";
import { SpeculosHands } from "./testing/hands.ts";
import { type Controls, describeLedgerPort, type LedgerSubject } from "./testing/port-contract.ts";
import { TransportLedger } from "./transport-ledger.ts";

const signer = toAddress(mnemonicToAccount(DEFAULT_SEED).address);

/** A port to the Ledger at an address, by way of one library. */
const portTo = (url: string, library: LedgerLibraryName): TransportLedger =>
  new TransportLedger({ opener: speculosOpener(url), library: LIBRARIES[library]() });

interface SoftwareSubject extends LedgerSubject {
  readonly controls: Controls;
  readonly url: string;
}

async function softwareLedger(library: LedgerLibraryName, model: ModelId): Promise<SoftwareSubject> {
  const device = new SoftwareLedger({
    seed: DEFAULT_SEED,
    model,
    settings: { rawMessages: true, blindSigning: false },
  });
  const server = await serveLedger(device, 0);
  const port = portTo(server.url, library);
  const post = async (path: string, body: unknown = {}): Promise<void> => {
    const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    port,
    signer,
    url: server.url,
    hands: new SpeculosHands(server.url, MODELS[model]),
    controls: {
      lock: () => post("/trivet/lock"),
      unlock: () => post("/trivet/unlock"),
      closeApp: () => post("/trivet/app", { open: false }),
      openApp: () => post("/trivet/app", { open: true }),
      installApp: (version) => post("/trivet/app", { version }),
      setSettings: (settings) => post("/trivet/settings", settings),
      unplug: () => post("/trivet/unplug"),
      plug: () => post("/trivet/plug"),
      asked: async () => {
        while (!device.state.asking) await once(device, "change");
      },
      leaveMessageUnfinished: async () => {
        // A struct "A" with one field, and the beginning of its domain.
        const commands = ["e01a000001" + "41", "e01a00ff04" + "42200178", "e01a00000c" + hex("EIP712Domain")];
        for (const data of [...commands, "e01a00ff06" + "05046e616d65", "e01c00000c" + hex("EIP712Domain")]) {
          await post("/apdu", { data });
        }
      },
    },
    dispose: async () => {
      port.close();
      await server.close();
    },
  };
}

const hex = (text: string): string => Buffer.from(text).toString("hex");

for (const library of LEDGER_LIBRARIES) {
  for (const model of MODEL_IDS) {
    describeLedgerPort(`${library}, software ${MODELS[model].name}`, () => softwareLedger(library, model));
  }
}

// The same against a Ledger emulator (or another software Ledger) that is running already; see docs/ledger.md.
const { LEDGER_URL, LEDGER_MODEL = "nanosp" } = process.env;
if (LEDGER_URL !== undefined) {
  for (const library of LEDGER_LIBRARIES) {
    describeLedgerPort(`${library}, the Ledger at ${LEDGER_URL}`, async () => {
      const port = portTo(LEDGER_URL, library);
      return {
        port,
        signer,
        hands: new SpeculosHands(LEDGER_URL, { touch: !LEDGER_MODEL.startsWith("nano") }),
        dispose: async () => port.close(),
      };
    });
  }
}

describe("the network", () => {
  const elsewhere: unknown[] = [];
  let devicePort: string | undefined;

  beforeEach(() => {
    elsewhere.length = 0;
    const connect = Socket.prototype.connect;
    // Every connection of this process begins here, whatever client opens it.
    vi.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket, ...args: unknown[]) {
      const [first] = args;
      const target: unknown = Array.isArray(first) ? first[0] : first;
      const { port } = z.object({ port: z.coerce.string() }).parse(target);
      if (port === devicePort) {
        Reflect.apply(connect, this, args);
        return this;
      }
      elsewhere.push(target);
      throw new Error("no connection but to the device");
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(LEDGER_LIBRARIES)("is never asked for anything by %s", async (library) => {
    for (const model of MODEL_IDS) {
      const { port, hands, controls, url, dispose } = await softwareLedger(library, model);
      devicePort = new URL(url).port;
      const typedData = acceptRoleTypedData({ chainId: 1, implementation: signer }, "mfa", signer, signer);
      for (const approve of [true, false]) {
        for (const asked of [port.address({ show: true }), port.signOperation({ signer, typedData })]) {
          await hands.answer(approve);
          expect((await Promise.allSettled([asked]))[0].status).toBe(approve ? "fulfilled" : "rejected");
        }
      }
      await controls.setSettings({ rawMessages: false });
      await expect(port.signOperation({ signer, typedData })).rejects.toThrow();
      await dispose();
    }
    expect(elsewhere).toEqual([]);
    await expect(fetch("http://192.0.2.1/")).rejects.toThrow();
    expect(elsewhere).toHaveLength(1);
  });
});
