/** The page of the browser contract test: nothing but Stytch's client, pointed at the devnet's authenticator. */
import { StytchClient } from "@stytch/vanilla-js/headless";

declare global {
  interface Window {
    stytch: StytchClient;
  }
}

const query = new URLSearchParams(window.location.search);
/** The package has this option but does not declare it. */
const options: object = { endpoints: { testAPIURL: query.get("authenticator") ?? "" } };
window.stytch = new StytchClient(query.get("project") ?? "", options);
