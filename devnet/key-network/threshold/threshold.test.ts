import { keccak256, recoverAddress } from "viem/utils";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zPublicKey, addressOfPublicKey } from "#core/keys/public-key.ts";
import { combine } from "./combine.ts";
import { field, order, Point, publicPoint, randomScalar, zPoint, zScalar } from "./curve.ts";
import { ProtocolFault } from "./fault.ts";
import {
  KeyCreation,
  type CommitMessage,
  type DealMessage,
  type Group,
  type KeyShare,
} from "./key-creation.ts";
import { evaluate, interpolate, lagrange, randomPolynomial, type Party } from "./polynomial.ts";
import { SigningCeremony, type NonceDeal, type NonceOpening, type SignatureShare } from "./signing.ts";

const GROUP: Group = { parties: [1, 2, 3, 4], degree: 1 };
const CEREMONY = "ab".repeat(32);

/** Runs `step` for every party and gathers what they answer. */
const each = <T>(parties: readonly Party[], step: (party: Party) => T): Map<Party, T> =>
  new Map(parties.map((party) => [party, step(party)]));

const of = <T>(map: ReadonlyMap<Party, T>, party: Party): T => {
  const value = map.get(party);
  if (value === undefined) throw new Error(`nothing of party ${party}`);
  return value;
};

interface Tampering {
  readonly deal?: (deal: DealMessage, from: Party, to: Party) => DealMessage;
  readonly commit?: (commit: CommitMessage, from: Party) => CommitMessage;
}

function createKey(
  group: Group,
  { deal = (d) => d, commit = (c) => c }: Tampering = {},
): Map<Party, KeyShare> {
  const creations = each(group.parties, (party) => new KeyCreation(CEREMONY, group, party));
  const commits = each(group.parties, (party) => commit(of(creations, party).commit(), party));
  return each(group.parties, (to) => {
    const deals = each(group.parties, (from) => deal(of(creations, from).deal(to), from, to));
    return of(creations, to).finish(commits, deals);
  });
}

interface SigningTampering {
  readonly deal?: (deal: NonceDeal, from: Party, to: Party) => NonceDeal;
  readonly opening?: (opening: NonceOpening, from: Party) => NonceOpening;
}

function signatureShares(
  keys: ReadonlyMap<Party, KeyShare>,
  signers: readonly Party[],
  digest: bigint,
  { deal = (d) => d, opening = (o) => o }: SigningTampering = {},
): SignatureShare[] {
  const ceremonies = each(signers, (party) => new SigningCeremony(of(keys, party), signers, digest));
  const deals = each(signers, (to) => each(signers, (from) => deal(of(ceremonies, from).deal(to), from, to)));
  const openings = each(signers, (party) => opening(of(ceremonies, party).open(of(deals, party)), party));
  const points = each(signers, (party) => of(ceremonies, party).revealNonce(openings));
  return signers.map((party) => of(ceremonies, party).sign(points));
}

const publicKeyOf = (keys: ReadonlyMap<Party, KeyShare>): Point => of(keys, 1).publicKey;
const addressOf = (keys: ReadonlyMap<Party, KeyShare>) =>
  addressOfPublicKey(zPublicKey.parse(`0x${publicKeyOf(keys).toHex(false)}`));
const digestOf = (bytes: Uint8Array) => keccak256(bytes);

describe("polynomials", () => {
  test("any degree + 1 shares give the secret, whatever the secret and the parties", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.bigInt({ min: 0n, max: order - 1n }),
        fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7], { minLength: 4 }),
        (degree, secret, parties) => {
          const polynomial = randomPolynomial(degree, secret);
          const shares = each(parties.slice(0, degree + 1), (party) => evaluate(polynomial, party));
          expect(interpolate(shares)).toBe(secret);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("Lagrange coefficients for the value at 0 add up to one", () => {
    const parties = [1, 3, 4];
    expect(parties.reduce((sum, party) => field.add(sum, lagrange(party, parties)), 0n)).toBe(1n);
  });
});

describe("creating a key", () => {
  const keys = createKey(GROUP);

  test("gives everybody the same public key and transcript, and different shares", () => {
    const shares = [...keys.values()];
    expect(new Set(shares.map(({ publicKey }) => publicKey.toHex())).size).toBe(1);
    expect(new Set(shares.map(({ transcript }) => transcript)).size).toBe(1);
    expect(new Set(shares.map(({ secret }) => secret)).size).toBe(4);
  });

  test("makes a key that two shares would give, and one share does not", () => {
    const secretOf = (parties: Party[]) => interpolate(each(parties, (party) => of(keys, party).secret));
    for (const pair of [
      [1, 2],
      [2, 4],
      [3, 1],
    ]) {
      expect(publicPoint(secretOf(pair)).equals(publicKeyOf(keys))).toBe(true);
    }
    for (const { secret } of keys.values()) expect(publicPoint(secret).equals(publicKeyOf(keys))).toBe(false);
  });

  test("notices a wrong share, and names who dealt it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...GROUP.parties),
        fc.constantFrom(...GROUP.parties),
        fc.bigInt({ min: 1n, max: order - 1n }),
        (liar, victim, error) => {
          const attempt = () =>
            createKey(GROUP, {
              deal: (deal, from, to) =>
                from === liar && to === victim ? { ...deal, share: field.add(deal.share, error) } : deal,
            });
          expect(attempt).toThrow(expect.objectContaining({ name: "ProtocolFault", party: liar }));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("refuses commitments other than those committed to, even when the share fits them", () => {
    const other = new KeyCreation(CEREMONY, GROUP, 3);
    const attempt = () =>
      createKey(GROUP, { deal: (deal, from, to) => (from === 3 ? other.deal(to) : deal) });
    expect(attempt).toThrow(
      expect.objectContaining({ party: 3, message: expect.stringMatching(/committed/) }),
    );
  });

  test("refuses a sharing of a higher degree, which three signers could not open", () => {
    const steep = new KeyCreation(CEREMONY, { ...GROUP, degree: 2 }, 2);
    const attempt = () =>
      createKey(GROUP, {
        commit: (commit, from) => (from === 2 ? steep.commit() : commit),
        deal: (deal, from, to) => (from === 2 ? steep.deal(to) : deal),
      });
    expect(attempt).toThrow(expect.objectContaining({ party: 2, message: expect.stringMatching(/degree/) }));
  });

  test("refuses commitments replayed from another creation", () => {
    const earlier = new KeyCreation("cd".repeat(32), GROUP, 4);
    const attempt = () =>
      createKey(GROUP, {
        commit: (commit, from) => (from === 4 ? earlier.commit() : commit),
        deal: (deal, from, to) => (from === 4 ? earlier.deal(to) : deal),
      });
    expect(attempt).toThrow(expect.objectContaining({ party: 4 }));
  });
});

describe("signing", () => {
  const keys = createKey(GROUP);

  test("any three of four give an Ethereum signature of the key over the digest", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([1, 2, 3, 4], { minLength: 3, maxLength: 3 }),
        fc.uint8Array({ minLength: 0, maxLength: 40 }),
        async (signers, message) => {
          const hash = digestOf(message);
          const shares = signatureShares(keys, signers, BigInt(hash));
          const { r, s, v } = combine(publicKeyOf(keys), hash.slice(2), shares);
          expect(BigInt(`0x${s}`)).toBeLessThanOrEqual(order / 2n);
          const signature = `0x${r}${s}${v.toString(16)}` as const;
          expect(await recoverAddress({ hash, signature })).toBe(addressOf(keys));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("other sizes work too: three of three, and five of seven with degree two", () => {
    for (const group of [
      { parties: [1, 2, 3], degree: 1 },
      { parties: [1, 2, 3, 4, 5, 6, 7], degree: 2 },
    ]) {
      const many = createKey(group);
      const signers = group.parties.slice(-(2 * group.degree + 1));
      const hash = digestOf(new Uint8Array([group.parties.length]));
      const shares = signatureShares(many, signers, BigInt(hash));
      expect(combine(publicKeyOf(many), hash.slice(2), shares).v).toBeGreaterThan(26);
    }
  });

  test("every ceremony has a nonce of its own", () => {
    const points = new Set(
      Array.from({ length: 20 }, () => signatureShares(keys, [1, 2, 3], 7n)[0]?.bigR.toHex()),
    );
    expect(points.size).toBe(20);
  });

  test("a wrong share makes a signature that is refused", () => {
    const hash = digestOf(new Uint8Array([1]));
    const shares = signatureShares(keys, [1, 3, 4], BigInt(hash));
    const wrong = shares.map((share) =>
      share.party === 3 ? { ...share, share: field.add(share.share, randomScalar()) } : share,
    );
    expect(() => combine(publicKeyOf(keys), hash.slice(2), wrong)).toThrow(ProtocolFault);
  });

  test("shares of two ceremonies do not mix", () => {
    const first = signatureShares(keys, [1, 2, 3], 5n);
    const second = signatureShares(keys, [1, 2, 3], 5n);
    const mixed = [...first.slice(0, 2), ...second.slice(2)];
    expect(() => combine(publicKeyOf(keys), "00".repeat(31) + "05", mixed)).toThrow(/different ceremonies/);
  });

  test("a false nonce share is noticed before anybody gives a share", () => {
    const lie = (deal: NonceDeal, from: Party, to: Party) =>
      from === 2 && to === 3 ? { ...deal, nonce: field.add(deal.nonce, 1n) } : deal;
    expect(() => signatureShares(keys, [1, 2, 3], 9n, { deal: lie })).toThrow(/nonce shares do not fit/);
  });

  test("a false blinding share, opening or masked product is noticed before anybody gives a share", () => {
    const lies: SigningTampering[] = [
      { deal: (d, from, to) => (from === 1 && to === 2 ? { ...d, blinding: field.add(d.blinding, 1n) } : d) },
      { opening: (o, from) => (from === 1 ? { ...o, maskedProduct: field.add(o.maskedProduct, 1n) } : o) },
      { opening: (o, from) => (from === 3 ? { ...o, blindingPoint: publicPoint(randomScalar()) } : o) },
    ];
    for (const lie of lies) expect(() => signatureShares(keys, [1, 2, 3], 9n, lie)).toThrow(ProtocolFault);
  });

  test("needs exactly three different parties of the key", () => {
    for (const signers of [
      [1, 2],
      [1, 2, 3, 4],
      [1, 2, 2],
      [1, 2, 5],
      [2, 3, 4],
    ]) {
      expect(() => new SigningCeremony(of(keys, 1), signers, 1n)).toThrow(RangeError);
    }
  });

  test("gives one share only: no step can be taken twice, so no nonce serves two digests", () => {
    const signers = [1, 2, 3];
    const ceremonies = each(signers, (party) => new SigningCeremony(of(keys, party), signers, 1n));
    const one = of(ceremonies, 1);
    const deals = (to: Party) => each(signers, (from) => of(ceremonies, from).deal(to));
    const all = each(signers, deals);
    const openings = each(signers, (party) => of(ceremonies, party).open(of(all, party)));
    expect(() => one.open(of(all, 1))).toThrow(/twice or out of order/);
    expect(() => one.deal(2)).toThrow(/twice or out of order/);
    const points = each(signers, (party) => of(ceremonies, party).revealNonce(openings));
    expect(() => one.revealNonce(openings)).toThrow(/twice or out of order/);
    one.sign(points);
    expect(() => one.sign(points)).toThrow(/twice or out of order/);
  });
});

describe("the wire", () => {
  test("scalars and points come back as they were sent", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: order - 1n }), (scalar) => {
        expect(zScalar.parse(zScalar.encode(scalar))).toBe(scalar);
      }),
    );
    const point = publicPoint(randomScalar());
    expect(zPoint.parse(zPoint.encode(point)).equals(point)).toBe(true);
  });

  test("what is no scalar or no point of the curve is refused", () => {
    expect(zScalar.safeParse(order.toString(16)).success).toBe(false);
    expect(zScalar.safeParse("1").success).toBe(false);
    expect(zPoint.safeParse(`02${"00".repeat(32)}`).success).toBe(false);
    expect(zPoint.safeParse(`02${"ff".repeat(32)}`).success).toBe(false);
    expect(zPoint.safeParse(Point.ZERO).success).toBe(false);
  });
});
