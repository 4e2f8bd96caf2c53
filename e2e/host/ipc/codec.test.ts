import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode, type Encoded } from "./codec.ts";

const cross = (value: unknown): unknown => decode(JSON.parse(JSON.stringify(encode(value))) as Encoded);

describe("what crosses the bridge", () => {
  test("arrives as structured clone would copy it", () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: false,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(cross(value)).toEqual(structuredClone(value));
      }),
    );
  });

  test.each<[string, unknown]>([
    ["bigints past 64 bits", 2n ** 255n],
    ["bytes", new Uint8Array([0, 127, 255])],
    ["an array buffer", new Uint8Array([1, 2]).buffer],
    ["maps inside maps", new Map([[{ a: 1n }, new Map([["x", new Date(0)]])]])],
    ["no date", new Date(NaN)],
    ["minus zero and infinities", [-0, Infinity, -Infinity, NaN]],
    ["nothing, in a list", [undefined, null]],
    ["a key that is the prototype's name", JSON.parse('{"__proto__": {"polluted": true}}')],
    ["expressions", /a+/giu],
  ])("%s", (_what, value) => {
    expect(cross(value)).toStrictEqual(value);
  });

  test("a Buffer arrives as bytes", () => {
    expect(cross(Buffer.from("abc"))).toStrictEqual(new Uint8Array([97, 98, 99]));
  });

  test("an error keeps its name and message", () => {
    expect(cross(new TypeError("no"))).toMatchObject({ name: "TypeError", message: "no" });
  });

  test.each<[string, unknown]>([
    ["functions", { onClick: () => undefined }],
    ["symbols", [Symbol("x")]],
    ["promises", Promise.resolve(1)],
  ])("%s cannot be cloned", (_what, value) => {
    expect(() => encode(value)).toThrow("An object could not be cloned.");
  });

  test("a value that contains itself is refused, one that occurs twice is not", () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    const shared = { a: 1 };
    expect(() => encode(ring)).toThrow(/contains itself/);
    expect(cross([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
  });
});
