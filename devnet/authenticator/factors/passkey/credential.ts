/** What a browser answers for a passkey: a JSON string, parsed here before anything is verified. */
import { z } from "zod";
import { ApiError } from "../../api/errors.ts";

const zCredential = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{16,1400}$/),
  rawId: z.string(),
  type: z.literal("public-key"),
  clientExtensionResults: z.looseObject({}).default({}),
});
export const zRegistration = z.object({
  ...zCredential.shape,
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z
      .array(z.string().max(32))
      .max(10)
      .nullish()
      .transform((list) => list ?? undefined),
  }),
});
export const zAssertion = z.object({
  ...zCredential.shape,
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
  }),
});

/** @throws ApiError `invalid_public_key_credential` */
export function parseCredential<T>(schema: z.ZodType<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ApiError("invalid_public_key_credential");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError("invalid_public_key_credential");
  return parsed.data;
}

const zClientData = z.object({ challenge: z.string(), origin: z.string() });

/** What browsers answer, as far as it tells where it was made. */
export interface Answer {
  readonly response: { readonly clientDataJSON: string };
}

/** What the browser says it answers, and on which page. The signature covers it; it is checked afterwards. */
export function readClientData({ response }: Answer): z.output<typeof zClientData> {
  const json = Buffer.from(response.clientDataJSON, "base64url").toString("utf8");
  return parseCredential(zClientData, json);
}

/**
 * The origin that the answer has to name: the page's own, if it is one that may ask for this domain's passkeys, which
 * is https on the domain or below it, or http on localhost.
 */
export function originFor(domain: string, answer: Answer): string {
  const { origin } = readClientData(answer);
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const own = url !== undefined && (url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && domain === "localhost");
  return own && secure ? url.origin : `https://${domain}`;
}
