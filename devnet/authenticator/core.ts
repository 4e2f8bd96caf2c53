import type { Factor } from "./factors/factor.ts";
import type { PasswordCost } from "./factors/password/hash.ts";
import type { Identity } from "./identity.ts";
import type { Sessions } from "./sessions/sessions.ts";
import type { SigningKeys } from "./sessions/signing-keys.ts";
import type { Clock } from "./state/clock.ts";
import type { Store } from "./state/store.ts";

/** What every endpoint works with. */
export interface Core {
  readonly identity: Identity;
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  readonly factors: readonly Factor[];
  /** What a guess at a new password costs. */
  readonly passwordCost: PasswordCost;
}
