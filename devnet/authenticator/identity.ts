/** Who the authenticator says it is. */
export interface Identity {
  /** `iss` of its session JWTs. */
  readonly issuer: string;
  /** The only audience of its session JWTs. */
  readonly projectId: string;
  /** What clients without a secret identify the project by. */
  readonly publicToken: string;
}
