/** What is made of answers that no honest, healthy Ledger gives. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mnemonicToAccount } from "viem/accounts";
import { hexToBytes } from "viem";
import { LEDGER_LIBRARIES } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { acceptRoleTypedData } from "#core/operations/typed-data.ts";
import { toAddress } from "#core/primitives/address.ts";
import { SoftwareLedger } from "#devnet/ledger/device.ts";
import { type LedgerServer, serveLedger } from "#devnet/ledger/http/server.ts";
import { DEFAULT_SEED } from "#devnet/ledger/keys.ts";
import { guardTransport, isAllowed } from "./guard.ts";
import { LIBRARIES } from "./libraries.ts";
import { speculosOpener } from "./openers.ts";
import type { Transport } from "./packages.ts";
import { TransportLedger } from "./transport-ledger.ts";

const account = mnemonicToAccount(DEFAULT_SEED);
const signer = toAddress(account.address);
const somewhere = toAddress(`0x${"1".repeat(40)}`);
const typedData = acceptRoleTypedData({ chainId: 1, implementation: somewhere }, "mfa", signer, somewhere);
const SIGN = "e00c0001";

let device: SoftwareLedger;
let server: LedgerServer;
beforeEach(async () => {
  device = new SoftwareLedger({
    seed: DEFAULT_SEED,
    settings: { rawMessages: true, blindSigning: false },
    approval: "always",
  });
  server = await serveLedger(device, 0);
});
afterEach(() => server.close());

type Script = (apdu: string) => Promise<Buffer> | string | undefined;

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => (error instanceof WalletError ? error.code : "not an error made for people"),
  );

/** Answers the first commands that begin so with these; later ones go to the device. */
const answering = (head: string, ...answers: string[]): Script => {
  const left = [...answers];
  return (apdu) => (apdu.startsWith(head) ? left.shift() : undefined);
};

describe.each(LEDGER_LIBRARIES)("by way of %s", (name) => {
  const library = LIBRARIES[name]();

  /** A port to the software Ledger, some of whose answers are replaced; and the commands that were sent. */
  function scripted(script: Script, options: { model?: string } = {}) {
    const sent: string[] = [];
    const opener = async (): Promise<Transport> => {
      const transport = await speculosOpener(server.url)();
      const exchange = transport.exchange.bind(transport);
      transport.exchange = async (apdu) => {
        const bytes = apdu.toString("hex");
        sent.push(bytes);
        const answer = script(bytes);
        return typeof answer === "string" ? Buffer.from(answer, "hex") : (answer ?? exchange(apdu));
      };
      if (options.model !== undefined)
        Object.assign(transport, { deviceModel: { id: options.model, productName: options.model } });
      return transport;
    };
    return { port: new TransportLedger({ opener, library }), sent };
  }

  describe("a device in the middle of something", () => {
    it("is asked once more after 6980", async () => {
      const { port, sent } = scripted(answering("e01a0000", "6980"));
      expect(await port.signOperation({ signer, typedData })).toBe(
        await account.signTypedData(typedData as never),
      );
      expect(sent.filter((apdu) => apdu.startsWith(SIGN))).toHaveLength(1);
    });

    it("is asked only once more", async () => {
      const { port, sent } = scripted(answering("e01a0000", "6980", "6980"));
      expect(await codeOf(port.signOperation({ signer, typedData }))).toBe("unexpected");
      expect(sent.filter((apdu) => apdu.startsWith("e01a0000"))).toHaveLength(2);
    });

    it("is not asked again once the person was asked", async () => {
      const { port, sent } = scripted(answering(SIGN, "6980"));
      expect(await codeOf(port.signOperation({ signer, typedData }))).toBe("unexpected");
      expect(sent.filter((apdu) => apdu.startsWith(SIGN))).toHaveLength(1);
    });
  });

  it("does not take a refused address for a missing setting", async () => {
    const { port } = scripted(answering("e002", "6a80"));
    expect(await codeOf(port.address())).toBe("unexpected");
  });

  describe("signatures that are not what was asked for", () => {
    it.each([
      ["of another message", "1c", "00".repeat(32)],
      ["with a v that is none", "01", undefined],
    ])("%s are thrown away", async (_, v, digest) => {
      const signature = await account.sign({
        hash: digest === undefined ? `0x${"11".repeat(32)}` : `0x${digest}`,
      });
      const rs = Buffer.from(hexToBytes(signature)).subarray(0, 64).toString("hex");
      const { port } = scripted(answering(SIGN, `${v}${rs}9000`));
      expect(await codeOf(port.signOperation({ signer, typedData }))).toBe("ledger-wrong-signature");
    });
  });

  describe("a device that does not answer", () => {
    const never = new Promise<Buffer>(() => undefined);

    afterEach(() => {
      vi.useRealTimers();
    });

    it("is given up, and the next request is free to go", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const asked = Promise.withResolvers<undefined>();
      let silent = true;
      const { port } = scripted((apdu) => {
        if (!silent || !apdu.startsWith("b001")) return undefined;
        asked.resolve(undefined);
        return never;
      });
      const address = codeOf(port.address());
      await asked.promise;
      vi.advanceTimersByTime(10_000);
      expect(await address).toBe("ledger-unreachable");
      vi.useRealTimers();
      silent = false;
      expect(await port.address()).toBe(signer);
    });

    it("is given all the time it wants while the person looks at it", async () => {
      device.screen.approval = "ask";
      const { port } = scripted(() => undefined);
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const asked = Promise.withResolvers<undefined>();
      const signing = port.signOperation({ signer, typedData, onState: () => asked.resolve(undefined) });
      await asked.promise;
      vi.advanceTimersByTime(3_600_000);
      vi.useRealTimers();
      await expect.poll(() => device.state.asking).toBe(true);
      device.screen.answer(true);
      expect(await signing).toMatch(/^0x/);
    });

    it("whose connection opens too late is closed again", async () => {
      const transport = await speculosOpener(server.url)();
      const closed = vi.spyOn(transport, "close");
      const late = Promise.withResolvers<Transport>();
      const port = new TransportLedger({
        opener: () => late.promise,
        library,
        answerWithin: 20,
      });
      expect(await codeOf(port.address())).toBe("ledger-unreachable");
      late.resolve(transport);
      await expect.poll(() => closed.mock.calls.length).toBe(1);
    });
  });

  describe("models", () => {
    it.each(["nanoS", "blue"])("that are no longer supported are named: %s", async (model) => {
      expect(await codeOf(scripted(() => undefined, { model }).port.address())).toBe(
        "ledger-unsupported-model",
      );
    });

    it.each([
      ["stax", true],
      ["europa", true],
      ["nanoSP", false],
      ["nanoX", false],
    ])("with Blind signing on: %s may sign: %s", async (model, may) => {
      device.setSettings({ blindSigning: true });
      const { port } = scripted(() => undefined, { model });
      if (may) expect(await port.appInfo()).toEqual({ version: "1.22.0", model, blindSigning: true });
      else
        expect(await codeOf(port.signOperation({ signer, typedData }))).toBe("ledger-disable-blind-signing");
    });
  });

  it("never asks for the signature of a bare hash, whatever the device refuses", async () => {
    device.setSettings({ rawMessages: false });
    const { port, sent } = scripted(() => undefined);
    expect(await codeOf(port.signOperation({ signer, typedData }))).toBe("ledger-enable-raw-messages");
    expect(sent.filter((apdu) => apdu.startsWith("e00c"))).toEqual([]);
  });

  it("sends the Ledger of every model nothing but what Trivet needs", async () => {
    for (const model of ["nanoSP", "nanoX", "stax", "europa", "apex"]) {
      const { port, sent } = scripted(() => undefined, { model });
      await port.signOperation({ signer, typedData });
      expect(sent.filter((apdu) => !isAllowed(Buffer.from(apdu, "hex")))).toEqual([]);
    }
  });

  describe("the guard before the device", () => {
    const guarded = async (signal = new AbortController().signal): Promise<Transport> => {
      const transport = await speculosOpener(server.url)();
      guardTransport(transport, { signal, answerWithin: 10_000, onAsking: () => undefined });
      return transport;
    };

    it("lets no command through that Trivet does not need, above all not the signature of a bare hash", async () => {
      const transport = await guarded();
      for (const [cla, ins, p2] of [
        [0xe0, 0x0c, 0x00],
        [0xe0, 0x04, 0x00],
        [0xe0, 0x08, 0x00],
        [0xe0, 0xd8, 0x00],
        [0xb0, 0xa7, 0x00],
      ] as const) {
        await expect(transport.send(cla, ins, 0, p2)).rejects.toThrow("never sends");
      }
      await expect(transport.send(0xb0, 0x01, 0, 0)).resolves.toBeInstanceOf(Buffer);
      await transport.close();
    });

    it("lets nothing through any more once the request was cancelled", async () => {
      const controller = new AbortController();
      const transport = await guarded(controller.signal);
      controller.abort();
      await expect(transport.send(0xb0, 0x01, 0, 0)).rejects.toThrow();
      await transport.close();
    });

    it("keeps a message from being shown that was cancelled while it was sent", async () => {
      device.screen.approval = "ask";
      const controller = new AbortController();
      const { port } = scripted((apdu) => {
        if (apdu.startsWith("e01c0000")) controller.abort();
        return undefined;
      });
      expect(await codeOf(port.signOperation({ signer, typedData, signal: controller.signal }))).toBe(
        "ledger-cancelled",
      );
      await expect.poll(() => port.address().catch(() => undefined)).toBe(signer);
      expect(device.state.asking).toBe(false);
    });
  });
});
