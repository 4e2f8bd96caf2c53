import { z } from "zod";

/** The social logins that the gate counts, by the name the authenticator's paths have for them. */
export const LOGIN_PROVIDERS = ["apple", "github", "google", "microsoft"] as const;
export type LoginProvider = (typeof LOGIN_PROVIDERS)[number];
export const zLoginProvider = z.enum(LOGIN_PROVIDERS);
