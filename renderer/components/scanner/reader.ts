import { WalletError } from "#core/errors/wallet-error.ts";
import type { Gathered } from "#core/friends/gather.ts";
import { parseAccountText } from "#core/joining/account-text.ts";
import { parseJoinRequest } from "#core/joining/request.ts";
import { parseAddressUri } from "#core/primitives/address-uri.ts";
import type { AddressProblem } from "#core/primitives/address.ts";

/**
 * Takes the text of a QR code for one place of the app.
 * @param held the texts of the codes before it that belong to the same
 * @throws WalletError when the code is none that this place takes; reading goes on
 */
export type CodeReader = (held: readonly string[], scanned: string) => Gathered;

const whole = (text: string): Gathered => ({ texts: [text], of: 1 });

/** Takes the joining request of a new computer. */
export const readsJoinRequest: CodeReader = (_held, scanned) => {
  const read = parseJoinRequest(scanned);
  if ("signed" in read) return whole(scanned.trim());
  throw read.problem === "version"
    ? new WalletError(
        "version",
        "This request was made by another version of Trivet.",
        "Update Trivet on both computers, then make a new request.",
      )
    : new WalletError(
        "not-a-request",
        "This QR code is no joining request.",
        "Read the one that the new computer shows.",
      );
};

const NO_ADDRESS: Record<AddressProblem, readonly [message: string, whatToDo: string]> = {
  "not-an-address": [
    "This QR code holds no address.",
    "Read the one under which something is to be received.",
  ],
  "wrong-checksum": [
    "The address in this QR code is wrong: its checksum does not match.",
    "Have the code made anew.",
  ],
  zero: ["This QR code holds the zero address. Whatever is sent there is lost.", "Have the code made anew."],
};
const noAddress = (problem: AddressProblem) => new WalletError(problem, ...NO_ADDRESS[problem]);

/** Takes whatever names an account. */
export const readsAccount: CodeReader = (_held, scanned) => {
  const meant = parseAccountText(scanned);
  if ("account" in meant) return whole(scanned.trim());
  throw noAddress(meant.problem === "kit-damaged" ? "not-an-address" : meant.problem);
};

/** Takes an address of a network; of a link only the address comes through. */
export const readsAddress =
  (chainId: number | undefined): CodeReader =>
  (_held, scanned) => {
    const read = parseAddressUri(scanned);
    if ("problem" in read) throw noAddress(read.problem);
    if (read.isCall) {
      throw new WalletError(
        "contract-call",
        "This QR code asks for a call of a contract, and the address in it is the contract's.",
        "Ask for a QR code of the address alone.",
      );
    }
    if (read.chainId !== undefined && read.chainId !== chainId) {
      throw new WalletError(
        "other-chain",
        `This QR code is for another network (chain ${read.chainId}).`,
        "Ask for one of the network that you are on.",
      );
    }
    return whole(read.address);
  };
