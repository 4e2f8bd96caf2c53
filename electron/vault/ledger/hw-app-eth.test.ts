import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mnemonicToAccount } from "viem/accounts";
import { toAddress } from "#core/primitives/address.ts";
import { SoftwareLedger } from "#devnet/ledger/device.ts";
import { serveLedger } from "#devnet/ledger/http/server.ts";
import { DEFAULT_SEED } from "#devnet/ledger/keys.ts";
import { MODEL_IDS, MODELS, type ModelId } from "#devnet/ledger/models.ts";
import { HwAppEthLedger } from "./hw-app-eth.ts";
import { speculosOpener } from "./openers.ts";
import { SpeculosHands } from "./testing/hands.ts";
import { describeLedgerPort, type LedgerSubject } from "./testing/port-contract.ts";

const signer = toAddress(mnemonicToAccount(DEFAULT_SEED).address);

async function softwareLedger(model: ModelId): Promise<LedgerSubject> {
  const device = new SoftwareLedger({
    seed: DEFAULT_SEED,
    model,
    settings: { rawMessages: true, blindSigning: false },
  });
  const server = await serveLedger(device, 0);
  const port = new HwAppEthLedger({ opener: speculosOpener(server.url) });
  const post = async (path: string, body: unknown = {}): Promise<void> => {
    const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    port,
    signer,
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

for (const model of MODEL_IDS) {
  describeLedgerPort(`hw-app-eth, software ${MODELS[model].name}`, () => softwareLedger(model));
}

// The same against a Ledger emulator (or another software Ledger) that is running already; see README.md.
const { LEDGER_URL, LEDGER_MODEL = "nanosp" } = process.env;
if (LEDGER_URL !== undefined) {
  describeLedgerPort(`hw-app-eth, the Ledger at ${LEDGER_URL}`, async () => {
    const port = new HwAppEthLedger({ opener: speculosOpener(LEDGER_URL) });
    return {
      port,
      signer,
      hands: new SpeculosHands(LEDGER_URL, { touch: !LEDGER_MODEL.startsWith("nano") }),
      dispose: async () => port.close(),
    };
  });
}

describe("the network", () => {
  const contacted = new Set<string>();
  const note = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("request" in message)) return;
    const { request } = message;
    if (typeof request !== "object" || request === null || !("host" in request)) return;
    contacted.add(String(request.host));
  };
  const requests = channel("http.client.request.start");
  beforeAll(() => requests.subscribe(note));
  afterAll(() => {
    requests.unsubscribe(note);
  });

  it("is never asked for anything but the device itself", async () => {
    const { port, hands, dispose } = await softwareLedger("flex");
    const showing = port.address({ show: true });
    await hands.answer(true);
    await showing;
    await dispose();
    expect([...contacted]).toEqual(["127.0.0.1"]);
  });
});
