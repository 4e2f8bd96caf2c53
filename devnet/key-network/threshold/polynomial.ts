import { field, Point, randomScalar, scale, type Scalar } from "./curve.ts";

/** A node's index in the network, from 1. It is also where the node's shares are evaluated, so never 0. */
export type Party = number;

/** Coefficients, constant term first. */
export type Polynomial = readonly Scalar[];

/** A random polynomial of the given degree whose value at 0 is `constant` (random when left out). */
export function randomPolynomial(degree: number, constant: Scalar = randomScalar()): Polynomial {
  return [constant, ...Array.from({ length: degree }, () => randomScalar())];
}

/** The polynomial's value at a party's index (Horner). */
export function evaluate(polynomial: Polynomial, party: Party): Scalar {
  const x = BigInt(party);
  return polynomial.reduceRight((sum, coefficient) => field.add(field.mul(sum, x), coefficient), field.ZERO);
}

/**
 * The Lagrange coefficient of `party` among `parties` for the value at `at` (0: the secret itself).
 * `parties` are distinct and contain `party`.
 */
export function lagrange(party: Party, parties: readonly Party[], at: Party = 0): Scalar {
  return parties
    .filter((other) => other !== party)
    .reduce(
      (product, other) =>
        field.mul(product, field.div(field.create(BigInt(at - other)), field.create(BigInt(party - other)))),
      field.ONE,
    );
}

/** The value at 0 of the polynomial through one scalar per party. */
export function interpolate(values: ReadonlyMap<Party, Scalar>): Scalar {
  const parties = [...values.keys()];
  return [...values].reduce(
    (sum, [party, value]) => field.add(sum, field.mul(lagrange(party, parties), value)),
    field.ZERO,
  );
}

/** The same in the exponent, at any index: the point at `at` of the polynomial through one point per party. */
export function interpolatePoints(points: ReadonlyMap<Party, Point>, at: Party = 0): Point {
  const parties = [...points.keys()];
  return [...points].reduce(
    (sum, [party, point]) => sum.add(scale(point, lagrange(party, parties, at))),
    Point.ZERO,
  );
}

/** Whether the points lie on one polynomial of at most the given degree (in the exponent). */
export function haveDegree(points: ReadonlyMap<Party, Point>, degree: number): boolean {
  const entries = [...points];
  const basis = new Map(entries.slice(0, degree + 1));
  return entries.slice(degree + 1).every(([party, point]) => interpolatePoints(basis, party).equals(point));
}
