/** A failure as the service tells it: a status, and its words as a JSON string. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: 400 | 401 | 402 | 403 | 500;

  constructor(status: ServiceError["status"], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.status = status;
  }
}
