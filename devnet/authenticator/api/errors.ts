/** The errors of the API: types and statuses are Stytch's, the sentences are ours. */
const CATALOGUE = {
  bad_request: [400, "The request is not one that this authenticator understands."],
  invalid_email: [400, "That is not an email address."],
  invalid_expiration_otp: [400, "A code can count for 1 to 10 minutes."],
  invalid_expiration: [400, "An authenticator app can wait 5 to 1440 minutes to be verified."],
  invalid_code: [400, "An emailed code has six digits."],
  invalid_totp_code: [400, "A code of an authenticator app has six digits."],
  invalid_recovery_code: [400, "A recovery code looks like abcd-1234-wxyz."],
  invalid_session_duration_minutes: [400, "A session can last 5 to 527040 minutes."],
  user_id_mismatch: [400, "The session belongs to another user."],
  no_session_arguments: [400, "Name the session by its token or its JWT."],
  too_many_session_arguments: [400, "Name the session in one way only."],
  active_totp_exists: [400, "The user has an authenticator app already."],
  expired_totp: [400, "The authenticator app was not verified in time; set it up again."],
  metadata_too_many_keys: [400, "Metadata can have 20 keys at most."],
  invalid_request_value: [400, "Metadata can have 4096 bytes at most."],
  cannot_delete_last_primary_factor: [400, "The last way to log in cannot be deleted."],
  unauthorized_credentials: [401, "The credentials of the project are not right."],
  user_unauthenticated: [401, "Log in first."],
  cannot_update_trusted_metadata: [401, "Trusted metadata cannot be set without the project's secret."],
  unable_to_auth_otp_code: [401, "The code was used, has expired or is void; ask for a new one."],
  unable_to_authenticate_totp: [401, "The code of the authenticator app is not right."],
  totp_code_already_authenticated: [401, "The code of the authenticator app was used; wait for the next."],
  unable_to_authenticate_recovery_code: [401, "The recovery code is not right or was used."],
  insufficient_factors: [401, "Prove factors of two categories first."],
  stale_factors: [401, "Prove one factor again first: all are older than an hour."],
  otp_code_not_found: [404, "The code is not right."],
  user_not_found: [404, "There is no such user."],
  session_not_found: [404, "The session has expired or was revoked."],
  email_not_found: [404, "There is no such email address."],
  totp_not_found: [404, "There is no such authenticator app."],
  totps_not_found_for_user: [404, "The user has no authenticator app."],
  project_not_found: [404, "There is no such project."],
  route_not_found: [404, "There is no such path."],
  too_many_requests: [429, "Too many requests in a short time."],
  user_lock_limit_reached: [429, "The user is locked after too many failures; try again later."],
  internal_server_error: [500, "The authenticator failed."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorType = keyof typeof CATALOGUE;
export type ErrorStatus = (typeof CATALOGUE)[ErrorType][0];

/** Why an emailed code cannot count any more, whatever its digits. */
export type DeadCodeReason = "used" | "expired" | "too_many_tries";

/** A refusal that the API answers with. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly type: ErrorType;
  readonly status: ErrorStatus;
  /** Sent as `error_details`. */
  readonly details: { readonly reason: DeadCodeReason } | undefined;

  constructor(type: ErrorType, details?: { readonly reason: DeadCodeReason }) {
    const [status, message] = CATALOGUE[type];
    super(message);
    this.type = type;
    this.status = status;
    this.details = details;
  }
}

export function isErrorType(text: string): text is ErrorType {
  return Object.hasOwn(CATALOGUE, text);
}
