import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recoverTypedDataAddress } from "viem";
import { ledgerStateOf } from "#core/ledger/errors.ts";
import type { LedgerState } from "#core/ledger/states.ts";
import {
  acceptRoleTypedData,
  readableTypedData,
  type SigningDomain,
  type TypedData,
} from "#core/operations/typed-data.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { checkLedger } from "../check.ts";
import type { LedgerPort } from "../port.ts";
import type { Hands } from "./hands.ts";

/** What only hands on the device can do. The emulator cannot: there the cases that need them are left out. */
export interface Controls {
  readonly lock: () => Promise<void>;
  readonly unlock: () => Promise<void>;
  readonly closeApp: () => Promise<void>;
  readonly openApp: () => Promise<void>;
  readonly installApp: (version: string) => Promise<void>;
  readonly setSettings: (settings: { rawMessages?: boolean; blindSigning?: boolean }) => Promise<void>;
  readonly unplug: () => Promise<void>;
  readonly plug: () => Promise<void>;
  /** Whether the Ledger waits for the person; resolves once it does. */
  readonly asked: () => Promise<void>;
  /** Leaves a typed message half sent, as a program that was killed does. */
  readonly leaveMessageUnfinished: () => Promise<void>;
}

/** A Ledger with Raw messages on and Blind signing off, its app open, for the tests of one port. */
export interface LedgerSubject {
  readonly port: LedgerPort;
  /** Its address at the account path. */
  readonly signer: Address;
  readonly hands: Hands;
  readonly controls?: Controls;
  dispose(): Promise<void>;
}

const address = (digit: string): Address => toAddress(`0x${digit.repeat(40)}`);

const domain: SigningDomain = { chainId: 31337, implementation: address("1") };
const withdrawal = readableTypedData(
  {
    kind: "withdraw",
    account: address("2"),
    token: NATIVE_TOKEN,
    to: address("3"),
    amount: 1_500_000_000_000_000_000n,
    nonce: (7n << 64n) | 3n,
  },
  domain,
  {},
);

const signerOf = async (typedData: TypedData, signature: `0x${string}`): Promise<Address> =>
  toAddress(await recoverTypedDataAddress({ ...typedData, signature }));

/** The error a promise rejects with, which must be one for people. */
async function failure(promise: Promise<unknown>): Promise<WalletError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof WalletError)) throw new Error("not an error made for people", { cause: error });
  expect(error.message).not.toBe("");
  expect(error.whatToDo).not.toBe("");
  return error;
}

/** What every implementation of the port must do, on every Ledger. */
export function describeLedgerPort(name: string, makeSubject: () => Promise<LedgerSubject>): void {
  describe(`the Ledger port: ${name}`, () => {
    let subject: LedgerSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(() => subject.dispose());

    const sign = (typedData = withdrawal, call: Parameters<typeof subject.port.address>[0] = {}) =>
      subject.port.signOperation({ typedData, signer: subject.signer, ...call });

    it("tells what is plugged in when it is ready", async () => {
      const { version, blindSigning } = await subject.port.appInfo();
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
      expect(blindSigning).toBe(false);
      expect(await checkLedger(subject.port)).toMatchObject({ state: "ready", address: subject.signer });
    });

    it("gives the address without asking, and shows it when it should", async () => {
      expect(await subject.port.address()).toBe(subject.signer);
      const states: LedgerState[] = [];
      const shown = subject.port.address({ show: true, onState: (state) => states.push(state) });
      await subject.hands.answer(true);
      expect(await shown).toBe(subject.signer);
      expect(states).toEqual(["confirm-on-device"]);
    });

    it.each([
      ["a withdrawal", withdrawal],
      [
        "a token withdrawal",
        readableTypedData(
          {
            kind: "withdraw",
            account: address("2"),
            token: address("4"),
            to: address("3"),
            amount: 25n,
            nonce: 0n,
          },
          domain,
          { symbol: "TUSD", decimals: 0 },
        ),
      ],
      ["the acceptance of a role", acceptRoleTypedData(domain, "mfa", address("5"), address("2"))],
    ])("signs %s, and the signature is the signer's", async (_, typedData) => {
      const states: LedgerState[] = [];
      const signing = sign(typedData, { onState: (state) => states.push(state) });
      await subject.hands.answer(true);
      const signature = await signing;
      expect(signature).toMatch(/^0x[0-9a-f]{128}1[bc]$/);
      expect(await signerOf(typedData, signature)).toBe(subject.signer);
      expect(states).toEqual(["confirm-on-device"]);
    });

    it("says when the person rejected, and works again afterwards", async () => {
      const signing = failure(sign());
      await subject.hands.answer(false);
      expect(ledgerStateOf(await signing)).toBe("rejected");
      const showing = failure(subject.port.address({ show: true }));
      await subject.hands.answer(false);
      expect(ledgerStateOf(await showing)).toBe("rejected");
      expect(await subject.port.address()).toBe(subject.signer);
    });

    it("asks nothing of a Ledger that holds other keys", async () => {
      const { code } = await failure(
        subject.port.signOperation({ typedData: withdrawal, signer: address("9") }),
      );
      expect(code).toBe("ledger-other-keys");
    });

    it("names a path that the app does not give out", async () => {
      expect((await failure(subject.port.address({ path: "44'/0'/0'/0/0" }))).code).toBe("ledger-path");
    });

    it("does one request after the other", async () => {
      const first = sign();
      const second = subject.port.address();
      const order: string[] = [];
      const noted = Promise.all([
        first.then(() => order.push("signature")),
        second.then(() => order.push("address")),
      ]);
      await subject.hands.answer(true);
      await noted;
      expect(order).toEqual(["signature", "address"]);
    });

    it("stops at once when it was cancelled before it began", async () => {
      const cancelled = AbortSignal.abort();
      expect((await failure(sign(withdrawal, { signal: cancelled }))).code).toBe("ledger-cancelled");
    });

    it("ends what is under way when it is closed, and refuses what comes later", async () => {
      const asked = Promise.withResolvers<undefined>();
      const signing = failure(sign(withdrawal, { onState: () => asked.resolve(undefined) }));
      await asked.promise;
      subject.port.close();
      expect((await signing).code).toBe("ledger-closed");
      expect((await failure(subject.port.address())).code).toBe("ledger-closed");
      await subject.hands.answer(false);
    });

    it("keeps the Ledger's place for a cancelled request until the Ledger has answered it", async () => {
      const controller = new AbortController();
      const signing = failure(
        sign(withdrawal, { signal: controller.signal, onState: () => controller.abort() }),
      );
      expect((await signing).code).toBe("ledger-cancelled");
      expect((await failure(subject.port.address())).code).toBe("ledger-busy");
      await subject.hands.answer(true);
      await expect.poll(() => subject.port.address().catch(() => undefined)).toBe(subject.signer);
    });

    describe("as the person finds it", () => {
      const controls = ({ skip }: { skip: (note: string) => never }): Controls =>
        subject.controls ?? skip("this Ledger cannot be handled from here");

      it("locked: says so, and works after the PIN", async (context) => {
        const { lock, unlock } = controls(context);
        await lock();
        expect(ledgerStateOf(await failure(sign()))).toBe("unlock");
        expect(await checkLedger(subject.port)).toEqual({ state: "unlock" });
        await unlock();
        expect(await subject.port.address()).toBe(subject.signer);
      });

      it("without the Ethereum app: says so, and works once it is open", async (context) => {
        const { closeApp, openApp } = controls(context);
        await closeApp();
        expect(ledgerStateOf(await failure(sign()))).toBe("open-app");
        expect(await checkLedger(subject.port)).toEqual({ state: "open-app" });
        await openApp();
        expect(await subject.port.address()).toBe(subject.signer);
      });

      it("with an old Ethereum app: asks for the update and signs nothing", async (context) => {
        const { installApp } = controls(context);
        for (const version of ["1.21.3", "0.99.0"]) {
          await installApp(version);
          expect(ledgerStateOf(await failure(sign()))).toBe("update-app");
        }
        await installApp("1.22.1");
        expect(await subject.port.address()).toBe(subject.signer);
      });

      it("with Raw messages off: finds it out by trying, asks for it, and never falls back", async (context) => {
        const { setSettings } = controls(context);
        await setSettings({ rawMessages: false });
        expect(await checkLedger(subject.port)).toMatchObject({ state: "ready" });
        const states: LedgerState[] = [];
        const error = await failure(sign(withdrawal, { onState: (state) => states.push(state) }));
        expect(ledgerStateOf(error)).toBe("enable-raw-messages");
        expect(states).toEqual([]);
        await setSettings({ rawMessages: true });
        const signing = sign();
        await subject.hands.answer(true);
        expect(await signerOf(withdrawal, await signing)).toBe(subject.signer);
      });

      it("with Blind signing on: asks to switch it off, because a hash might be all that is shown", async (context) => {
        const { setSettings } = controls(context);
        await setSettings({ rawMessages: false, blindSigning: true });
        expect(ledgerStateOf(await failure(sign()))).toBe("disable-blind-signing");
      });

      it("not plugged in: says so, and works when it is", async (context) => {
        const { unplug, plug, unlock, openApp } = controls(context);
        await unplug();
        expect(ledgerStateOf(await failure(sign()))).toBe("plug-in");
        expect(await checkLedger(subject.port)).toEqual({ state: "plug-in" });
        await plug();
        await unlock();
        await openApp();
        expect(await subject.port.address()).toBe(subject.signer);
      });

      it("unplugged while it asks: says so, signs nothing, and can be asked again", async (context) => {
        const { unplug, plug, unlock, openApp, asked } = controls(context);
        const signing = failure(sign());
        await asked();
        await unplug();
        expect(ledgerStateOf(await signing)).toBe("plug-in");
        await plug();
        await unlock();
        await openApp();
        const again = sign();
        await subject.hands.answer(true);
        expect(await signerOf(withdrawal, await again)).toBe(subject.signer);
      });

      it("in the middle of another program's message: tries once more", async (context) => {
        await controls(context).leaveMessageUnfinished();
        const signing = sign();
        await subject.hands.answer(true);
        expect(await signerOf(withdrawal, await signing)).toBe(subject.signer);
      });
    });
  });
}
