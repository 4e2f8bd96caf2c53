import { WalletError } from "#core/errors/wallet-error.ts";
import type { Address } from "#core/primitives/address.ts";
import type { SignInMessage } from "../authenticator/factors/wallet.ts";

const STATEMENT = "Trivet names the device key of a new computer.";

/** The fields of the message that a new device key signs at the authenticator. */
export function signInMessage(baseUrl: string, chainId: number): SignInMessage {
  const { host } = new URL(baseUrl);
  return { domain: host, uri: baseUrl, chainId, statement: STATEMENT };
}

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`;
const NONCE = /^Nonce: [A-Za-z0-9_-]{8,100}$/;
const ISSUED = new RegExp(`^Issued At: ${TIME}$`);
/** The last line, which need not be there. */
const EXPIRY = new RegExp(`^Expiration Time: ${TIME}$`);

const refused = () =>
  new WalletError(
    "challenge-refused",
    "The authenticator asked this computer's device key to sign something that Trivet did not ask for.",
    "Nothing was signed. Try again; if it happens again, report it with the log file.",
  );

/**
 * Makes sure that a challenge is the Sign-In with Ethereum message (ERC-4361) that was asked for, line by line, and
 * nothing besides. The device key signs other messages of that form: an authenticator that could choose the text could
 * have it open a session with the key network.
 * @throws WalletError "challenge-refused"
 */
export function demandChallenge(
  challenge: string,
  { domain, uri, chainId, statement = "" }: SignInMessage,
  device: Address,
): void {
  const expected: readonly (string | RegExp)[] = [
    `${domain} wants you to sign in with your Ethereum account:`,
    device,
    "",
    statement,
    "",
    `URI: ${uri}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    NONCE,
    ISSUED,
    EXPIRY,
  ];
  const lines = challenge.split("\n");
  const fits = (line: string, wanted: string | RegExp | undefined) =>
    typeof wanted === "string" ? line === wanted : (wanted?.test(line) ?? false);
  const isOurs = lines.every((line, at) => fits(line, expected[at])) && lines.length >= expected.length - 1;
  if (!isOurs) throw refused();
}
