import type { LocationQuery, RouteLocationRaw } from "vue-router";
import { z } from "zod";
import {
  type FactorDifference,
  type FactorRow,
  type FactorWish,
  zFactorWish,
} from "#core/wallet-api/factors.ts";

/** The screen that reviews a change before it is started. */
export function reviewOf({ kind, type, old, existing }: FactorWish): RouteLocationRaw {
  return {
    name: "review-factor",
    params: { kind, type },
    query: { ...(old && { old: old.id }), ...(existing && { existing: existing.id }) },
  };
}

const zQuery = z.object({ old: z.string().optional(), existing: z.string().optional() });

/** The change that an address of that screen stands for; undefined when it stands for none. */
export function wishOf(params: { kind: string; type: string }, query: LocationQuery): FactorWish | undefined {
  const named = zQuery.safeParse(query);
  if (!named.success) return undefined;
  const factor = (id: string | undefined) => (id === undefined ? undefined : { type: params.type, id });
  const wish = zFactorWish.safeParse({
    ...params,
    old: factor(named.data.old),
    existing: factor(named.data.existing),
  });
  return wish.success ? wish.data : undefined;
}

const factorOf = ({ type, id }: FactorRow) => ({ type, id });

/** The change that brings the registry to what the authenticator has, and the one that goes back. */
export function settlements(
  { kind, factor }: FactorDifference,
  all: readonly FactorRow[],
): { readonly finish: FactorWish; readonly undo: FactorWish | undefined } {
  const { type } = factor;
  const remove: FactorWish = { kind: "remove", type, old: factorOf(factor) };
  const isOther = (one: FactorRow) => one.type === type && one.id !== factor.id;
  if (type === "email") {
    // There is always exactly one address: another one comes in its place.
    const other = all.find(isOther);
    const [from, to] = kind === "not-enrolled" ? [factor, other] : [other, factor];
    const change: FactorWish = {
      kind: "change",
      type,
      ...(from && { old: factorOf(from) }),
      ...(to && { existing: factorOf(to) }),
    };
    return { finish: change, undo: kind === "not-registered" ? remove : undefined };
  }
  if (kind === "not-enrolled") return { finish: remove, undo: undefined };
  return { finish: { kind: "add", type, existing: factorOf(factor) }, undo: remove };
}
