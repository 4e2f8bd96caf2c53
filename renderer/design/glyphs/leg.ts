import type { Role } from "#core/keys/role.ts";
import type { Holder } from "#core/wallet-api/state.ts";

/** One leg of the picture of the three keys: a key, and who holds it. */
export interface Leg {
  readonly role: Role;
  /** Absent while nobody holds it yet. */
  readonly holder?: Holder | undefined;
  readonly state: "made" | "making" | "missing" | "failed";
  /** A few words under the holder. */
  readonly detail?: string | undefined;
}
