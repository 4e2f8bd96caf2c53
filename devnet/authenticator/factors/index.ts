import { emailCode } from "./email-code.ts";
import type { Factor } from "./factor.ts";
import { authenticatorApp } from "./totp.ts";

/** Every kind of factor this authenticator knows. */
export const FACTORS: readonly Factor[] = [emailCode, authenticatorApp];
