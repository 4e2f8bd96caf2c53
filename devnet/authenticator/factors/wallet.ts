/** The factor "wallet signature": a message of ours, signed by an Ethereum wallet with personal_sign (EIP-191). */
import { isAddress, verifyMessage } from "viem/utils";
import { createSiweMessage } from "viem/siwe";
import { z } from "zod";
import { type Address, zAddress } from "#core/primitives/address.ts";
import { authenticated } from "../api/authenticated.ts";
import { type Call, endpoint, requireSession, requireUser } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import { orError, zSessionMinutes } from "../api/fields.ts";
import type { Core } from "../core.ts";
import { LIMITS } from "../limits.ts";
import { newId, newToken } from "../state/ids.ts";
import type { User } from "../state/schema.ts";
import { refuseIfLocked } from "../users/lock.ts";
import { createUser, isPending } from "../users/user.ts";
import { requireRightToChangeFactors } from "./change-rule.ts";
import type { Factor } from "./factor.ts";
import { removalEndpoint } from "./removal.ts";

/** A user's wallet, as kept in the state. */
export const zWallet = z.strictObject({
  walletId: z.string(),
  /** Checksummed. */
  address: zAddress,
  verified: z.boolean(),
  /** What the wallet has to sign now. */
  challenge: z.strictObject({ message: z.string(), expiresAt: z.int() }).optional(),
});
type WalletRecord = z.output<typeof zWallet>;

const TYPE = "ethereum";

const zWalletAddress = z
  .string(orError("invalid_ethereum_address"))
  .refine((text) => isAddress(text), orError("invalid_ethereum_address"))
  .transform((text) => zAddress.parse(text));

const zType = z.literal(TYPE, orError("invalid_wallet_type"));

/** The fields of EIP-4361 that the caller chooses; the rest is ours. */
const zSiwe = z.object({
  domain: z
    .string(orError("invalid_siwe_domain"))
    .regex(/^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/, orError("invalid_siwe_domain")),
  uri: z.url(orError("invalid_siwe_uri")).max(2048, orError("invalid_siwe_uri")),
  chain_id: z
    .string(orError("invalid_siwe_chain_id"))
    .regex(/^[1-9]\d{0,14}$/, orError("invalid_siwe_chain_id"))
    .default("1"),
  statement: z
    .string(orError("invalid_siwe_statement"))
    .regex(/^[\x20-\x7e]{0,500}$/, orError("invalid_siwe_statement"))
    .optional(),
  resources: z
    .array(z.url(orError("invalid_siwe_resource")))
    .max(10)
    .optional(),
  message_request_id: z
    .string(orError("invalid_siwe_message_request_id"))
    .regex(/^[A-Za-z0-9._~-]{1,100}$/, orError("invalid_siwe_message_request_id"))
    .optional(),
});

const zStart = z.object({
  crypto_wallet_type: zType,
  crypto_wallet_address: zWalletAddress,
  siwe_params: zSiwe.optional(),
});
type Start = z.output<typeof zStart>;

const zAuthenticate = z.object({
  crypto_wallet_type: zType,
  crypto_wallet_address: zWalletAddress,
  signature: z
    .string(orError("invalid_signature"))
    .regex(/^0x([0-9a-fA-F]{2}){64,65}$/, orError("invalid_signature"))
    .transform((text) => text as `0x${string}`), // As the expression says.
  session_duration_minutes: zSessionMinutes,
});

async function startToLogIn(core: Core, call: Call<Start>) {
  const { crypto_wallet_address: address } = call.body;
  const { state } = core.store;
  const now = core.clock.now();
  const known = ownerOf(core, address);
  const user = known?.user ?? createUser(state, now);
  refuseIfLocked(user, now);
  const wallet = known?.wallet ?? addWallet(user, address);
  return {
    user_id: user.userId,
    challenge: challenge(core, wallet, call.body),
    ...(call.dialect === "server" ? { user_created: known === undefined } : {}),
  };
}

async function startToAdd(core: Core, call: Call<Start>) {
  const { crypto_wallet_address: address } = call.body;
  const user = requireUser(core, call);
  const now = core.clock.now();
  refuseIfLocked(user, now);
  let wallet = user.factors.wallets.find((known) => known.address === address);
  if (wallet === undefined) {
    if (call.dialect === "sdk") {
      requireRightToChangeFactors("add", user, requireSession(call), core.factors, now);
    }
    user.factors.wallets = user.factors.wallets.filter(({ verified }) => verified);
    wallet = addWallet(user, address);
  }
  return {
    user_id: user.userId,
    challenge: challenge(core, wallet, call.body),
    ...(call.dialect === "server" ? { user_created: false } : {}),
  };
}

/** The user who logs in with a wallet: the one who verified it, or a pending one made for it. */
function ownerOf(core: Core, address: Address): { user: User; wallet: WalletRecord } | undefined {
  const found = core.store.state.users.flatMap((user) =>
    user.factors.wallets
      .filter((wallet) => wallet.address === address && (wallet.verified || isPending(user)))
      .map((wallet) => ({ user, wallet })),
  );
  return found.find(({ wallet }) => wallet.verified) ?? found[0];
}

function addWallet(user: User, address: Address): WalletRecord {
  const wallet: WalletRecord = { walletId: newId("crypto-wallet"), address, verified: false };
  user.factors.wallets.push(wallet);
  return wallet;
}

/** A new message to sign; the one before is void. By EIP-4361 when its fields are given, else Stytch's plain one. */
function challenge(core: Core, wallet: WalletRecord, { siwe_params: siwe }: Start): string {
  const now = core.clock.now();
  const expiresAt = now + LIMITS.challengeSeconds;
  const message =
    siwe === undefined
      ? `Signing in with Project: ${newToken()}`
      : createSiweMessage({
          address: wallet.address,
          chainId: Number(siwe.chain_id),
          domain: siwe.domain,
          uri: siwe.uri,
          version: "1",
          nonce: newToken().replace(/[^A-Za-z0-9]/g, "0"),
          issuedAt: new Date(now * 1000),
          expirationTime: new Date(expiresAt * 1000),
          ...(siwe.statement === undefined ? {} : { statement: siwe.statement }),
          ...(siwe.resources === undefined ? {} : { resources: siwe.resources }),
          ...(siwe.message_request_id === undefined ? {} : { requestId: siwe.message_request_id }),
        });
  wallet.challenge = { message, expiresAt };
  return message;
}

/**
 * Counts a signature over the challenge, once. Wrong ones are no step towards a right one, so they do not count as
 * failures: else anybody who knows an address could lock its owner out.
 */
async function authenticate(core: Core, call: Call<z.output<typeof zAuthenticate>>) {
  const { crypto_wallet_address: address, signature } = call.body;
  const now = core.clock.now();
  const found = call.session === undefined ? ownerOf(core, address) : ownWallet(core, call, address);
  if (found === undefined) throw new ApiError("unable_to_authenticate_crypto_wallet");
  const { user, wallet } = found;
  refuseIfLocked(user, now);
  const { challenge: asked } = wallet;
  if (asked === undefined || now >= asked.expiresAt) {
    throw new ApiError("unable_to_authenticate_crypto_wallet");
  }
  const isRight = await verifyMessage({ address, message: asked.message, signature }).catch(() => false);
  if (!isRight || wallet.challenge !== asked) throw new ApiError("unable_to_authenticate_crypto_wallet");
  delete wallet.challenge;
  const elsewhere = core.store.state.users.some(
    (other) =>
      other !== user &&
      other.factors.wallets.some((theirs) => theirs.verified && theirs.address === wallet.address),
  );
  if (elsewhere) throw new ApiError("duplicate_wallet_address");
  wallet.verified = true;
  return authenticated(core, call, user, {
    type: "crypto",
    deliveryMethod: "crypto_wallet",
    identity: {
      crypto_wallet_factor: {
        crypto_wallet_id: wallet.walletId,
        crypto_wallet_address: wallet.address,
        crypto_wallet_type: TYPE,
      },
    },
  });
}

function ownWallet(
  core: Core,
  call: Call<unknown>,
  address: Address,
): { user: User; wallet: WalletRecord } | undefined {
  const user = requireUser(core, call);
  const wallet = user.factors.wallets.find((known) => known.address === address);
  return wallet === undefined ? undefined : { user, wallet };
}

export const walletSignature: Factor = {
  category: undefined,
  isEnrolled: (user) => user.factors.wallets.some(({ verified }) => verified),
  isProof: ({ type }) => type === "crypto",
  describe: ({ factors: { wallets } }) => ({
    crypto_wallets: wallets.map(({ walletId, address, verified }) => ({
      crypto_wallet_id: walletId,
      crypto_wallet_address: address,
      crypto_wallet_type: TYPE,
      verified,
    })),
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/crypto_wallets/authenticate/start/primary",
      accepts: { sdk: zStart },
      answer: startToLogIn,
    }),
    endpoint({
      method: "POST",
      path: "/crypto_wallets/authenticate/start/secondary",
      accepts: { sdk: zStart },
      answer: startToAdd,
    }),
    endpoint({
      method: "POST",
      path: "/crypto_wallets/authenticate/start",
      accepts: { server: zStart },
      answer: async (core, call) =>
        call.session === undefined && call.namedUserId === undefined
          ? startToLogIn(core, call)
          : startToAdd(core, call),
    }),
    endpoint({
      method: "POST",
      path: "/crypto_wallets/authenticate",
      accepts: { sdk: zAuthenticate, server: zAuthenticate },
      answer: authenticate,
    }),
    removalEndpoint({
      path: "/users/crypto_wallets",
      idField: "crypto_wallet_id",
      notFound: "crypto_wallet_not_found",
      has: ({ factors }, id) => factors.wallets.some(({ walletId }) => walletId === id),
      remove: ({ factors }, id) => {
        factors.wallets = factors.wallets.filter(({ walletId }) => walletId !== id);
      },
      isProof: ({ identity }, id) => identity.crypto_wallet_factor?.crypto_wallet_id === id,
    }),
  ],
};
