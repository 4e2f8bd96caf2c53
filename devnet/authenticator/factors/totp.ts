/** The factor "authenticator app": time-based codes (RFC 6238) with recovery codes for a lost phone. */
import { Secret, TOTP } from "otpauth";
import { encodeQR } from "qr";
import { z } from "zod";
import { authenticated } from "../api/authenticated.ts";
import { type Call, endpoint, requireSession, requireUser } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import { orError, zDigits, zSessionMinutes } from "../api/fields.ts";
import type { Core } from "../core.ts";
import { LIMITS } from "../limits.ts";
import { newId, newRecoveryCode } from "../state/ids.ts";
import type { User } from "../state/schema.ts";
import { describeUser } from "../users/describe.ts";
import { countFailure, refuseIfLocked } from "../users/lock.ts";
import { requireRightToChangeFactors } from "./change-rule.ts";
import { equalInConstantTime } from "./compare.ts";
import type { Factor } from "./factor.ts";
import { removalEndpoint } from "./removal.ts";

/** A user's authenticator app, as kept in the state. */
export const zTotpFactor = z.strictObject({
  totpId: z.string(),
  /** Base32. */
  secret: z.string(),
  verified: z.boolean(),
  /** Until when (Unix seconds) it must be verified. */
  setUpBy: z.int(),
  /** The time step of the last code that counted; no code counts twice. */
  lastStep: z.int(),
  recoveryCodes: z.array(z.strictObject({ id: z.string(), code: z.string(), used: z.boolean() })),
});
type TotpRecord = z.output<typeof zTotpFactor>;

const zCreate = z.object({
  expiration_minutes: z
    .int(orError("invalid_expiration"))
    .min(LIMITS.minSetUpMinutes, orError("invalid_expiration"))
    .max(LIMITS.setUpMinutes, orError("invalid_expiration"))
    .default(LIMITS.setUpMinutes),
});
const zAuthenticate = z.object({
  totp_code: zDigits("invalid_totp_code"),
  session_duration_minutes: zSessionMinutes,
});
const zRecover = z.object({
  recovery_code: z
    .string(orError("invalid_recovery_code"))
    .transform((code) => code.trim().toLowerCase())
    .pipe(z.string().regex(/^[a-z0-9]{4}(-[a-z0-9]{4}){2}$/, orError("invalid_recovery_code"))),
  session_duration_minutes: zSessionMinutes,
});

function generator(user: User, record: TotpRecord): TOTP {
  return new TOTP({
    issuer: "Trivet devnet",
    label: user.factors.emails[0]?.address ?? user.userId,
    algorithm: "SHA1", // The only one that every authenticator app understands.
    digits: 6,
    period: 30,
    secret: Secret.fromBase32(record.secret),
  });
}

/** Sets up an app, replacing one that was never verified. */
async function create(core: Core, call: Call<z.output<typeof zCreate>>) {
  const user = requireUser(core, call);
  const now = core.clock.now();
  if (call.dialect === "sdk") {
    requireRightToChangeFactors("add", user, requireSession(call), core.factors, now);
  }
  if (user.factors.totp?.verified === true) throw new ApiError("active_totp_exists");

  const record: TotpRecord = {
    totpId: newId("totp"),
    secret: new Secret({ size: 20 }).base32,
    verified: false,
    setUpBy: now + call.body.expiration_minutes * 60,
    lastStep: 0,
    recoveryCodes: Array.from({ length: LIMITS.recoveryCodes }, () => ({
      id: newId("totp-recovery-code"),
      code: newRecoveryCode(),
      used: false,
    })),
  };
  user.factors.totp = record;
  const svg = encodeQR(generator(user, record).toString(), "svg", { border: 2 });
  return {
    user_id: user.userId,
    totp_id: record.totpId,
    secret: record.secret,
    qr_code: `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`,
    recovery_codes: record.recoveryCodes.map(({ code }) => code),
    user: describeUser(user, core.factors, now),
  };
}

async function authenticate(core: Core, call: Call<z.output<typeof zAuthenticate>>) {
  const user = requireUser(core, call);
  const record = useCode(user, call.body.totp_code, core.clock.now());
  const answer = await authenticated(core, call, user, {
    type: "totp",
    deliveryMethod: "authenticator_app",
    identity: { authenticator_app_factor: { totp_id: record.totpId } },
  });
  return { ...answer, totp_id: record.totpId };
}

/** Counts a code, or a failure. Without a wait in between: two calls cannot count one code. */
function useCode(user: User, code: string, now: number): TotpRecord {
  refuseIfLocked(user, now);
  const record = user.factors.totp;
  if (record === undefined) throw new ApiError("totps_not_found_for_user");
  if (!record.verified && now >= record.setUpBy) throw new ApiError("expired_totp");

  const totp = generator(user, record);
  const timestamp = now * 1000;
  const delta = totp.validate({ token: code, timestamp, window: LIMITS.appCodeWindow });
  if (delta === null) throw countFailure(user, now, new ApiError("unable_to_authenticate_totp"));
  const step = totp.counter({ timestamp }) + delta;
  if (step <= record.lastStep) throw new ApiError("totp_code_already_authenticated");
  record.lastStep = step;
  record.verified = true;
  return record;
}

async function recover(core: Core, call: Call<z.output<typeof zRecover>>) {
  const user = requireUser(core, call);
  const now = core.clock.now();
  refuseIfLocked(user, now);
  const record = user.factors.totp;
  if (record?.verified !== true) throw new ApiError("totps_not_found_for_user");

  // All are compared, used or not, so that the time tells nothing about which one came close.
  const matches = record.recoveryCodes.filter(({ code }) =>
    equalInConstantTime(code, call.body.recovery_code),
  );
  const match = matches.find(({ used }) => !used);
  if (match === undefined) {
    throw countFailure(user, now, new ApiError("unable_to_authenticate_recovery_code"));
  }
  match.used = true;
  const answer = await authenticated(core, call, user, {
    type: "recovery_codes",
    deliveryMethod: "recovery_code",
    identity: { recovery_code_factor: { totp_recovery_code_id: match.id } },
  });
  return { ...answer, totp_id: record.totpId };
}

/** Tells the codes of an app again that are not used up: to who lost them, with the proofs that changing factors takes. */
function listRecoveryCodes(core: Core, call: Call<unknown>) {
  const user = requireUser(core, call);
  const now = core.clock.now();
  refuseIfLocked(user, now);
  const record = user.factors.totp;
  if (record?.verified !== true) throw new ApiError("totps_not_found_for_user");
  if (call.dialect === "sdk") {
    requireRightToChangeFactors("delete", user, requireSession(call), core.factors, now);
  }
  const recovery_codes = record.recoveryCodes.filter(({ used }) => !used).map(({ code }) => code);
  return Promise.resolve({
    user_id: user.userId,
    totps: [{ totp_id: record.totpId, verified: true, recovery_codes }],
  });
}

export const authenticatorApp: Factor = {
  category: "device",
  isEnrolled: (user) => user.factors.totp?.verified === true,
  // A recovery code stands in for the lost app, or the app could never be replaced.
  isProof: ({ type }) => type === "totp" || type === "recovery_codes",
  describe: ({ factors: { totp } }) => ({
    totps: totp === undefined ? [] : [{ totp_id: totp.totpId, verified: totp.verified }],
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/totps",
      accepts: { sdk: zCreate, server: zCreate },
      answer: create,
    }),
    endpoint({
      method: "POST",
      path: "/totps/authenticate",
      accepts: { sdk: zAuthenticate, server: zAuthenticate },
      answer: authenticate,
    }),
    endpoint({
      method: "POST",
      path: "/totps/recover",
      accepts: { sdk: zRecover, server: zRecover },
      answer: recover,
    }),
    endpoint({
      method: "POST",
      path: "/totps/recovery_codes",
      accepts: { sdk: z.unknown(), server: z.unknown() },
      answer: listRecoveryCodes,
    }),
    removalEndpoint({
      path: "/users/totps",
      idField: "totp_id",
      notFound: "totp_not_found",
      has: ({ factors }, id) => factors.totp?.totpId === id,
      remove: ({ factors }) => {
        delete factors.totp;
      },
      // Recovery codes go with the app they stand in for.
      isProof: ({ type }) => type === "totp" || type === "recovery_codes",
    }),
  ],
};
