import { z } from "zod";
import { type Endpoint, endpoint, requireSession, requireUser } from "../api/endpoint.ts";
import { ApiError, type ErrorType } from "../api/errors.ts";
import type { SessionFactor, User } from "../state/schema.ts";
import { describeUser } from "../users/describe.ts";
import { requireRightToChangeFactors } from "./change-rule.ts";

/** How one kind of factor is removed. */
export interface Removal {
  /** The path without the id. */
  readonly path: string;
  /** The name of the id in the path and in Stytch's clients. */
  readonly idField: string;
  readonly notFound: ErrorType;
  /** Who may ask for it; Stytch lets an app remove every kind but the password. */
  readonly byApp?: boolean;
  has(user: User, id: string): boolean;
  remove(user: User, id: string): void;
  /** Whether an entry of a session's factors proved what is removed. */
  isProof(factor: SessionFactor, id: string): boolean;
}

/**
 * The endpoint that removes a factor: from the user who is logged in, by the rule for changing factors, or by a back
 * end from anybody. Its proofs leave all sessions of the user.
 */
export function removalEndpoint(removal: Removal): Endpoint {
  const { path, idField, notFound, byApp = true } = removal;
  const zId = z.object({ [idField]: z.string() }).transform((body) => body[idField] ?? "");
  return endpoint<string>({
    method: "DELETE",
    path: `${path}/:${idField}`,
    accepts: { ...(byApp ? { sdk: zId } : {}), server: zId },
    answer: async (core, call) => {
      const id = call.body;
      const now = core.clock.now();
      const user =
        call.dialect === "sdk"
          ? requireUser(core, call)
          : core.store.state.users.find((candidate) => removal.has(candidate, id));
      if (user === undefined || !removal.has(user, id)) throw new ApiError(notFound);
      refuseIfLastWayIn(user, removal, id);
      if (call.dialect === "sdk") {
        requireRightToChangeFactors("delete", user, requireSession(call), core.factors, now);
      }
      removal.remove(user, id);
      core.sessions.forgetFactor(user.userId, (factor) => removal.isProof(factor, id));
      return { user_id: user.userId, user: describeUser(user, core.factors, now) };
    },
  });
}

/** Without a mailbox, phone, social login or wallet to log in with, an account would be out of reach. */
function refuseIfLastWayIn(user: User, removal: Removal, id: string): void {
  if (waysIn(user) === 0) return;
  const without = structuredClone(user);
  removal.remove(without, id);
  if (waysIn(without) === 0) throw new ApiError("cannot_delete_last_primary_factor");
}

function waysIn({ factors: { emails, phones, logins, wallets } }: User): number {
  return [...emails, ...phones, ...wallets].filter(({ verified }) => verified).length + logins.length;
}
