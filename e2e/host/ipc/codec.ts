/**
 * What crosses between main and a page, as JSON: everything that structured clone copies and that messages of an app
 * hold. Used on both sides, so it knows neither Node nor the DOM.
 */
export type Encoded =
  | null
  | boolean
  | string
  | number
  | { readonly t: "undefined" }
  | { readonly t: "number" | "bigint"; readonly v: string }
  | { readonly t: "date"; readonly v: number | null }
  | { readonly t: "regexp"; readonly source: string; readonly flags: string }
  | { readonly t: "map"; readonly v: readonly (readonly [Encoded, Encoded])[] }
  | { readonly t: "set" | "array"; readonly v: readonly Encoded[] }
  | { readonly t: "object"; readonly v: readonly (readonly [string, Encoded])[] }
  | { readonly t: "error"; readonly name: string; readonly message: string; readonly stack: string }
  | { readonly t: "bytes"; readonly type: ByteType; readonly v: string };

type ViewType =
  | `${"Int8" | "Uint8" | "Uint8Clamped" | "Int16" | "Uint16" | "Int32" | "Uint32"}Array`
  | `${"Float32" | "Float64" | "BigInt64" | "BigUint64"}Array`
  | "DataView";
type ByteType = ViewType | "ArrayBuffer";

const VIEWS: Record<ViewType, new (buffer: ArrayBuffer) => ArrayBufferView> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

/** Electron's words for a value that cannot be copied. */
function notCloneable(): Error {
  return new Error("An object could not be cloned.");
}

/** @throws Error for functions, symbols, promises and other things that cannot be copied, and for cycles */
export function encode(value: unknown, inside: ReadonlySet<object> = new Set()): Encoded {
  switch (typeof value) {
    case "undefined":
      return { t: "undefined" };
    case "boolean":
    case "string":
      return value;
    case "number":
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { t: "number", v: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return { t: "bigint", v: String(value) };
    case "function":
    case "symbol":
      throw notCloneable();
    case "object":
      break;
  }
  if (value === null) return null;
  if (inside.has(value)) throw new Error("The stand-in cannot send a value that contains itself.");
  const within = new Set(inside).add(value);
  const each = (item: unknown) => encode(item, within);

  if (Array.isArray(value)) return { t: "array", v: Array.from(value, each) };
  if (value instanceof Date) {
    const time = value.getTime();
    return { t: "date", v: Number.isNaN(time) ? null : time };
  }
  if (value instanceof RegExp) return { t: "regexp", source: value.source, flags: value.flags };
  if (value instanceof Map)
    return { t: "map", v: Array.from(value, ([k, v]) => [each(k), each(v)] as const) };
  if (value instanceof Set) return { t: "set", v: Array.from(value, each) };
  if (value instanceof Error) {
    return { t: "error", name: value.name, message: value.message, stack: value.stack ?? "" };
  }
  if (value instanceof ArrayBuffer) {
    return { t: "bytes", type: "ArrayBuffer", v: toBase64(new Uint8Array(value)) };
  }
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { t: "bytes", type: viewType(value), v: toBase64(bytes) };
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) throw notCloneable();
  return { t: "object", v: Object.entries(value).map(([key, item]) => [key, each(item)] as const) };
}

export function decode(encoded: Encoded): unknown {
  if (encoded === null || typeof encoded !== "object") return encoded;
  switch (encoded.t) {
    case "undefined":
      return undefined;
    case "number":
      return Number(encoded.v);
    case "bigint":
      return BigInt(encoded.v);
    case "date":
      return new Date(encoded.v ?? NaN);
    case "regexp":
      return new RegExp(encoded.source, encoded.flags);
    case "map":
      return new Map(encoded.v.map(([key, value]) => [decode(key), decode(value)]));
    case "set":
      return new Set(encoded.v.map(decode));
    case "array":
      return encoded.v.map(decode);
    case "object":
      return Object.fromEntries(encoded.v.map(([key, value]) => [key, decode(value)]));
    case "error": {
      const error = new Error(encoded.message);
      error.name = encoded.name;
      error.stack = encoded.stack;
      return error;
    }
    case "bytes": {
      const { buffer } = fromBase64(encoded.v);
      return encoded.type === "ArrayBuffer" ? buffer : new VIEWS[encoded.type](buffer);
    }
  }
}

/** A view's type, with Node's Buffer counting as the Uint8Array it is. */
function viewType(view: ArrayBufferView): ByteType {
  const found = Object.entries(VIEWS).find(([, View]) => view instanceof View);
  if (!found) throw notCloneable();
  return found[0] as ByteType;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
