import type { Node, Visit } from "./ast.ts";
import { child, range, text, typeOf, walk } from "./ast.ts";

/** One small change to a source file. */
export interface Mutant {
  readonly file: string;
  readonly operator: Operator;
  /** Where the change is, in bytes. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export const OPERATORS = [
  "condition",
  "boundary",
  "equality",
  "arithmetic",
  "logic",
  "bits",
  "constant",
  "choice",
  "deletion",
  "unchecked",
  "modifier",
  "assembly",
] as const;
/**
 * condition: negated; boundary: < and <=; equality: == and !=; arithmetic: + and - …; logic: && and ||; bits: masks and
 * shifts; constant: a number one more or less, the other truth; choice: another member of an enum, another constant of
 * the library; deletion: a statement gone (none that emits an event); unchecked: arithmetic that wraps, or no longer
 * does; modifier: gone; assembly: the same within assembly.
 */
export type Operator = (typeof OPERATORS)[number];

const BINARY: Record<string, [Operator, string]> = {
  "<": ["boundary", "<="],
  "<=": ["boundary", "<"],
  ">": ["boundary", ">="],
  ">=": ["boundary", ">"],
  "==": ["equality", "!="],
  "!=": ["equality", "=="],
  "+": ["arithmetic", "-"],
  "-": ["arithmetic", "+"],
  "*": ["arithmetic", "/"],
  "/": ["arithmetic", "*"],
  "%": ["arithmetic", "*"],
  "&&": ["logic", "||"],
  "||": ["logic", "&&"],
  "&": ["bits", "|"],
  "|": ["bits", "&"],
  "^": ["bits", "&"],
  "<<": ["bits", ">>"],
  ">>": ["bits", "<<"],
};
const YUL_CALLS: Record<string, string> = {
  add: "sub",
  sub: "add",
  mul: "add",
  div: "mul",
  and: "or",
  or: "and",
  shl: "shr",
  shr: "shl",
  lt: "gt",
  gt: "lt",
  eq: "sub",
};
const CONDITIONAL = new Set([
  "IfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "ForStatement",
  "Conditional",
]);
/** Nothing in these does anything, or only tells of it. */
const IGNORED = new Set([
  "ImportDirective",
  "PragmaDirective",
  "StructuredDocumentation",
  "EmitStatement",
  "ArrayTypeName",
  "EventDefinition",
  "ErrorDefinition",
]);

/**
 * Every mutant of a file.
 *
 * @param file its name
 * @param source its text
 * @param trees the syntax trees of the file and of everything it imports, by name
 */
export function mutantsOf(file: string, source: string, trees: ReadonlyMap<string, unknown>): Mutant[] {
  const bytes = Buffer.from(source, "utf8");
  const alternatives = new Alternatives(trees);
  const found = new Map<string, Mutant>();
  for (const visit of walk(trees.get(file))) {
    if (IGNORED.has(visit.node.nodeType) || visit.above.some(({ nodeType }) => IGNORED.has(nodeType)))
      continue;
    for (const change of changes(visit, bytes, alternatives)) {
      const key = `${change.start}:${change.end}:${change.replacement}`;
      if (!found.has(key)) found.set(key, { file, ...change });
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The source with the change made. */
export function apply(source: string, { start, end, replacement }: Mutant): string {
  const bytes = Buffer.from(source, "utf8");
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(replacement), bytes.subarray(end)]).toString(
    "utf8",
  );
}

type Change = Omit<Mutant, "file">;

function* changes(visit: Visit, bytes: Buffer, alternatives: Alternatives): Generator<Change> {
  const { node, above, field } = visit;
  const slice = (start: number, end: number) => bytes.subarray(start, end).toString("utf8");
  const whole = range(node);
  const replace = (operator: Operator, replacement: string, { start, end } = whole): Change => ({
    operator,
    start,
    end,
    replacement,
  });

  if (node.nodeType.startsWith("Yul")) {
    yield* yulChanges(visit, slice);
    return;
  }
  const condition = CONDITIONAL.has(node.nodeType) ? child(node, "condition") : undefined;
  // An equality or a negation that is the whole condition is negated by its own operator.
  if (condition !== undefined && !["==", "!=", "!"].includes(text(condition, "operator"))) {
    const at = range(condition);
    yield replace("condition", `!(${slice(at.start, at.end)})`, at);
  }

  switch (node.nodeType) {
    case "BinaryOperation": {
      const swap = BINARY[text(node, "operator")];
      const left = child(node, "leftExpression");
      const right = child(node, "rightExpression");
      if (swap === undefined || left === undefined || right === undefined) break;
      const between = slice(range(left).end, range(right).start);
      const start =
        range(left).end + Buffer.byteLength(between.slice(0, between.indexOf(text(node, "operator"))));
      yield replace(swap[0], swap[1], { start, end: start + text(node, "operator").length });
      break;
    }
    case "Assignment": {
      const compound = text(node, "operator").slice(0, -1);
      const swap = BINARY[compound];
      const left = child(node, "leftHandSide");
      if (swap === undefined || left === undefined) break;
      const start = bytes.indexOf(`${compound}=`, range(left).end);
      yield replace(swap[0], swap[1], { start, end: start + compound.length });
      break;
    }
    case "UnaryOperation": {
      const operand = child(node, "subExpression");
      if (operand === undefined) break;
      const inner = slice(range(operand).start, range(operand).end);
      const operator = text(node, "operator");
      if (operator === "!") yield replace("condition", inner);
      if (operator === "~") yield replace("bits", inner);
      if (operator === "++" || operator === "--") {
        const other = operator === "++" ? "--" : "++";
        yield replace("arithmetic", node.prefix === true ? `${other}${inner}` : `${inner}${other}`);
      }
      break;
    }
    case "Literal": {
      const value = slice(whole.start, whole.end);
      if (text(node, "kind") === "bool") yield replace("constant", value === "true" ? "false" : "true");
      if (text(node, "kind") === "number") {
        yield replace("constant", `(${value} + 1)`);
        if (!/^0(x0*)?$/.test(value)) yield replace("constant", `(${value} - 1)`);
      }
      break;
    }
    case "Identifier":
    case "MemberAccess": {
      const other = alternatives.to(node);
      const name = text(node, node.nodeType === "Identifier" ? "name" : "memberName");
      if (other !== undefined)
        yield replace("choice", other, { start: whole.end - name.length, end: whole.end });
      break;
    }
    case "ExpressionStatement":
    case "RevertStatement":
    case "Return": {
      if (field === "loopExpression") break;
      const end = slice(whole.end - 1, whole.end) === ";" ? whole.end : bytes.indexOf(";", whole.end) + 1;
      yield replace("deletion", "{}", { start: whole.start, end });
      const isChecked = !above.some(({ nodeType }) => nodeType === "UncheckedBlock");
      if (isChecked && node.nodeType !== "RevertStatement" && computes(node)) {
        yield replace("unchecked", `unchecked { ${slice(whole.start, end)} }`, { start: whole.start, end });
      }
      break;
    }
    case "UncheckedBlock":
      yield replace("unchecked", "", { start: whole.start, end: whole.start + "unchecked".length });
      break;
    case "ModifierInvocation":
      if (text(node, "kind") === "modifierInvocation") yield replace("modifier", "");
      break;
    default:
  }
}

/** Whether a statement does arithmetic that could overflow. */
function computes(statement: Node): boolean {
  for (const { node } of walk(statement)) {
    const operator = text(node, "operator").replace(/=$/, "");
    const isSum = ["+", "-", "*", "++", "--"].includes(operator) && node.nodeType !== "ModifierInvocation";
    if (isSum && /^t_u?int/.test(typeOf(node))) return true;
  }
  return false;
}

function* yulChanges({ node }: Visit, slice: (start: number, end: number) => string): Generator<Change> {
  const whole = range(node);
  const operator = "assembly";
  switch (node.nodeType) {
    case "YulLiteral": {
      if (text(node, "kind") !== "number") break;
      const value = BigInt(slice(whole.start, whole.end));
      yield { operator, ...whole, replacement: String(value + 1n) };
      if (value > 0n) yield { operator, ...whole, replacement: String(value - 1n) };
      break;
    }
    case "YulFunctionCall": {
      const name = child(node, "functionName");
      const other = YUL_CALLS[text(name, "name")];
      if (name !== undefined && other !== undefined) yield { operator, ...range(name), replacement: other };
      break;
    }
    case "YulIf": {
      const condition = child(node, "condition");
      if (condition === undefined) break;
      const at = range(condition);
      yield { operator, ...at, replacement: `iszero(${slice(at.start, at.end)})` };
      break;
    }
    case "YulAssignment":
    case "YulExpressionStatement":
      yield { operator, ...whole, replacement: "" };
      break;
    default:
  }
}

/** For each member of an enum and each constant of a contract or library, the next one of its kind. */
class Alternatives {
  readonly #next = new Map<number, string>();

  constructor(trees: ReadonlyMap<string, unknown>) {
    for (const tree of trees.values()) {
      for (const { node } of walk(tree)) {
        if (node.nodeType === "EnumDefinition") this.#add(nodes(node.members));
        if (node.nodeType !== "ContractDefinition") continue;
        const kinds = new Map<string, Node[]>();
        for (const constant of nodes(node.nodes).filter((member) => member.constant === true)) {
          const siblings = kinds.get(typeOf(constant)) ?? [];
          siblings.push(constant);
          kinds.set(typeOf(constant), siblings);
        }
        for (const siblings of kinds.values()) this.#add(siblings);
      }
    }
  }

  #add(members: readonly Node[]): void {
    if (members.length < 2) return;
    members.forEach((member, index) => {
      if (typeof member.id === "number")
        this.#next.set(member.id, text(members[(index + 1) % members.length], "name"));
    });
  }

  /** The name to put in the place of this one. */
  to(reference: Node): string | undefined {
    const id = reference.referencedDeclaration;
    return typeof id === "number" ? this.#next.get(id) : undefined;
  }
}

function nodes(value: unknown): Node[] {
  const items: unknown[] = Array.isArray(value) ? value : [];
  return items.flatMap((item) => [...walk(item)].slice(0, 1)).map(({ node }) => node);
}
