import { SentCodes } from "./sent-code.ts";

/** Codes by email. To change an address: add the new one, verify it, remove the old one. */
export class EmailCodes extends SentCodes {
  protected readonly channel = "email";
  protected readonly field = "email";
  protected readonly removalPath = "/users/emails";

  protected normalise(address: string): string {
    return address.trim();
  }
}
