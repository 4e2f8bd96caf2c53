import { emailCode } from "./email-code.ts";
import type { Factor } from "./factor.ts";
import { socialLogin } from "./oauth/oauth.ts";
import { otpEndpoints } from "./otp.ts";
import { passkey } from "./passkey/passkey.ts";
import { password } from "./password/password.ts";
import { smsCode } from "./sms-code.ts";
import { authenticatorApp } from "./totp.ts";
import { walletSignature } from "./wallet.ts";

/** Every kind of factor this authenticator knows. */
export const FACTORS: readonly Factor[] = [
  emailCode,
  smsCode,
  authenticatorApp,
  passkey,
  password,
  socialLogin,
  walletSignature,
];

/** Endpoints that belong to more than one kind. */
export const COMMON_ENDPOINTS = otpEndpoints;
