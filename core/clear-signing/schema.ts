import { z } from "zod";
import { zAddress } from "../primitives/address.ts";
import { readEncodedType, type StructTypes, structOf } from "./encode-type.ts";

/** The version of the format that descriptors are written in: 2.0.0, the active one. */
export const DESCRIPTOR_SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json";

/** Whether a field is shown: always, or where the wallet finds room. Trivet hides none. */
const zVisible = z.enum(["always", "optional"]);
/** A path into the message: names joined by dots, ".[]" for each element of a list. */
const zPath = z
  .string()
  .regex(/^[A-Za-z_]\w*(\.\[\])?(\.[A-Za-z_]\w*(\.\[\])?)*$/, "not a path into a message");
const zLabel = z.string().min(1).max(40);

const field = { path: zPath, label: zLabel, visible: zVisible.optional() };

/** How one field is shown; the formats of the ERC that Trivet's messages need. */
const zField = z.discriminatedUnion("format", [
  z.strictObject({ ...field, format: z.literal("raw") }),
  z.strictObject({ ...field, format: z.literal("addressName") }),
  z.strictObject({ ...field, format: z.literal("duration") }),
  z.strictObject({
    ...field,
    format: z.literal("tokenAmount"),
    params: z.strictObject({ tokenPath: zPath, nativeCurrencyAddress: zAddress }),
  }),
  z.strictObject({
    ...field,
    format: z.literal("enum"),
    params: z.strictObject({ $ref: z.string().regex(/^\$\.metadata\.enums\.\w+$/) }),
  }),
]);
export type DescribedField = z.output<typeof zField>;

const zFormat = z.strictObject({
  $id: z.string(),
  intent: z.string().min(1).max(60),
  interpolatedIntent: z.string().optional(),
  fields: z.array(zField).min(1),
});
export type DescribedMessage = z.output<typeof zFormat>;

const zDeployment = z.strictObject({ chainId: z.int().positive(), address: zAddress });

const zShape = z.strictObject({
  $schema: z.literal(DESCRIPTOR_SCHEMA),
  context: z.strictObject({
    $id: z.string(),
    eip712: z.strictObject({
      domain: z.strictObject({ name: z.string(), version: z.string() }),
      /** Where the messages count; added when Trivet is deployed on a live chain and the descriptor is published. */
      deployments: z.array(zDeployment).min(1).optional(),
    }),
  }),
  metadata: z.strictObject({
    owner: z.string(),
    contractName: z.string(),
    enums: z.record(z.string(), z.record(z.string().regex(/^\d+$/), z.string())),
  }),
  display: z.strictObject({ formats: z.record(z.string(), zFormat) }),
});
type Shape = z.output<typeof zShape>;

/** The Solidity type at a path of a message; undefined where there is none. */
function typeAt(path: string, primaryType: string, types: StructTypes): string | undefined {
  let struct: string | undefined = primaryType;
  let type: string | undefined;
  for (const part of path.split(".")) {
    if (part === "[]") {
      if (!type?.endsWith("[]")) return undefined;
      type = type.slice(0, -2);
    } else {
      const found: string | undefined = types[struct ?? ""]?.find(({ name }) => name === part)?.type;
      if (found === undefined) return undefined;
      type = found;
    }
    struct = structOf(type, types);
  }
  return type;
}

/** The paths of all values of a message, lists element by element. */
function leaves(struct: string, types: StructTypes, before = ""): string[] {
  return (types[struct] ?? []).flatMap(({ name, type }) => {
    const inner = structOf(type, types);
    const path = `${before}${name}${type.endsWith("]") ? ".[]" : ""}`;
    return inner === undefined ? [path] : leaves(inner, types, `${path}.`);
  });
}

const SUITS: Record<DescribedField["format"], RegExp> = {
  raw: /^(string|bool|bytes\d*|u?int\d+)$/,
  addressName: /^address$/,
  duration: /^uint\d+$/,
  tokenAmount: /^uint\d+$/,
  enum: /^uint8$/,
};

/** What is wrong with the description of one message, in sentences. */
function problemsOf(
  key: string,
  { fields, interpolatedIntent = "" }: DescribedMessage,
  { metadata }: Shape,
): string[] {
  const encoded = readEncodedType(key);
  if (!encoded) return [`${key}: not what encodeType writes`];
  const { primaryType, types } = encoded;
  const paths = fields.map(({ path }) => path);
  const always = new Set(fields.filter(({ visible }) => visible !== "optional").map(({ path }) => path));
  const problems = leaves(primaryType, types).flatMap((path) =>
    paths.filter((one) => one === path).length === 1 ? [] : [`${path} is not described exactly once`],
  );
  for (const one of fields) {
    const type = typeAt(one.path, primaryType, types);
    if (type === undefined || !SUITS[one.format].test(type)) {
      problems.push(`${one.path} (${type ?? "no such field"}) cannot be shown as ${one.format}`);
    }
    if (one.format === "tokenAmount" && typeAt(one.params.tokenPath, primaryType, types) !== "address") {
      problems.push(`${one.path} names no token`);
    }
    if (one.format === "enum" && !metadata.enums[one.params.$ref.split(".").at(-1) ?? ""]) {
      problems.push(`${one.path} refers to no enumeration`);
    }
  }
  for (const [, path = ""] of interpolatedIntent.matchAll(/\{([^{}]*)\}/g)) {
    if (!always.has(path)) problems.push(`the sentence names ${path}, which is not always shown`);
  }
  return problems.map((problem) => `${primaryType}: ${problem}`);
}

/**
 * A descriptor as ERC-7730 defines it, as far as Trivet uses the format: every message under the very text that its
 * type hash is made of, every field described once, by a format that suits its type.
 */
export const zDescriptor = zShape.superRefine((descriptor, context) => {
  for (const [key, message] of Object.entries(descriptor.display.formats)) {
    for (const problem of problemsOf(key, message, descriptor)) {
      context.addIssue({ code: "custom", message: problem, path: ["display", "formats", key] });
    }
  }
});
export type Descriptor = z.output<typeof zDescriptor>;
