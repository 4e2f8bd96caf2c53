import type { Context } from "hono";
import { z } from "zod";
import { ApiError, type ErrorType, isErrorType } from "../api/errors.ts";
import { newId } from "../state/ids.ts";

/** An error as the API answers it, never wrapped. Nothing of the request is repeated in it. */
export function respondError(c: Context, error: unknown): Response {
  const { type, status, message, details } = toApiError(error);
  return c.json(
    {
      status_code: status,
      request_id: newId("request-id"),
      error_type: type,
      error_message: message,
      error_url: `https://authenticator.trivet.test/errors#${type}`,
      ...(details === undefined ? {} : { error_details: details }),
    },
    status,
  );
}

/** The error of the API that stands for whatever was thrown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof z.ZodError) return new ApiError(typeOf(error));
  return new ApiError("internal_server_error");
}

/** Schemas of fields name their error type as their message. */
function typeOf(error: z.ZodError): ErrorType {
  const message = error.issues[0]?.message ?? "";
  return isErrorType(message) ? message : "bad_request";
}
