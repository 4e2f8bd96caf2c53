/** The limits of the authenticator, in the units their names say; they mirror Stytch's defaults. */
export const LIMITS = {
  /** How long an emailed code counts, and the most a caller may ask for. */
  codeMinutes: 2,
  maxCodeMinutes: 10,
  /** Wrong tries after which one code is void and a new one must be asked for. */
  wrongTriesPerCode: 5,
  /** Codes sent to one address within the window. */
  codesPerWindow: 20,
  codeWindowSeconds: 600,
  /** Consecutive failures, with whatever factor, that lock a user, and for how long. */
  failuresPerLock: 10,
  lockSeconds: 3600,
  /** How long an authenticator app may stay unverified after it was set up. */
  setUpMinutes: 1440,
  minSetUpMinutes: 5,
  /** Time steps before and after the present one whose app codes are accepted. */
  appCodeWindow: 1,
  recoveryCodes: 10,
  /** Passwords: characters, and the least zxcvbn score that is strong enough. */
  minPasswordLength: 8,
  maxPasswordLength: 128,
  minPasswordScore: 3,
  /** How long a mail that resets a password counts. */
  resetMinutes: 30,
  minResetMinutes: 5,
  maxResetMinutes: 10_080,
  /** How young a session's proof of mailbox or password must be to set another password without a mail. */
  resetInSessionSeconds: 300,
  /** How long a passkey or a wallet has to answer, and how many questions may be open in all. */
  challengeSeconds: 300,
  openChallenges: 1000,
  passkeys: 20,
  /** How long a browser may take for a social login, and the app to redeem its token. */
  oauthFlowSeconds: 600,
  oauthTokenSeconds: 120,
  /** How long a session may last: 366 days at most. */
  minSessionMinutes: 5,
  maxSessionMinutes: 527_040,
  /** How young one proof of a session must be to change factors. */
  freshFactorSeconds: 3600,
  /** When a new signing key takes over, and how long the old one stays published. */
  signingKeySeconds: 180 * 86_400,
  signingKeyOverlapSeconds: 30 * 86_400,
  /** Metadata of one user: keys at the top level, and bytes of JSON. */
  metadataKeys: 20,
  metadataBytes: 4096,
  /** Mails kept in the inbox, and SMS on the phone. */
  messages: 100,
  /** Bytes of one request. */
  requestBytes: 65_536,
} as const;
