import { describe, expect, it } from "vitest";
import { z } from "zod";
import { acceptRoleTypedData, readableTypedData, type TypedData } from "#core/operations/typed-data.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { zDigest } from "#core/primitives/hex.ts";
import {
  type OperationSummary,
  type OperationView,
  zOperationView,
} from "#core/wallet-api/operation-view.ts";
import { anOperation, ledgerAddress, recipient, tusd } from "../testing/samples.ts";
import { type LedgerField, ledgerFields, wantedLedger } from "./ledger.ts";

const account = toAddress(`0x${"aa".repeat(20)}`);
const oldSigner = toAddress(`0x${"bb".repeat(20)}`);
const newSigner = toAddress(`0x${"cc".repeat(20)}`);
const domain = { chainId: 31337, implementation: toAddress(`0x${"dd".repeat(20)}`) };

/** What a Ledger shows for a message: its fields by name, in order, without the nonce. */
function shownBy({ message }: TypedData): LedgerField[] {
  return Object.entries(message)
    .filter(([label]) => label !== "Nonce")
    .map(([label, shown]) => {
      const value = z.string().parse(shown);
      return { label, value: value.startsWith("0x") ? { address: toAddress(value) } : value };
    });
}

describe("the fields a person compares with the Ledger", () => {
  it("are those of the readable form of a token's withdrawal", () => {
    const summary: OperationSummary = { kind: "withdraw", token: tusd, to: recipient, amount: 25_500_000n };
    const operation = { ...summary, account, token: tusd.address, nonce: 0n };
    expect(ledgerFields("cosign", summary, account)).toEqual(
      shownBy(readableTypedData(operation, domain, tusd)),
    );
  });

  it("name no token for the chain's own coin", () => {
    const token = { address: NATIVE_TOKEN, symbol: "ETH", name: "Ether", decimals: 18 };
    const summary: OperationSummary = { kind: "withdraw", token, to: recipient, amount: 15n * 10n ** 17n };
    const operation = { ...summary, account, token: NATIVE_TOKEN, nonce: 0n };
    expect(ledgerFields("cosign", summary, account)).toEqual(
      shownBy(readableTypedData(operation, domain, {})),
    );
  });

  const replacement: OperationSummary = {
    kind: "replaceKey",
    role: "recovery",
    from: { holder: "network", signer: oldSigner },
    to: { holder: "ledger", signer: newSigner },
  };

  it("are those of the acceptance message when the Ledger accepts a role or signs for trial", () => {
    const shown = shownBy(acceptRoleTypedData(domain, "recovery", newSigner, account));
    expect(ledgerFields("accept", replacement, account)).toEqual(shown);
    expect(ledgerFields("trial", replacement, account)).toEqual(shown);
  });

  it("are those of the readable key replacement when the Ledger co-signs one", () => {
    const operation = {
      kind: "replaceKey" as const,
      account,
      role: "recovery" as const,
      oldKey: keyOfAddress(oldSigner),
      newKey: keyOfAddress(newSigner),
      nonce: 0n,
    };
    expect(ledgerFields("cosign", replacement, account)).toEqual(
      shownBy(readableTypedData(operation, domain, {})),
    );
  });
});

describe("the Ledger that a step is for", () => {
  const keys = [
    {
      role: "mfa",
      holder: "ledger",
      id: keyId(keyOfAddress(ledgerAddress)),
      signer: ledgerAddress,
      detail: "Ledger Flex",
    },
  ] as const;
  const at = (id: "accept" | "confirm" | "cosign", changes: Partial<OperationView> = {}) =>
    zOperationView.parse({
      ...anOperation(),
      ...changes,
      steps: [{ id, status: "running", role: "mfa", holder: id === "confirm" ? "this-computer" : "ledger" }],
    });

  it("is the one that holds the key which signs", () => {
    expect(wantedLedger(at("cosign"), keys)).toEqual({
      purpose: "holds your MFA key",
      address: ledgerAddress,
      model: "Ledger Flex",
    });
  });

  it("is the new one where a new holder accepts its role", () => {
    const summary: OperationSummary = {
      kind: "replaceKey",
      role: "mfa",
      from: { holder: "ledger", signer: ledgerAddress },
      to: { holder: "ledger", signer: newSigner },
    };
    expect(wantedLedger(at("accept", { summary }), keys)).toEqual({
      purpose: "is to hold your MFA key",
      address: newSigner,
    });
  });

  it("is the wallet that proves who the person is, where one signs along", () => {
    const wallet = { address: newSigner, digest: zDigest.parse(`0x${"11".repeat(32)}`) };
    expect(wantedLedger(at("cosign", { wallet }), [])?.address).toBe(newSigner);
  });

  it("is none where the step is nothing of a Ledger's", () => {
    expect(wantedLedger(at("confirm"), keys)).toBeUndefined();
    expect(wantedLedger(at("cosign"), [])).toBeUndefined();
  });
});
