/** The factor "passkey": a WebAuthn credential, verified with @simplewebauthn/server. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { authenticated } from "../../api/authenticated.ts";
import { type Call, endpoint, requireSession, requireUser } from "../../api/endpoint.ts";
import { ApiError } from "../../api/errors.ts";
import { orError, zSessionMinutes } from "../../api/fields.ts";
import type { Core } from "../../core.ts";
import { LIMITS } from "../../limits.ts";
import { newId } from "../../state/ids.ts";
import type { User } from "../../state/schema.ts";
import { refuseIfLocked } from "../../users/lock.ts";
import { findUser } from "../../users/user.ts";
import { requireRightToChangeFactors } from "../change-rule.ts";
import type { Factor } from "../factor.ts";
import { removalEndpoint } from "../removal.ts";
import {
  type Answer,
  originFor,
  parseCredential,
  readClientData,
  zAssertion,
  zRegistration,
} from "./credential.ts";
import type { PasskeyChallenge, PasskeyRecord } from "./record.ts";

/** EdDSA, ES256, RS256 (COSE), as every browser knows them. */
const ALGORITHMS = [-8, -7, -257];

const zDomain = z
  .string(orError("invalid_domain"))
  .regex(/^(localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/, orError("invalid_domain"));

const zRegisterStart = z.object({
  domain: zDomain,
  user_agent: z.string().max(512).default(""),
  authenticator_type: z
    .enum(["platform", "cross-platform", ""], orError("invalid_authenticator_type"))
    .default(""),
  return_passkey_credential_options: z.boolean().default(false),
  override_name: z.string().max(128).optional(),
  override_display_name: z.string().max(128).optional(),
  // Binary fields are base64url either way: both forms that Stytch knows can be read from it.
  use_base64_url_encoding: z.boolean().default(false),
});

const zFinish = z.object({
  /** A JSON string. */
  public_key_credential: z.string(orError("invalid_public_key_credential")),
  session_duration_minutes: zSessionMinutes,
});

async function registerStart(core: Core, call: Call<z.output<typeof zRegisterStart>>) {
  const user = requireUser(core, call);
  const { body } = call;
  const now = core.clock.now();
  refuseIfLocked(user, now);
  if (call.dialect === "sdk") {
    requireRightToChangeFactors("add", user, requireSession(call), core.factors, now);
  }
  const name = body.override_name ?? user.factors.emails[0]?.address ?? user.userId;
  const options = await generateRegistrationOptions({
    rpName: "Trivet devnet",
    rpID: body.domain,
    userName: name,
    userDisplayName: body.override_display_name ?? name,
    userID: new TextEncoder().encode(user.userId),
    timeout: LIMITS.challengeSeconds * 1000,
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: user.factors.passkeys
      .filter(({ domain }) => domain === body.domain)
      .map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: {
      residentKey: body.return_passkey_credential_options ? "required" : "preferred",
      userVerification: "preferred",
      ...(body.authenticator_type === "" ? {} : { authenticatorAttachment: body.authenticator_type }),
    },
  });
  ask(core, {
    challenge: options.challenge,
    use: "register",
    domain: body.domain,
    userId: user.userId,
    userAgent: body.user_agent,
    authenticatorType: body.authenticator_type,
    expiresAt: now + LIMITS.challengeSeconds,
  });
  return { user_id: user.userId, public_key_credential_creation_options: JSON.stringify(options) };
}

async function register(core: Core, call: Call<z.output<typeof zFinish>>) {
  const user = requireUser(core, call);
  const now = core.clock.now();
  refuseIfLocked(user, now);
  const response = parseCredential(zRegistration, call.body.public_key_credential);
  const asked = takeChallenge(core, response, "register");
  if (asked?.userId !== user.userId) throw new ApiError("no_pending_webauthn_registration");
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: asked.challenge,
    expectedOrigin: originFor(asked.domain, response),
    expectedRPID: asked.domain,
    supportedAlgorithmIDs: ALGORITHMS,
    requireUserVerification: false, // As Stytch: it is asked for as "preferred".
  }).catch(() => undefined);
  if (verified?.verified !== true) throw new ApiError("unable_to_register_webauthn_registration");
  const { credential } = verified.registrationInfo;
  if (findPasskey(core, credential.id) !== undefined) throw new ApiError("duplicate_webauthn_registration");
  if (user.factors.passkeys.length >= LIMITS.passkeys) {
    throw new ApiError("too_many_user_registrations_for_domain");
  }
  const passkey: PasskeyRecord = {
    registrationId: newId("webauthn-registration"),
    domain: asked.domain,
    userAgent: asked.userAgent,
    authenticatorType: asked.authenticatorType,
    name: "",
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString("base64url"),
    counter: credential.counter,
    transports: response.response.transports ?? [],
  };
  user.factors.passkeys.push(passkey);
  const answer = await authenticated(core, call, user, proofOf(passkey));
  return { ...answer, webauthn_registration_id: passkey.registrationId };
}

const zAuthenticateStart = z.object({
  domain: zDomain,
  return_passkey_credential_options: z.boolean().default(false),
  use_base64_url_encoding: z.boolean().default(false),
});

/** Asks the passkeys of the user, or without a user whichever the person picks. */
async function authenticateStart(
  core: Core,
  call: Call<z.output<typeof zAuthenticateStart>>,
  user: User | undefined,
) {
  const { domain, return_passkey_credential_options: isPasskey } = call.body;
  const own = user?.factors.passkeys.filter((passkey) => passkey.domain === domain);
  if (own?.length === 0) throw new ApiError("no_active_webauthn_registrations");
  const options = await generateAuthenticationOptions({
    rpID: domain,
    timeout: LIMITS.challengeSeconds * 1000,
    userVerification: "preferred",
    ...(own === undefined || isPasskey
      ? {}
      : { allowCredentials: own.map(({ credentialId }) => ({ id: credentialId })) }),
  });
  ask(core, {
    challenge: options.challenge,
    use: "authenticate",
    domain,
    ...(user === undefined ? {} : { userId: user.userId }),
    userAgent: "",
    authenticatorType: "",
    expiresAt: core.clock.now() + LIMITS.challengeSeconds,
  });
  return {
    user_id: user?.userId ?? "",
    public_key_credential_request_options: JSON.stringify(options),
  };
}

/** Wrong answers are no step towards a right one, so they do not count as failures; each challenge counts once. */
async function authenticate(core: Core, call: Call<z.output<typeof zFinish>>) {
  const response = parseCredential(zAssertion, call.body.public_key_credential);
  const asked = takeChallenge(core, response, "authenticate");
  const found = findPasskey(core, response.id);
  if (asked === undefined || found === undefined) throw new ApiError("unable_to_auth_webauthn_registration");
  const { user, passkey } = found;
  if (call.session !== undefined && call.session.userId !== user.userId) {
    throw new ApiError("user_id_mismatch");
  }
  refuseIfLocked(user, core.clock.now());
  const askedOther = asked.userId !== undefined && asked.userId !== user.userId;
  if (askedOther || passkey.domain !== asked.domain) {
    throw new ApiError("unable_to_auth_webauthn_registration");
  }
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: asked.challenge,
    expectedOrigin: originFor(asked.domain, response),
    expectedRPID: asked.domain,
    requireUserVerification: false,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")),
      counter: passkey.counter,
    },
  }).catch(() => undefined);
  const stillThere = findPasskey(core, response.id)?.passkey === passkey;
  if (verified?.verified !== true || !stillThere) {
    throw new ApiError("unable_to_auth_webauthn_registration");
  }
  passkey.counter = verified.authenticationInfo.newCounter;
  const answer = await authenticated(core, call, user, proofOf(passkey));
  return { ...answer, webauthn_registration_id: passkey.registrationId };
}

const zRename = z.object({ webauthn_registration_id: z.string(), name: z.string() });

async function rename(core: Core, call: Call<z.output<typeof zRename>>) {
  const user = requireUser(core, call);
  const { webauthn_registration_id: id, name } = call.body;
  const passkey = user.factors.passkeys.find(({ registrationId }) => registrationId === id);
  if (passkey === undefined) throw new ApiError("webauthn_registration_not_found");
  if (name.trim() === "" || name.length > 128) throw new ApiError("empty_webauthn_registration_name");
  passkey.name = name.trim();
  return { webauthn_registration: describePasskey(passkey) };
}

/** The challenge that is answered, which from now on is void. */
function takeChallenge(
  core: Core,
  answer: Answer,
  use: PasskeyChallenge["use"],
): PasskeyChallenge | undefined {
  const { challenge } = readClientData(answer);
  const { state } = core.store;
  const asked = state.passkeyChallenges.find((open) => open.challenge === challenge && open.use === use);
  state.passkeyChallenges = state.passkeyChallenges.filter((open) => open !== asked);
  return asked !== undefined && core.clock.now() < asked.expiresAt ? asked : undefined;
}

function ask(core: Core, challenge: PasskeyChallenge): void {
  const { state } = core.store;
  const now = core.clock.now();
  const open = state.passkeyChallenges.filter(({ expiresAt }) => now < expiresAt);
  state.passkeyChallenges = [challenge, ...open].slice(0, LIMITS.openChallenges);
}

function findPasskey(core: Core, credentialId: string): { user: User; passkey: PasskeyRecord } | undefined {
  for (const user of core.store.state.users) {
    const passkey = user.factors.passkeys.find((known) => known.credentialId === credentialId);
    if (passkey !== undefined) return { user, passkey };
  }
  return undefined;
}

function proofOf({ registrationId, domain, userAgent }: PasskeyRecord) {
  return {
    type: "webauthn",
    deliveryMethod: "webauthn_registration",
    identity: {
      webauthn_factor: { webauthn_registration_id: registrationId, domain, user_agent: userAgent },
    },
  };
}

function describePasskey({ registrationId, domain, userAgent, authenticatorType, name }: PasskeyRecord) {
  return {
    webauthn_registration_id: registrationId,
    domain,
    user_agent: userAgent,
    authenticator_type: authenticatorType,
    verified: true,
    name,
  };
}

export const passkey: Factor = {
  category: "device",
  isEnrolled: (user) => user.factors.passkeys.length > 0,
  isProof: ({ type }) => type === "webauthn",
  describe: ({ factors: { passkeys } }) => ({ webauthn_registrations: passkeys.map(describePasskey) }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/webauthn/register/start",
      accepts: { sdk: zRegisterStart, server: zRegisterStart },
      answer: registerStart,
    }),
    endpoint({
      method: "POST",
      path: "/webauthn/register",
      accepts: { sdk: zFinish, server: zFinish },
      answer: register,
    }),
    endpoint({
      method: "POST",
      path: "/webauthn/authenticate/start/primary",
      accepts: { sdk: zAuthenticateStart },
      answer: async (core, call) => authenticateStart(core, call, undefined),
    }),
    endpoint({
      method: "POST",
      path: "/webauthn/authenticate/start/secondary",
      accepts: { sdk: zAuthenticateStart },
      answer: async (core, call) => authenticateStart(core, call, requireUser(core, call)),
    }),
    endpoint({
      method: "POST",
      path: "/webauthn/authenticate/start",
      accepts: { server: zAuthenticateStart },
      answer: async (core, call) =>
        authenticateStart(
          core,
          call,
          call.namedUserId === undefined ? undefined : findUser(core.store.state, call.namedUserId),
        ),
    }),
    endpoint({
      method: "POST",
      path: "/webauthn/authenticate",
      accepts: { sdk: zFinish, server: zFinish },
      answer: authenticate,
    }),
    endpoint({
      method: "PUT",
      path: "/webauthn/update/:webauthn_registration_id",
      accepts: { sdk: zRename },
      answer: rename,
    }),
    removalEndpoint({
      path: "/users/webauthn_registrations",
      idField: "webauthn_registration_id",
      notFound: "webauthn_registration_not_found",
      has: ({ factors }, id) => factors.passkeys.some(({ registrationId }) => registrationId === id),
      remove: ({ factors }, id) => {
        factors.passkeys = factors.passkeys.filter(({ registrationId }) => registrationId !== id);
      },
      isProof: ({ identity }, id) => identity.webauthn_factor?.webauthn_registration_id === id,
    }),
  ],
};
