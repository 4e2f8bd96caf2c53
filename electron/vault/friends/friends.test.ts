import { describe, expect, test } from "vitest";
import type { NetworkConfig } from "#core/config/network.ts";
import { checkAcceptance, checkPresence, checkSignedAnswer } from "#core/friends/checks.ts";
import type { Invitation, Letter } from "#core/friends/letters.ts";
import {
  ACCOUNT,
  at,
  bytes,
  DOMAIN,
  HEADER,
  lettersOf,
  NEW_COMPUTER,
} from "#core/friends/testing/letters.ts";
import { NO_CONTRACTS } from "#core/friends/testing/no-contracts.ts";
import { letterToFile, readLetter } from "#core/friends/wire.ts";
import { keyId } from "#core/keys/key.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { DeviceKey } from "../keyring/device-key.ts";
import { Approvals } from "../signing/approvals.ts";
import { createVaultFriends } from "./friends.ts";

const NOW = 1_800_000_000;
const { invitation, requestOf, checkOf } = lettersOf(NOW);

/** Ben's vault, who approves or rejects whatever the confirm window shows him. */
function ben(approves = true, secret = 1) {
  const shown: ConfirmView[] = [];
  // Only what these parts read of a configuration.
  const config = {
    chain: { id: DOMAIN.chainId, name: "Devnet" },
    contracts: { implementation: DOMAIN.implementation },
  } as unknown as NetworkConfig;
  const approvals = new Approvals({
    config,
    ask: (view) => {
      shown.push(view);
      return Promise.resolve(approves);
    },
    takeBack: () => undefined,
    now: () => NOW * 1000,
  });
  const device = DeviceKey.fromBytes(new Uint8Array(32).fill(secret));
  const { answerLetter } = createVaultFriends(
    () => ({ config, keyring: { device }, approvals }),
    () => NOW * 1000,
  );
  const answer = async <K extends Letter["kind"]>(letter: Letter, kind: K, hidden = true) => {
    const read = readLetter((await answerLetter({ letter: letterToFile(letter), hidden })).answer);
    if (read.kind !== kind) throw new Error(`answered with a ${read.kind}`);
    return read as Extract<Letter, { kind: K }>;
  };
  return { answer, shown, device };
}

describe("this person as a friend", () => {
  test("accepts, signs and is still there with one hidden key that is not the device key", async () => {
    const { answer, shown, device } = ben();
    const acceptance = await answer(invitation, "acceptance");
    const key = await checkAcceptance(acceptance, invitation, NOW, NO_CONTRACTS);
    expect(key.signer).not.toBe(device.address);
    expect(key.salt).not.toBe(NO_SALT);

    const request = requestOf([acceptance.key]);
    const signed = await checkSignedAnswer(
      await answer(request, "signature"),
      NEW_COMPUTER,
      DOMAIN,
      [keyId(key)],
      NO_CONTRACTS,
    );
    expect(signed.key).toEqual(key);

    const check = checkOf(acceptance.key);
    await expect(
      checkPresence(await answer(check, "presence"), check, NOW, NO_CONTRACTS),
    ).resolves.toBeUndefined();
    expect(shown.map(({ title }) => title)).toEqual([
      "Become Ana's friend with a Recovery key",
      "Sign for Ana: Add device key",
      "Tell Ana that you are still there",
    ]);
    for (const { then, otherwise, cannot, signers } of shown) {
      expect(signers).toEqual([{ role: "recovery", holder: "this-computer", of: "Ana" }]);
      for (const text of [then, otherwise, cannot]) expect(text.length).toBeGreaterThan(20);
    }
  });

  test("sees before signing who asks, why, for which account, and what exactly", async () => {
    const { answer, shown } = ben();
    const { key } = await answer(invitation, "acceptance");
    await answer(requestOf([key]), "signature");
    const values = shown.at(-1)?.fields.map(({ value }) => value);
    for (const value of ["Ana", "My laptop was stolen.", ACCOUNT, NEW_COMPUTER.key.signer, key.signer]) {
      expect(values).toContain(value);
    }
  });

  test("signs for somebody who lost everything and cannot name the keys, hidden or not", async () => {
    for (const hidden of [true, false]) {
      const { answer } = ben();
      const { key } = await answer({ ...invitation, hidden }, "acceptance");
      const signed = await answer(requestOf([]), "signature", hidden);
      expect(keyId(signed.key)).toBe(keyId(key));
    }
  });

  test("has another key for each account and each chain, and everybody else others", async () => {
    const { answer } = ben();
    const key = async (letter: Invitation, who = answer) => (await who(letter, "acceptance")).key.signer;
    const own = await key(invitation);
    expect(await key({ ...invitation, challenge: bytes("99") })).toBe(own);
    expect(await key({ ...invitation, account: at("23") })).not.toBe(own);
    expect(await key(invitation, ben(true, 2).answer)).not.toBe(own);
  });

  test("signs nothing for keys of others, other chains, late letters, or answers", async () => {
    const { answer, shown } = ben();
    const refusals: readonly [Letter, string][] = [
      [requestOf([{ signer: at("66"), salt: NO_SALT }]), "letter-not-yours"],
      [{ ...invitation, domain: { ...DOMAIN, chainId: 1 } }, "letter-other-chain"],
      [{ ...invitation, createdAt: 1, expiresAt: NOW - 1 }, "letter-expired"],
      [
        {
          ...HEADER,
          kind: "presence",
          check: bytes("01"),
          key: { signer: at("66"), salt: NO_SALT },
          signature: bytes("01", 65),
        },
        "letter-no-question",
      ],
    ];
    for (const [letter, code] of refusals) {
      await expect(answer(letter, "acceptance")).rejects.toMatchObject({ code });
    }
    expect(shown).toEqual([]);
  });

  test("signs nothing that was rejected in the confirm window", async () => {
    await expect(ben(false).answer(invitation, "acceptance")).rejects.toMatchObject({ code: "rejected" });
  });
});
