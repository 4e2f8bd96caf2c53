import { type ExitKit, zExitKit } from "#core/exit-kit/exit-kit.ts";
import { WalletError } from "#core/errors/wallet-error.ts";

/** What a page carries: a kit's data, nothing, or something that is none. */
export interface Embedded {
  readonly kit: ExitKit | undefined;
  readonly problem: WalletError | undefined;
}

/** Reads the data that the app put into the page. Half of it is worse than none: what is not wholly a kit is left out. */
export function readEmbedded(text: string): Embedded {
  const broken = (cause: unknown): Embedded => ({
    kit: undefined,
    problem: new WalletError(
      "kit-damaged",
      "The data in this file is damaged, or was changed.",
      "Use another copy of the file. Without its data, accounts that are on the chain can still be read by their address.",
      { cause },
    ),
  });
  try {
    const content: unknown = JSON.parse(text);
    if (content === null) return { kit: undefined, problem: undefined };
    const parsed = zExitKit.safeParse(content);
    return parsed.success ? { kit: parsed.data, problem: undefined } : broken(parsed.error);
  } catch (error) {
    return broken(error);
  }
}
