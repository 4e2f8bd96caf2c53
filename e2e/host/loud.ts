import { EventEmitter } from "node:events";

/** Something of Electron's that the stand-in does not have. */
export class NotInStandIn extends Error {
  constructor(what: string) {
    super(`${what} is not part of the stand-in for Electron. e2e/host/README.md says what is.`);
    this.name = "NotInStandIn";
  }
}

type Listener = Parameters<EventEmitter["on"]>[1];

/** Names that JavaScript itself, Node or a test runner looks up on any object. */
const ASKED_BY_OTHERS = new Set(["then", "toJSON", "domain", "nodeType", "asymmetricMatch", "$$typeof"]);

/**
 * The last object of a prototype chain: what nobody defined is looked up here, and throws instead of being
 * undefined. So every class and object of the stand-in is loud about what it lacks, without a wrapper around it.
 */
function loudEnd(base: object, nameOf: (receiver: unknown) => string): object {
  // The target may be any object (a symbol or a known name must be found in it).
  return new Proxy<object>(Object.create(base) as object, {
    get(target, key, receiver) {
      const known =
        typeof key === "symbol" || key in target || key.startsWith("_") || ASKED_BY_OTHERS.has(key);
      if (known) return Reflect.get(target, key, receiver) as unknown;
      throw new NotInStandIn(`${nameOf(receiver)}.${key}`);
    },
  });
}

/** Makes an object throw when something is read that it does not have. */
export function loud<T extends object>(name: string, api: T): T {
  Object.setPrototypeOf(
    api,
    loudEnd(Object.prototype, () => name),
  );
  return api;
}

/** A module of Electron's of which the stand-in has nothing. */
export const absent = (name: string): object => loud(name, {});

/**
 * An event emitter that throws on whatever its subclass does not define, and on listening to an event that would
 * never come.
 */
export class LoudEmitter extends EventEmitter {
  readonly #events: ReadonlySet<string> | undefined;

  /** @param events the events that can be listened to; without them, any */
  constructor(events?: readonly string[]) {
    super();
    this.#events = events && new Set(events);
  }

  #check(event: string | symbol): void {
    if (this.#events && typeof event === "string" && !this.#events.has(event)) {
      throw new NotInStandIn(`${this.constructor.name}'s event "${event}"`);
    }
  }

  override on(event: string | symbol, listener: Listener): this {
    this.#check(event);
    return super.on(event, listener);
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    this.#check(event);
    return super.prependListener(event, listener);
  }
}

Object.setPrototypeOf(
  LoudEmitter.prototype,
  loudEnd(EventEmitter.prototype, (receiver) =>
    receiver instanceof LoudEmitter ? receiver.constructor.name : LoudEmitter.name,
  ),
);
