/** The fields of EIP-712 structs by their names. */
export type StructTypes = Readonly<
  Record<string, readonly { readonly name: string; readonly type: string }[]>
>;

/** The struct that a field holds, or holds a list of; undefined for a plain one. */
export function structOf(type: string, types: StructTypes): string | undefined {
  const name = type.replace(/\[\d*\]$/, "");
  return types[name] ? name : undefined;
}

function referenced(name: string, types: StructTypes, found: Set<string>): Set<string> {
  for (const { type } of types[name] ?? []) {
    const struct = structOf(type, types);
    if (struct === undefined || found.has(struct)) continue;
    found.add(struct);
    referenced(struct, types, found);
  }
  return found;
}

/** EIP-712's encodeType: the struct, then those that it refers to, sorted by name. */
export function encodeType(primaryType: string, types: StructTypes): string {
  const others = referenced(primaryType, types, new Set());
  others.delete(primaryType);
  return [primaryType, ...[...others].sort()]
    .map((name) => `${name}(${(types[name] ?? []).map((field) => `${field.type} ${field.name}`).join(",")})`)
    .join("");
}

/** The structs of what encodeType wrote, the primary one first; undefined where it is none. */
export function readEncodedType(
  text: string,
): { readonly primaryType: string; readonly types: StructTypes } | undefined {
  const structs = [...text.matchAll(/([A-Za-z_]\w*)\(([^()]*)\)/g)];
  const types = Object.fromEntries(
    structs.map(([, name = "", fields = ""]) => [
      name,
      fields === ""
        ? []
        : fields.split(",").map((field) => {
            const [type = "", label = ""] = field.split(" ");
            return { name: label, type };
          }),
    ]),
  );
  const primaryType = structs[0]?.[1];
  if (primaryType === undefined || encodeType(primaryType, types) !== text) return undefined;
  return { primaryType, types };
}
