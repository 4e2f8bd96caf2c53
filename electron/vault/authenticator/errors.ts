import { WalletError } from "#core/errors/wallet-error.ts";

/** What can go wrong with the authenticator, in words for people. */
const SENTENCES = {
  "code-format": ["A code has six digits.", "Type the six digits of the code, without letters."],
  "code-wrong": [
    "That code is not right.",
    "Type the six digits of the newest message. After five wrong tries you need a new code.",
  ],
  "code-expired": [
    "That code has expired or was already used.",
    "Ask for a new code and type it within two minutes.",
  ],
  "code-void": [
    "This code was typed wrongly too often and no longer counts.",
    "Ask for a new code and type that one.",
  ],
  "app-code-wrong": [
    "That is not the code your authenticator app shows.",
    "Type the code the app shows now. If it is refused again, check that your phone sets its time automatically.",
  ],
  "app-code-used": [
    "That code of your authenticator app was already used.",
    "Wait until the app shows the next code and type that one.",
  ],
  "app-missing": [
    "No authenticator app is set up for you.",
    "Set up an authenticator app first, or prove who you are with an email code.",
  ],
  "app-set-up-expired": [
    "The authenticator app was not confirmed in time.",
    "Set up the authenticator app again and confirm it with its first code.",
  ],
  "app-exists": [
    "You have an authenticator app already.",
    "Use the app you have, or remove it before you set up another.",
  ],
  "recovery-code-wrong": [
    "That recovery code is not right or was already used.",
    "Type another of the recovery codes you wrote down.",
  ],
  "phone-invalid": [
    "That is not a complete phone number.",
    "Type the number with its country code, such as +41 79 000 00 00.",
  ],
  "phone-unknown": ["The authenticator does not know this phone number.", "Look at your factors again."],
  "phone-taken": [
    "Another person uses this phone number already.",
    "Use another number, or log in as that person and remove it there.",
  ],
  "email-taken": [
    "Another person uses this email address already.",
    "Use another address, or log in with this one.",
  ],
  "password-wrong": [
    "Email address and password do not belong together.",
    "Check both for typing mistakes, or reset the password with an email.",
  ],
  "password-weak": [
    "This password is too easy to guess.",
    "Choose a longer one, such as four or five unrelated words.",
  ],
  "password-reset-needed": [
    "This password does not count before it is reset: another person may have chosen it.",
    "Reset the password with an email.",
  ],
  "password-missing": ["You have no password.", "Set a password first."],
  "password-mail-void": [
    "This email was already used, has expired or was replaced by a newer one.",
    "Ask for a new email and use that one.",
  ],
  "password-proof-too-old": [
    "You proved who you are too long ago to set a password.",
    "Prove your mailbox again with a new code and set the password within five minutes.",
  ],
  "passkey-refused": [
    "The passkey could not be verified.",
    "Try again with a passkey that you set up for Trivet.",
  ],
  "passkey-expired": ["Setting up the passkey took too long.", "Start again."],
  "passkey-missing": ["You have no such passkey.", "Set up a passkey first, or use another factor."],
  "passkey-exists": ["This passkey is set up already.", "Use the passkey you have, or pick another one."],
  "passkey-limit": ["You have as many passkeys as there can be.", "Remove one that you no longer use."],
  "passkey-name": ["A passkey's name has 1 to 128 characters.", "Type another name."],
  "login-declined": ["The social login was not completed.", "Start it again, and confirm it in the browser."],
  "login-expired": [
    "The social login took too long or was used already.",
    "Start it again and finish it within a few minutes.",
  ],
  "login-not-ours": [
    "This was not started by this wallet.",
    "Start it again from here, and finish it in the browser window that opens.",
  ],
  "login-missing": ["You have no such social login.", "Look at your factors again."],
  "wallet-refused": [
    "The wallet's signature could not be verified.",
    "Try again, and sign with the wallet of exactly this address within five minutes.",
  ],
  "wallet-taken": [
    "Another person uses this wallet already.",
    "Use another wallet, or log in as that person and remove it there.",
  ],
  "wallet-missing": ["You have no such wallet.", "Look at your factors again."],
  "verify-first": [
    "Your email address is not verified yet.",
    "Prove your mailbox with a code first, then try again.",
  ],
  "last-way-in": [
    "This is the last way to log in, so it cannot be removed.",
    "Add another way to log in first.",
  ],
  "user-locked": [
    "There were too many wrong codes, so logging in is locked for an hour.",
    "Wait an hour, then ask for a new code. Your money is not affected.",
  ],
  "email-invalid": ["That is not an email address.", "Check the address for typing mistakes."],
  "email-unknown": [
    "The authenticator does not know this email address.",
    "Check the address for typing mistakes.",
  ],
  "factors-insufficient": [
    "One proof is not enough to change how you log in.",
    "Prove a second factor, such as your authenticator app, and try again.",
  ],
  "factors-stale": [
    "You proved who you are too long ago for this.",
    "Log in again with a new code and try again.",
  ],
  "other-person": [
    "That code belongs to another person than the one who is logged in.",
    "Lock the wallet, then log in with the other email address.",
  ],
  "session-expired": ["You are no longer logged in.", "Log in again with an email code."],
  "authenticator-busy": ["Too many requests were made in a short time.", "Wait ten minutes and try again."],
  "authenticator-unreachable": [
    "The authenticator cannot be reached.",
    "Check your internet connection and try again. Nothing was changed.",
  ],
  "authenticator-timeout": [
    "The authenticator did not answer in time.",
    "Check your internet connection and try again.",
  ],
  "authenticator-down": ["The authenticator has a problem of its own.", "Try again in a few minutes."],
  "authenticator-refused": [
    "The authenticator does not accept this wallet.",
    "Check the authenticator's address and public token in the network's settings.",
  ],
  "authenticator-unexpected": [
    "The authenticator gave an answer that Trivet does not understand.",
    "Try again. If it happens again, update Trivet.",
  ],
} as const satisfies Record<string, readonly [message: string, whatToDo: string]>;

export type AuthenticatorErrorCode = keyof typeof SENTENCES;

/** Why a call to the authenticator failed. Neither it nor its cause holds a code, a token or an address. */
export class AuthenticatorError extends WalletError {
  declare readonly code: AuthenticatorErrorCode;

  constructor(code: AuthenticatorErrorCode, cause?: Error) {
    const [message, whatToDo] = SENTENCES[code];
    super(code, message, whatToDo, { cause });
  }
}

/** Stytch's error types, as far as people can do something about them. */
const BY_ERROR_TYPE: Readonly<Record<string, AuthenticatorErrorCode>> = {
  invalid_code: "code-format",
  invalid_totp_code: "code-format",
  otp_code_not_found: "code-wrong",
  unable_to_auth_otp_code: "code-expired",
  unable_to_authenticate_totp: "app-code-wrong",
  totp_code_already_authenticated: "app-code-used",
  totp_not_found: "app-missing",
  totps_not_found_for_user: "app-missing",
  expired_totp: "app-set-up-expired",
  active_totp_exists: "app-exists",
  invalid_recovery_code: "recovery-code-wrong",
  unable_to_authenticate_recovery_code: "recovery-code-wrong",
  invalid_phone_number: "phone-invalid",
  phone_number_not_found: "phone-unknown",
  duplicate_phone_number: "phone-taken",
  duplicate_email: "email-taken",
  weak_password: "password-weak",
  breached_password: "password-weak",
  reset_password: "password-reset-needed",
  no_user_password: "password-missing",
  password_not_found: "password-missing",
  unable_to_auth_password_reset_token: "password-mail-void",
  session_too_old_to_reset_password: "password-proof-too-old",
  unable_to_auth_webauthn_registration: "passkey-refused",
  unable_to_register_webauthn_registration: "passkey-refused",
  invalid_public_key_credential: "passkey-refused",
  no_pending_webauthn_registration: "passkey-expired",
  no_active_webauthn_registrations: "passkey-missing",
  webauthn_registration_not_found: "passkey-missing",
  duplicate_webauthn_registration: "passkey-exists",
  too_many_user_registrations_for_domain: "passkey-limit",
  empty_webauthn_registration_name: "passkey-name",
  oauth_token_not_found: "login-expired",
  invalid_oauth_attach_token: "login-expired",
  pkce_mismatch: "login-not-ours",
  pkce_expected_code_verifier: "login-not-ours",
  pkce_did_not_expect_code_verifier: "login-not-ours",
  oauth_user_registration_not_found: "login-missing",
  unable_to_authenticate_crypto_wallet: "wallet-refused",
  invalid_signature: "wallet-refused",
  duplicate_wallet_address: "wallet-taken",
  crypto_wallet_not_found: "wallet-missing",
  too_many_unverified_factors: "verify-first",
  cannot_delete_last_primary_factor: "last-way-in",
  user_lock_limit_reached: "user-locked",
  invalid_email: "email-invalid",
  email_not_found: "email-unknown",
  insufficient_factors: "factors-insufficient",
  stale_factors: "factors-stale",
  user_id_mismatch: "other-person",
  session_not_found: "session-expired",
  user_unauthenticated: "session-expired",
  too_many_requests: "authenticator-busy",
  unauthorized_credentials: "authenticator-refused",
  invalid_public_token_id: "authenticator-refused",
  endpoint_not_authorized_for_sdk: "authenticator-refused",
  bad_domain_for_stytch_sdk: "authenticator-refused",
};

/** The error for an answer of the API that is not a success. */
export function fromApiError(answer: {
  status: number;
  errorType: string;
  requestId: string | undefined;
  /** Why a code is dead, where the authenticator says so. */
  reason: string | undefined;
  /** What types mean at this very path. */
  means?: Readonly<Record<string, AuthenticatorErrorCode>> | undefined;
}): AuthenticatorError {
  const { status, errorType, requestId, reason } = answer;
  const meanings = { ...BY_ERROR_TYPE, ...answer.means };
  const known = Object.hasOwn(meanings, errorType) ? meanings[errorType] : undefined;
  // A type nobody knows could be any text, so it is not kept.
  const type = known === undefined ? "unknown type" : errorType;
  const cause = new Error(`HTTP ${status} ${type} (${requestId ?? "no request id"})`);
  const isVoid = errorType === "unable_to_auth_otp_code" && reason === "too_many_tries";
  return new AuthenticatorError(isVoid ? "code-void" : (known ?? byStatus(status)), cause);
}

/** What an error of an unknown type means, as far as its status tells. */
export function byStatus(status: number): AuthenticatorErrorCode {
  if (status === 429) return "authenticator-busy";
  if (status >= 500) return "authenticator-down";
  return "authenticator-unexpected";
}
