import { z } from "zod";

/**
 * An error made for people: what happened, and what to do about it. It crosses process borders as data
 * (`toJSON`/`walletErrorFrom`), never with a stack trace.
 */
export class WalletError extends Error {
  override readonly name = "WalletError";
  /** Stable name of the error, for code and tests, e.g. "code-wrong". */
  readonly code: string;
  /** One sentence: what the person can do now. */
  readonly whatToDo: string;
  /** Page of the documentation that explains it, relative to docs/, where there is one. */
  readonly docs: string | undefined;

  constructor(
    code: string,
    message: string,
    whatToDo: string,
    options: { docs?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.whatToDo = whatToDo;
    this.docs = options.docs;
  }

  toJSON(): WalletErrorData {
    return { code: this.code, message: this.message, whatToDo: this.whatToDo, docs: this.docs };
  }
}

export const zWalletErrorData = z.object({
  code: z.string(),
  message: z.string(),
  whatToDo: z.string(),
  docs: z.string().optional(),
});
export type WalletErrorData = z.output<typeof zWalletErrorData>;

/** Rebuilds the error on the other side of a process border. */
export function walletErrorFrom(data: WalletErrorData): WalletError {
  return new WalletError(data.code, data.message, data.whatToDo, data.docs ? { docs: data.docs } : {});
}

/** What is shown for an error that nobody foresaw: honest, without internals. The cause is kept for the log. */
export function unexpectedError(cause: unknown): WalletError {
  if (cause instanceof WalletError) return cause;
  return new WalletError(
    "unexpected",
    "Something went wrong that Trivet did not expect. Nothing was signed by this step.",
    "Try again. If it happens again, restart Trivet and report it with the log file.",
    { cause },
  );
}
