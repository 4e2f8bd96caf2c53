/** The devnet's stand-in for Google, Apple and the like: it says who a person is, because the person said so. */
import { createHmac } from "node:crypto";
import { ApiError } from "../api/errors.ts";
import type { Core } from "../core.ts";
import { equalInConstantTime } from "../factors/compare.ts";
import { type Flow, forgetExpired, type Provider } from "../factors/oauth/record.ts";
import { newToken } from "../state/ids.ts";

/** The authenticator's request that a browser came with. @throws ApiError `oauth_invalid_state` */
export function findRequest(core: Core, provider: Provider, state: string): Flow {
  const { oauth } = core.store.state;
  forgetExpired(oauth, core.clock.now());
  const flow = oauth.flows.find(
    (open) => open.provider === provider && equalInConstantTime(open.state, state),
  );
  if (flow === undefined) throw new ApiError("oauth_invalid_state");
  return flow;
}

/** Answers a request with who the person is. @returns the code that the authenticator redeems, once */
export function grant(core: Core, provider: Provider, state: string, email: string): string {
  const flow = findRequest(core, provider, state);
  const code = newToken();
  flow.granted = { code, subject: subjectOf(core, provider, email), email };
  return code;
}

/** Who a person is at a provider: the same number whenever the same address is typed. */
function subjectOf(core: Core, provider: Provider, email: string): string {
  const digest = createHmac("sha256", core.store.state.projectSecret).update(`${provider}|${email}`).digest();
  return digest.readBigUInt64BE().toString();
}
