import { z } from "zod";
import type { Encoded } from "./codec.ts";

/** What a preload's world tells the host. */
export type FromPage =
  | { readonly kind: "send"; readonly channel: string; readonly args: Encoded }
  | { readonly kind: "invoke"; readonly id: number; readonly channel: string; readonly args: Encoded }
  | { readonly kind: "preload-error"; readonly message: string; readonly stack: string }
  | { readonly kind: "local-navigation"; readonly url: string }
  | { readonly kind: "input" }
  | { readonly kind: "system-theme"; readonly dark: boolean };

/** What the host tells a preload's world. */
export type ToPage =
  | { readonly kind: "message"; readonly channel: string; readonly args: Encoded }
  | { readonly kind: "result"; readonly id: number; readonly value: Encoded }
  | { readonly kind: "failure"; readonly id: number; readonly error: string };

// The world is the host's own code; its values are checked as far as the codec needs.
const zEncoded = z.custom<Encoded>((value) => value !== undefined);

export const zFromPage: z.ZodType<FromPage> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("send"), channel: z.string(), args: zEncoded }),
  z.object({ kind: z.literal("invoke"), id: z.number(), channel: z.string(), args: zEncoded }),
  z.object({ kind: z.literal("preload-error"), message: z.string(), stack: z.string() }),
  z.object({ kind: z.literal("local-navigation"), url: z.string() }),
  z.object({ kind: z.literal("input") }),
  z.object({ kind: z.literal("system-theme"), dark: z.boolean() }),
]);
