/** A node of the compiler's syntax tree; what else it has depends on its type. */
export interface Node {
  readonly nodeType: string;
  /** "start:length:file", in bytes. */
  readonly src: string;
  readonly [field: string]: unknown;
}

/** A node and where it hangs. */
export interface Visit {
  readonly node: Node;
  /** The nodes above it, the nearest first. */
  readonly above: readonly Node[];
  /** The field of the nearest of them that it is in. */
  readonly field: string;
}

/** Every node below a root and the root itself, each before those below it. */
export function* walk(value: unknown, above: readonly Node[] = [], field = ""): Generator<Visit> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item, above, field);
    return;
  }
  const node = isNodeLike(value) ? value : undefined;
  if (node === undefined) return;
  yield { node, above, field };
  const inside = [node, ...above];
  for (const [name, child] of Object.entries(node)) {
    if (typeof child === "object" && child !== null) yield* walk(child, inside, name);
  }
}

function isNodeLike(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    "nodeType" in value &&
    typeof value.nodeType === "string" &&
    "src" in value &&
    typeof value.src === "string"
  );
}

/** Where a node is in its file, in bytes. */
export function range({ src }: Node): { start: number; end: number } {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

/** A field that is a node. */
export function child(node: Node, field: string): Node | undefined {
  const value = node[field];
  return isNodeLike(value) ? value : undefined;
}

/** A field that is text; "" where it is not. */
export function text(node: Node | undefined, field: string): string {
  const value = node?.[field];
  return typeof value === "string" ? value : "";
}

/** The compiler's name of an expression's type. */
export function typeOf(node: Node | undefined): string {
  const descriptions = node?.typeDescriptions;
  if (typeof descriptions !== "object" || descriptions === null) return "";
  return "typeIdentifier" in descriptions && typeof descriptions.typeIdentifier === "string"
    ? descriptions.typeIdentifier
    : "";
}
