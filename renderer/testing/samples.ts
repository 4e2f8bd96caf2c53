import { toAddress } from "#core/primitives/address.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { AppInfo, Token, WalletState } from "#core/wallet-api/state.ts";
import { type ConfirmView, zConfirmView, zOperationView } from "#core/wallet-api/operation-view.ts";
import { type ProofNeed, zProofNeed } from "#core/wallet-api/proofs.ts";
import { zWalletState } from "#core/wallet-api/state.ts";

/** Samples for the tests of this folder, parsed by the very schemas of the wallet API. */

export const tusd: Token = {
  address: toAddress(`0x${"11".repeat(20)}`),
  symbol: "TUSD",
  name: "Trivet Dollar",
  decimals: 6,
};

export const appInfo: AppInfo = {
  version: "0.1.0",
  host: "stand-in",
  keyStore: "file",
  network: {
    name: "Trivet devnet",
    kind: "devnet",
    chainId: 31337,
    chainName: "Devnet",
    nativeSymbol: "ETH",
    keyNetwork: "local",
  },
  ledgerTransport: "speculos",
};

export const recipient = toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

export function anOperation(changes: Partial<OperationView> = {}): OperationView {
  return zOperationView.parse({
    id: "2f9c8b1e-8f8a-4f0b-9a6b-0d7b8f1c2d3e",
    createdAt: 1_795_269_780_000,
    summary: { kind: "withdraw", token: tusd, to: recipient, amount: 1_250_500_000n },
    effect: "now",
    steps: [
      { id: "confirm", holder: "this-computer", role: "device", status: "needs-you" },
      { id: "prove", status: "waiting" },
      { id: "cosign", holder: "network", role: "mfa", status: "waiting" },
      { id: "submit", status: "waiting" },
      { id: "settle", status: "waiting" },
    ],
    status: "running",
    droppable: true,
    ...changes,
  });
}

export function unlockedState(): WalletState {
  const signer = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
  const id = (byte: string) => `0x${byte.repeat(32)}`;
  return zWalletState.parse({
    phase: "unlocked",
    email: "ada@example.org",
    account: {
      address: signer("aa"),
      deployed: true,
      keys: [
        {
          role: "device",
          holder: "this-computer",
          id: id("d1"),
          signer: signer("d1"),
          detail: "Encrypted here",
        },
        { role: "mfa", holder: "network", id: id("f1"), signer: signer("f1"), detail: "4 nodes" },
        { role: "recovery", holder: "network", id: id("e1"), signer: signer("e1"), detail: "4 nodes" },
      ],
    },
  });
}

/** Nothing was proven yet, and one way is open; the others by what a test changes. */
export function aProofNeed(changes: Partial<ProofNeed> = {}): ProofNeed {
  return zProofNeed.parse({
    action: "sign-with-mfa-key",
    role: "mfa",
    ways: [["E"]],
    given: [],
    stale: [],
    factors: [{ proof: "E", type: "email", id: "email-1", name: "a•••@example.org", available: true }],
    ...changes,
  });
}

export const ledgerAddress = toAddress("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb");

export function aConfirmView(): ConfirmView {
  return zConfirmView.parse({
    id: "2f9c8b1e-8f8a-4f0b-9a6b-0d7b8f1c2d3e",
    title: "Withdraw 25 TUSD",
    fields: [
      { label: "Amount", value: "25 TUSD", kind: "amount" },
      { label: "To", value: recipient, kind: "address" },
    ],
    signers: [
      { role: "device", holder: "this-computer" },
      { role: "mfa", holder: "ledger" },
    ],
    then: "25 TUSD leave the account once both have signed.",
    otherwise: "Nothing is signed and nothing leaves the account.",
    cannot: "It cannot be used twice.",
    digest: `0x${"3e".repeat(32)}`,
    ledgerDigest: `0x${"9c".repeat(32)}`,
    ledgerFields: [
      { label: "Amount", value: "25 TUSD" },
      { label: "Nonce", value: "340282366920938463463374607431768211456" },
    ],
    chainName: "Trivet devnet",
  });
}
