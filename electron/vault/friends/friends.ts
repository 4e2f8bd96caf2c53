import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { answering, type Asking, isAsking } from "#core/friends/answering.ts";
import { checkDomain, checkTime } from "#core/friends/checks.ts";
import { letterToFile, readLetter } from "#core/friends/wire.ts";
import type { Handlers } from "../../processes/peer.ts";
import type { DeviceKey } from "../keyring/device-key.ts";
import type { Keyring } from "../keyring/keyring.ts";
import type { Approvals } from "../signing/approvals.ts";
import { signingDomain } from "../signing/confirm-view.ts";
import { type FriendIdentity, friendIdentity, ownFriendKey, withFriendKey } from "./friend-key.ts";
import { letterView } from "./letter-view.ts";
import type { FRIEND_METHODS } from "./methods.ts";

interface FriendsOptions {
  readonly config: NetworkConfig;
  readonly keyring: Pick<Keyring, "device">;
  readonly approvals: Approvals;
}

const notAsking = () =>
  new WalletError(
    "letter-no-question",
    "This letter is an answer: there is nothing in it to sign.",
    "Give it to whoever asked for it.",
  );

const notYours = () =>
  new WalletError(
    "letter-not-yours",
    "This letter asks for keys that are not on this computer.",
    "Open it on the computer with which you accepted the invitation. Nothing was signed.",
  );

/** The key that a letter asks for, if it is this person's. */
async function keyFor(letter: Asking, device: DeviceKey, hidden: boolean): Promise<FriendIdentity> {
  const friendOf = { chainId: letter.domain.chainId, account: letter.account };
  switch (letter.kind) {
    case "invitation":
      return friendIdentity(device, friendOf, letter.hidden);
    case "request": {
      if (letter.keys.length === 0) return friendIdentity(device, friendOf, hidden);
      const own = await ownFriendKey(device, friendOf, letter.keys);
      if (!own) throw notYours();
      return own;
    }
    case "check": {
      const own = await ownFriendKey(device, friendOf, [letter.key]);
      if (!own) throw notYours();
      return own;
    }
  }
}

/**
 * Signs as somebody's friend.
 * @param now milliseconds since 1970
 */
export function createVaultFriends(
  vault: () => FriendsOptions,
  now: () => number,
): Handlers<typeof FRIEND_METHODS> {
  return {
    async answerLetter({ letter: text, hidden }) {
      const { config, keyring, approvals } = vault();
      const { device } = keyring;
      const letter = readLetter(text);
      if (!isAsking(letter)) throw notAsking();
      checkDomain(letter, signingDomain(config));
      checkTime(letter, Math.floor(now() / 1000));
      const key = await keyFor(letter, device, hidden);
      const { typedData, answer } = answering(letter, key);
      const digest = await approvals.requireView(letterView(letter, typedData, key, config));
      const friendOf = { chainId: letter.domain.chainId, account: letter.account };
      const signature = await withFriendKey(device, friendOf, (friend) => friend.sign(digest));
      return { answer: letterToFile(answer(signature)) };
    },
  };
}
