import { z } from "zod";
import { NATIVE_TOKEN } from "../primitives/address.ts";
import { type Change, changeSchemas } from "./changes.ts";

/** A change in memory. */
export const zChange = z.discriminatedUnion("kind", changeSchemas);

type WishOf<C> = C extends Change ? Omit<C, "account" | "nonce"> : never;
/** A change as a person wishes it: before it is of an account and has its place in that account's order. */
export type ChangeWish = WishOf<Change>;

/** What a wish lacks; whatever stands there, the rest of a change is checked in the same way. */
const MISSING = { account: NATIVE_TOKEN, nonce: 0n };

const isWish = (value: unknown): value is ChangeWish =>
  typeof value === "object" &&
  value !== null &&
  !Object.keys(MISSING).some((name) => name in value) &&
  zChange.safeParse({ ...value, ...MISSING }).success;

export const zChangeWish = z
  .custom<ChangeWish>(isWish, "is not a change of an account")
  .transform((wish): ChangeWish => {
    const { account: _account, nonce: _nonce, ...plain } = zChange.parse({ ...wish, ...MISSING });
    return plain;
  });
