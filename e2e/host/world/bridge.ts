/**
 * Carries calls between two worlds of one page that share nothing but the document: synchronous events under names
 * that only the two ends know. Each end holds its own functions; the other end gets a stand-in for each.
 */

/** A value on its way to the other world. Functions and promises travel as numbers. */
type Carried =
  | { readonly t: "copy"; readonly v: unknown }
  | { readonly t: "array"; readonly v: readonly Carried[] }
  | { readonly t: "object"; readonly v: readonly (readonly [string, Carried])[] }
  | { readonly t: "error"; readonly message: string }
  | { readonly t: "function" | "promise"; readonly id: number };

type Parcel =
  | { readonly k: "call"; readonly id: number; readonly args: readonly Carried[] }
  | { readonly k: "answer"; readonly ok: boolean; readonly value: Carried }
  | { readonly k: "settle"; readonly id: number; readonly ok: boolean; readonly value: Carried };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- calls cross untyped, as in Electron
type AnyFunction = (...args: any[]) => unknown;

export interface Endpoint {
  /** Calls the function that the other end offers. */
  readonly call: (...args: unknown[]) => unknown;
  /** Offers a function to the other end. */
  readonly offer: (entry: AnyFunction) => void;
}

/** The function that an end offers; those that cross as values are counted up from it. */
const OFFERED = 0;
const MAX_DEPTH = 1000;

export function createEndpoint(outgoing: string, incoming: string): Endpoint {
  // Taken before any script of the page can replace them.
  const dispatch = document.dispatchEvent.bind(document);
  const Event = CustomEvent;

  const functions = new Map<number, AnyFunction>();
  const ids = new WeakMap<AnyFunction, number>();
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let nextId = OFFERED + 1;
  let answer: Extract<Parcel, { k: "answer" }> | undefined;

  function send(parcel: Parcel): void {
    dispatch(new Event(outgoing, { detail: parcel }));
  }

  function idOf(fn: AnyFunction): number {
    const id = ids.get(fn) ?? nextId++;
    ids.set(fn, id);
    functions.set(id, fn);
    return id;
  }

  function settleLater(promise: Promise<unknown>): number {
    const id = nextId++;
    promise.then(
      (value) => {
        send({ k: "settle", id, ...attempt(() => value) });
      },
      (error: unknown) => {
        send({ k: "settle", id, ok: false, value: carryError(error) });
      },
    );
    return id;
  }

  const carryError = (error: unknown): Carried => ({
    t: "error",
    message: error instanceof Error ? error.message : String(error),
  });

  function carry(value: unknown, depth = 0): Carried {
    if (depth > MAX_DEPTH) {
      throw new Error(
        "Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.",
      );
    }
    if (typeof value === "function") return { t: "function", id: idOf(value as AnyFunction) };
    if (typeof value === "symbol") throw new Error("An object could not be cloned.");
    if (typeof value !== "object" || value === null) return { t: "copy", v: value };
    if (value instanceof Promise) return { t: "promise", id: settleLater(value) };
    if (value instanceof Error) return carryError(value);
    if (Array.isArray(value)) return { t: "array", v: value.map((item) => carry(item, depth + 1)) };
    const copied = [Date, Map, Set, RegExp, ArrayBuffer, Blob].some((Class) => value instanceof Class);
    if (copied || ArrayBuffer.isView(value)) return { t: "copy", v: value };
    // Instances of classes arrive as plain objects, as in Electron.
    return { t: "object", v: Object.entries(value).map(([key, item]) => [key, carry(item, depth + 1)]) };
  }

  function unpack(carried: Carried): unknown {
    switch (carried.t) {
      case "copy":
        return carried.v;
      case "error":
        return new Error(carried.message);
      case "array":
        return carried.v.map(unpack);
      case "object":
        return Object.fromEntries(carried.v.map(([key, item]) => [key, unpack(item)]));
      case "promise":
        return new Promise((resolve, reject) => promises.set(carried.id, { resolve, reject }));
      case "function":
        return (...args: unknown[]) => callThere(carried.id, args);
    }
  }

  function callThere(id: number, args: unknown[]): unknown {
    answer = undefined;
    send({ k: "call", id, args: args.map((argument) => carry(argument)) });
    // Assigned by the listener below, which ran inside `send`.
    const received = answer as Extract<Parcel, { k: "answer" }> | undefined;
    answer = undefined;
    if (!received) throw new Error("The other side of the bridge is gone.");
    const value = unpack(received.value);
    if (!received.ok) throw value;
    return value;
  }

  function attempt(run: () => unknown): { ok: boolean; value: Carried } {
    try {
      return { ok: true, value: carry(run()) };
    } catch (error) {
      return { ok: false, value: carryError(error) };
    }
  }

  document.addEventListener(incoming, (event) => {
    const parcel = (event as CustomEvent<Parcel>).detail;
    switch (parcel.k) {
      case "call": {
        const fn = functions.get(parcel.id);
        send({
          k: "answer",
          ...attempt(() => {
            if (!fn) throw new Error("The other side of the bridge offers no such function.");
            return fn(...parcel.args.map(unpack));
          }),
        });
        break;
      }
      case "answer":
        answer = parcel;
        break;
      case "settle": {
        const promise = promises.get(parcel.id);
        promises.delete(parcel.id);
        if (parcel.ok) promise?.resolve(unpack(parcel.value));
        else promise?.reject(unpack(parcel.value));
        break;
      }
    }
  });

  return {
    call: (...args) => callThere(OFFERED, args),
    offer: (entry) => functions.set(OFFERED, entry),
  };
}
