import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { absent, loud, LoudEmitter } from "./loud.ts";

class Lamp extends LoudEmitter {
  lit = false;
  constructor() {
    super(["switched"]);
  }
  toggle(): void {
    this.lit = !this.lit;
    this.emit("switched", this.lit);
  }
}

describe("a loud emitter", () => {
  test("is an event emitter with the members of its class", () => {
    const lamp = new Lamp();
    const seen: boolean[] = [];
    lamp.once("switched", (lit: boolean) => seen.push(lit));
    lamp.toggle();
    lamp.toggle();
    expect(lamp).toBeInstanceOf(EventEmitter);
    expect(seen).toEqual([true]);
    expect(lamp.listenerCount("switched")).toBe(0);
  });

  test("throws with the name of what it lacks", () => {
    const lamp = new Lamp();
    expect(() => Reflect.get(lamp, "dim") as unknown).toThrow("Lamp.dim is not part of the stand-in");
  });

  test("throws when someone waits for an event that never comes", () => {
    const lamp = new Lamp();
    const listener = () => undefined;
    for (const method of ["on", "once", "addListener", "prependListener"] as const) {
      expect(() => lamp[method]("burnt", listener)).toThrow(/"burnt"/);
    }
  });

  test("can be returned from an async function and printed", async () => {
    const lamp = await Promise.resolve(new Lamp());
    expect(JSON.stringify({ lit: lamp.lit, name: lamp.constructor.name })).toContain("Lamp");
  });
});

test("a loud object throws on what it lacks, an absent module on anything", () => {
  const shell = loud("shell", { beep: () => "beep" });
  expect(shell.beep()).toBe("beep");
  expect(() => Reflect.get(shell, "openPath") as unknown).toThrow("shell.openPath");
  expect(() => Reflect.get(absent("net"), "fetch") as unknown).toThrow("net.fetch");
});
