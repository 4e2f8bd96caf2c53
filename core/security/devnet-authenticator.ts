/**
 * Who the devnet's authenticator says it is. Its issuer is its own and its name cannot be resolved on the
 * internet (`.test`, RFC 6761), so none of its tokens can pass as Stytch's, and the gate's bytes do not depend
 * on the port it happens to listen on.
 */
const PROJECT_ID = "project-test-00000000-0000-4000-8000-00000000d11e";

export const DEVNET_AUTHENTICATOR = {
  /** `iss` of its session JWTs. */
  issuer: `authenticator.trivet.test/${PROJECT_ID}`,
  /** The only audience of its session JWTs. */
  projectId: PROJECT_ID,
  /** What a client without a secret identifies the project by. */
  publicToken: "public-token-test-00000000-0000-4000-8000-00000000d11e",
  /** The host that key-network nodes resolve to the authenticator's loopback port. */
  host: "authenticator.trivet.test",
  /** Where the gate fetches the signing keys. */
  jwksUrl: `http://authenticator.trivet.test/v1/sessions/jwks/${PROJECT_ID}`,
} as const;
