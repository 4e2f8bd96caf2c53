import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two strings are equal, in a time that tells nothing about where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(a), digest(b));
}
