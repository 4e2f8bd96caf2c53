/** Where the authenticator reads the time. */
export interface Clock {
  /** Unix seconds, whole. */
  now(): number;
}

/** A time of the authenticator as the API writes it: RFC 3339 in UTC, whole seconds. */
export function toTimestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");
}
