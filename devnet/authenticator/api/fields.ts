/** Fields that several endpoints take. Each message names the API's error for a bad value. */
import { z } from "zod";
import { LIMITS } from "../limits.ts";
import type { ErrorType } from "./errors.ts";

/** The error type as the message of a schema, checked to be one. */
export const orError = (type: ErrorType): ErrorType => type;

export const zSessionMinutes = z
  .int(orError("invalid_session_duration_minutes"))
  .min(LIMITS.minSessionMinutes, orError("invalid_session_duration_minutes"))
  .max(LIMITS.maxSessionMinutes, orError("invalid_session_duration_minutes"))
  .optional();

export const zDigits = (error: ErrorType) => z.string(error).regex(/^\d{6}$/, error);
