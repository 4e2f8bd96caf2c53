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
  invalid_phone_number: [400, "That is not a phone number in the form +41790000000."],
  invalid_domain: [400, "That is not a domain for passkeys."],
  invalid_authenticator_type: [400, "An authenticator is platform or cross-platform."],
  invalid_public_key_credential: [400, "That is not an answer of a passkey."],
  no_pending_webauthn_registration: [400, "No passkey is being set up, or it took too long."],
  no_active_webauthn_registrations: [400, "The user has no passkey for this domain."],
  duplicate_webauthn_registration: [400, "This passkey is registered already."],
  too_many_user_registrations_for_domain: [400, "The user has as many passkeys as there can be."],
  empty_webauthn_registration_name: [400, "A passkey's name has 1 to 128 characters."],
  invalid_ethereum_address: [400, "That is not an Ethereum address."],
  invalid_wallet_type: [400, "Only wallets of the type ethereum can be proven."],
  invalid_signature: [400, "A signature is 64 or 65 bytes in hex."],
  invalid_siwe_domain: [400, "That is not a domain by EIP-4361."],
  invalid_siwe_uri: [400, "That is not a URI by EIP-4361."],
  invalid_siwe_chain_id: [400, "That is not a chain id."],
  invalid_siwe_statement: [400, "A statement is one line of printable ASCII."],
  invalid_siwe_resource: [400, "A resource is a URI."],
  invalid_siwe_message_request_id: [400, "That is not a request id by EIP-4361."],
  invalid_oauth_provider: [400, "There is no such provider of social logins."],
  invalid_oauth_attach_token: [400, "The token that adds a social login has expired or was used."],
  oauth_invalid_state: [400, "This log-in took too long or was answered already."],
  oauth_auth_code_error: [400, "The provider of the social login did not confirm it."],
  no_login_redirect_urls_set: [400, "Say where the browser goes after the log-in."],
  no_match_for_provided_oauth_url: [400, "The browser may not be sent to this address."],
  invalid_pkce_code_challenge: [400, "The code challenge is not one of RFC 7636, S256."],
  invalid_pkce_code_verifier: [400, "The code verifier is not one of RFC 7636."],
  pkce_expected_code_verifier: [400, "Send the code verifier that belongs to the code challenge."],
  pkce_did_not_expect_code_verifier: [400, "No code challenge was sent when this was started."],
  weak_password: [400, "The password is too easy to guess."],
  reset_password: [400, "Reset the password first: another person may have chosen it."],
  duplicate_email: [400, "A user with this email address exists already."],
  duplicate_phone_number: [400, "A user with this phone number exists already."],
  duplicate_wallet_address: [400, "A user with this wallet exists already."],
  too_many_unverified_factors: [400, "Verify the email address or phone number first."],
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
  unable_to_auth_password_reset_token: [401, "The mail was used, has expired or is void; ask for a new one."],
  session_too_old_to_reset_password: [401, "Prove the mailbox or the password again first."],
  unable_to_register_webauthn_registration: [401, "The passkey could not be verified."],
  unable_to_auth_webauthn_registration: [401, "The passkey could not be verified."],
  unable_to_authenticate_crypto_wallet: [401, "The wallet's signature could not be verified."],
  pkce_mismatch: [401, "The code verifier does not belong to the code challenge."],
  insufficient_factors: [401, "Prove factors of two categories first."],
  stale_factors: [401, "Prove one factor again first: all are older than an hour."],
  otp_code_not_found: [404, "The code is not right."],
  user_not_found: [404, "There is no such user."],
  session_not_found: [404, "The session has expired or was revoked."],
  email_not_found: [404, "There is no such email address."],
  phone_number_not_found: [404, "There is no such phone number."],
  password_not_found: [404, "There is no such password."],
  webauthn_registration_not_found: [404, "There is no such passkey."],
  crypto_wallet_not_found: [404, "There is no such wallet."],
  oauth_user_registration_not_found: [404, "There is no such social login."],
  oauth_token_not_found: [404, "The token was used or has expired; log in again."],
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
