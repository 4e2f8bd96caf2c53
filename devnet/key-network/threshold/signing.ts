/**
 * Threshold ECDSA with an honest majority (R. Gennaro, S. Jarecki, H. Krawczyk, T. Rabin, Robust Threshold
 * DSS Signatures, EUROCRYPT 1996), with the checks in the exponent of I. Damgård et al., Fast Threshold ECDSA
 * with Honest Majority, SCN 2020. 2 × degree + 1 parties sign together.
 *
 * The signers share a random nonce k, a random blinding value a, and two random sharings of zero that hide
 * products of shares. They open W = a·G and μ = k·a, so R = μ⁻¹·W = k⁻¹·G, and check k·R = G. A signature
 * share is then λ·(k·(m + r·x) + w): r is R's abscissa, x the key, w a sharing of zero and λ the signer's
 * Lagrange coefficient. The shares simply add up to s.
 *
 * Rounds: deal (private) → open (broadcast) → reveal the nonce (broadcast) → share. Semi-honest: a signer who
 * lies in a round makes the checks fail or the signature wrong, and nothing is learnt of the key, but the
 * liar is not always named.
 */
import { z } from "zod";
import type { Point } from "./curve.ts";
import { field, generator, zPoint, publicPoint, zScalar, scale, type Scalar } from "./curve.ts";
import { mapMessages, messageFrom, ProtocolFault } from "./fault.ts";
import type { KeyShare } from "./key-creation.ts";
import {
  evaluate,
  haveDegree,
  interpolate,
  interpolatePoints,
  lagrange,
  randomPolynomial,
  type Party,
  type Polynomial,
} from "./polynomial.ts";

/** Round 1, one per receiver: the receiver's shares of the sender's random polynomials. */
export const zNonceDeal = z.strictObject({
  nonce: zScalar,
  blinding: zScalar,
  /** Shares of zero: one hides the product k·a, the other the signature share. */
  productMask: zScalar,
  signatureMask: zScalar,
});
export type NonceDeal = z.output<typeof zNonceDeal>;

/** Round 2, to everybody: the sender's share of a·G and of the masked product k·a. */
export const zNonceOpening = z.strictObject({ blindingPoint: zPoint, maskedProduct: zScalar });
export type NonceOpening = z.output<typeof zNonceOpening>;

/** Round 3, to everybody: the sender's share of k times R. */
export const zNoncePoint = z.strictObject({ point: zPoint });
export type NoncePoint = z.output<typeof zNoncePoint>;

/** Round 4, to whoever combines. */
export interface SignatureShare {
  readonly party: Party;
  /** The nonce point R, the same for all signers. */
  readonly bigR: Point;
  /** Already weighted: the signature's s is the sum of all shares. */
  readonly share: Scalar;
}

interface Dealt {
  readonly nonce: Scalar;
  readonly blinding: Scalar;
  readonly productMask: Scalar;
  readonly signatureMask: Scalar;
}

/**
 * One signer's side of one signing ceremony. It is made for one digest and gives one share: using a nonce
 * for two digests would give the key away, so every step can be taken once only.
 */
export class SigningCeremony {
  readonly #key: KeyShare;
  readonly #signers: readonly Party[];
  readonly #message: Scalar;
  #polynomials: { readonly [name in keyof Dealt]: Polynomial } | undefined;
  #dealt: Dealt | undefined;
  #bigR: Point | undefined;

  /**
   * @param key this party's share of the key
   * @param signers exactly 2 × degree + 1 parties of the key's group, this one among them
   * @param digest the 32 bytes to sign, as a number
   */
  constructor(key: KeyShare, signers: readonly Party[], digest: bigint) {
    const { degree, parties } = key.group;
    const distinct = new Set(signers);
    if (distinct.size !== 2 * degree + 1 || distinct.size !== signers.length) {
      throw new RangeError(`A signature needs exactly ${2 * degree + 1} different signers.`);
    }
    if (!distinct.has(key.party) || !signers.every((signer) => parties.includes(signer))) {
      throw new RangeError("The signers must be parties of the key, this one among them.");
    }
    this.#key = key;
    this.#signers = signers;
    this.#message = field.create(digest);
    this.#polynomials = {
      nonce: randomPolynomial(degree),
      blinding: randomPolynomial(degree),
      productMask: randomPolynomial(2 * degree, 0n),
      signatureMask: randomPolynomial(2 * degree, 0n),
    };
  }

  /** Round 1. */
  deal(receiver: Party): NonceDeal {
    const polynomials = this.#polynomials;
    if (polynomials === undefined) throw outOfOrder();
    return {
      nonce: evaluate(polynomials.nonce, receiver),
      blinding: evaluate(polynomials.blinding, receiver),
      productMask: evaluate(polynomials.productMask, receiver),
      signatureMask: evaluate(polynomials.signatureMask, receiver),
    };
  }

  /** Round 2, after every signer's deal (this one's too) has arrived. */
  open(deals: ReadonlyMap<Party, NonceDeal>): NonceOpening {
    if (this.#polynomials === undefined) throw outOfOrder();
    this.#polynomials = undefined;
    const sum = (part: keyof Dealt): Scalar =>
      this.#signers.reduce((total, signer) => field.add(total, messageFrom(deals, signer)[part]), field.ZERO);
    const dealt = {
      nonce: sum("nonce"),
      blinding: sum("blinding"),
      productMask: sum("productMask"),
      signatureMask: sum("signatureMask"),
    };
    if (dealt.nonce === 0n || dealt.blinding === 0n) {
      throw new ProtocolFault(undefined, "The dealt nonce shares add up to nothing.");
    }
    this.#dealt = dealt;
    return {
      blindingPoint: publicPoint(dealt.blinding),
      maskedProduct: field.add(field.mul(dealt.nonce, dealt.blinding), dealt.productMask),
    };
  }

  /**
   * Round 3, after every opening has arrived.
   * @throws ProtocolFault when the openings do not fit together
   */
  revealNonce(openings: ReadonlyMap<Party, NonceOpening>): NoncePoint {
    if (this.#dealt === undefined || this.#bigR !== undefined) throw outOfOrder();
    const ours = this.#ofSigners(openings);
    const blindingPoints = mapMessages(ours, (opening) => opening.blindingPoint);
    const product = interpolate(mapMessages(ours, (opening) => opening.maskedProduct));
    if (product === 0n || !haveDegree(blindingPoints, this.#key.group.degree)) {
      throw new ProtocolFault(undefined, "The signers' blinding values do not fit together.");
    }
    this.#bigR = scale(interpolatePoints(blindingPoints), field.inv(product));
    return { point: this.#bigR.multiply(this.#dealt.nonce) };
  }

  /**
   * Round 4, after every nonce point has arrived. The ceremony is over afterwards.
   * @throws ProtocolFault when the nonce does not belong to R: no share is given
   */
  sign(noncePoints: ReadonlyMap<Party, NoncePoint>): SignatureShare {
    const dealt = this.#dealt;
    const bigR = this.#bigR;
    if (dealt === undefined || bigR === undefined) throw outOfOrder();
    this.#dealt = undefined;
    const points = mapMessages(this.#ofSigners(noncePoints), (message) => message.point);
    if (!haveDegree(points, this.#key.group.degree) || !interpolatePoints(points).equals(generator)) {
      throw new ProtocolFault(undefined, "The signers' nonce shares do not fit together.");
    }
    const r = abscissa(bigR);
    const hidden = field.mul(dealt.nonce, field.add(this.#message, field.mul(r, this.#key.secret)));
    const weight = lagrange(this.#key.party, this.#signers);
    return {
      party: this.#key.party,
      bigR,
      share: field.mul(weight, field.add(hidden, dealt.signatureMask)),
    };
  }

  #ofSigners<T>(messages: ReadonlyMap<Party, T>): Map<Party, T> {
    return new Map(this.#signers.map((signer) => [signer, messageFrom(messages, signer)]));
  }
}

/** ECDSA's r: the point's x coordinate modulo the order. */
export function abscissa(point: Point): Scalar {
  const r = field.create(point.toAffine().x);
  if (r === 0n) throw new ProtocolFault(undefined, "The nonce point gives no signature.");
  return r;
}

function outOfOrder(): Error {
  return new Error("A step of the signing ceremony was taken twice or out of order.");
}
