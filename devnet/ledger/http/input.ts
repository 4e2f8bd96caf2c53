import type { Context } from "hono";
import { z } from "zod";

/** A request that cannot be understood; answered with status 400 and its message. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** The body of a request as JSON, whatever content type it claims; an empty body is an empty object. */
export async function readBody<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> {
  const text = await context.req.text();
  let json: unknown;
  try {
    json = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new BadRequest("the body is not JSON");
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new BadRequest(z.prettifyError(parsed.error));
  return parsed.data;
}
