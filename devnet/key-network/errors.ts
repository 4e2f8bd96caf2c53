/**
 * The one error a node answers with. `code` is stable and meant for programs, `message` says what is wrong
 * and what to do, `status` is the HTTP status.
 */
export class NodeError extends Error {
  override readonly name = "NodeError";
  readonly code: string;
  readonly status: ErrorStatus;

  constructor(code: string, message: string, options: { status?: ErrorStatus; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
  }
}

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 421 | 429 | 500 | 502 | 503 | 504;

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
