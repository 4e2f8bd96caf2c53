import { zeroAddress } from "viem";
import { getAddress, isAddress } from "viem/utils";
import { z } from "zod";
import type { Branded } from "./hex.ts";

/** A checksummed (ERC-55) address. */
export type Address = Branded<`0x${string}`, "Address">;

/** The address that stands for the chain's own coin where a token is expected. */
export const NATIVE_TOKEN = zeroAddress as Address;

export type AddressProblem = "not-an-address" | "wrong-checksum" | "zero";

/**
 * Parses what a person typed or pasted. All-lower-case and all-upper-case addresses carry no checksum and are
 * accepted; mixed case must match ERC-55, so that a typing error is noticed.
 */
export function parseAddress(text: string): { address: Address } | { problem: AddressProblem } {
  const trimmed = text.trim();
  if (!/^0x[0-9a-fA-F]{40}$/.test(trimmed)) return { problem: "not-an-address" };
  const digits = trimmed.slice(2);
  const uniform = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  if (!uniform && !isAddress(trimmed, { strict: true })) return { problem: "wrong-checksum" };
  const address = toAddress(`0x${digits.toLowerCase()}`);
  return address === NATIVE_TOKEN ? { problem: "zero" } : { address };
}

/** Brands an address that comes from our own code or from the chain; throws when it is not one. */
export function toAddress(value: string): Address {
  return getAddress(value) as Address;
}

/** Schema of an address in any case; the output is checksummed. A wrong mixed-case checksum is refused. */
export const zAddress = z.string().transform((value, context): Address => {
  const parsed = parseAddress(value);
  if ("address" in parsed) return parsed.address;
  if (parsed.problem === "zero") return NATIVE_TOKEN;
  context.addIssue({ code: "custom", message: `not a valid address (${parsed.problem})` });
  return z.NEVER;
});

/** Whether two addresses are the same, whatever their case. */
export function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
