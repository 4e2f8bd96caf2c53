import type { ChangeWay } from "#core/wallet-api/changes.ts";
import { signersShown, type Way } from "../../services/operations/authority.ts";

/** The ways to bring an operation about, as the screens get them: keys of friends, too, each that is needed. */
export const waysShown = (ways: readonly Way[]): ChangeWay[] =>
  ways.map((way) => ({ effect: way.effect, seconds: way.seconds, signers: signersShown(way) }));

/** Without ways that only ask more keys for what fewer of them bring about as soon. */
export const leastWays = (ways: readonly Way[]): Way[] =>
  ways.filter(
    (way) =>
      !ways.some(
        (other) =>
          other !== way &&
          other.seconds <= way.seconds &&
          other.roles.every((role) => way.roles.includes(role)) &&
          // Of two ways of the same keys, the one that takes longer is left out.
          (other.roles.length < way.roles.length || other.seconds < way.seconds),
      ),
  );
