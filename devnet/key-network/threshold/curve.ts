import { secp256k1 } from "@noble/curves/secp256k1.js";
import { z } from "zod";

/** secp256k1 in the form the protocols need: scalars modulo the group order, points, and their wire form. */
export const Point = secp256k1.Point;
export type Point = InstanceType<typeof secp256k1.Point>;

/** An integer modulo the group order. */
export type Scalar = bigint;

/** Arithmetic modulo the group order. */
export const field = Point.Fn;

/** The group order. */
export const order = field.ORDER;

/** The generator. */
export const generator = Point.BASE;

/** A uniformly random scalar from 1 to the order minus 1, from the operating system's generator. */
export function randomScalar(): Scalar {
  return field.fromBytes(secp256k1.utils.randomSecretKey());
}

/** generator × secret, in constant time. The secret must not be 0. */
export function publicPoint(secret: Scalar): Point {
  return generator.multiply(secret);
}

/**
 * point × scalar for public scalars only (not constant time). Works with the smaller of the scalar and its
 * negative, because Lagrange coefficients of small indices are small or just below the order.
 */
export function scale(point: Point, scalar: Scalar): Point {
  const negative = field.neg(scalar);
  return scalar <= negative ? point.multiplyUnsafe(scalar) : point.multiplyUnsafe(negative).negate();
}

/** 32 bytes, big endian, as 64 hex digits. */
export function scalarToHex(scalar: Scalar): string {
  return scalar.toString(16).padStart(64, "0");
}

/** Wire form of a scalar: 64 lower-case hex digits, less than the order. */
export const zScalar = z.codec(z.string().regex(/^[0-9a-f]{64}$/), z.bigint(), {
  decode: (hex, context) => {
    const scalar = BigInt(`0x${hex}`);
    if (scalar < order) return scalar;
    context.issues.push({ code: "custom", message: "The scalar is not below the group order.", input: hex });
    return z.NEVER;
  },
  encode: scalarToHex,
});

/** Wire form of a point: 66 hex digits (compressed), on the curve, never the point at infinity. */
export const zPoint = z.codec(
  z.string().regex(/^0[23][0-9a-f]{64}$/),
  z.custom<Point>((value) => value instanceof Point),
  {
    decode: (hex, context) => {
      try {
        return Point.fromHex(hex);
      } catch {
        context.issues.push({ code: "custom", message: "The point is not on the curve.", input: hex });
        return z.NEVER;
      }
    },
    encode: (point) => point.toHex(true),
  },
);
