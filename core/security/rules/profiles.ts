import { DEFAULT_PROFILE } from "./default.ts";
import type { Profile } from "./profile.ts";
import { PUBLISHED_PROFILE } from "./published.ts";

/** The profiles by name. */
export const PROFILES = {
  published: PUBLISHED_PROFILE,
  default: DEFAULT_PROFILE,
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = ["published", "default"] as const satisfies readonly ProfileName[];
