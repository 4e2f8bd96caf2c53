/**
 * Distributed key generation: every party deals a random secret with Feldman's verifiable secret sharing
 * (P. Feldman, FOCS 1987); the key is the sum of all secrets, and no party ever learns it.
 *
 * Commitments are first hashed and only then revealed, so that nobody can choose their part after seeing the
 * others' (R. Gennaro et al., Secure Distributed Key Generation for Discrete-Log Based Cryptosystems, 1999).
 *
 * Rounds: commit (broadcast) → reveal (broadcast) and share (private) → finish. Parties then compare
 * `KeyShare.transcript`: equal transcripts mean that everybody saw the same broadcasts.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { field, Point, zPoint, publicPoint, zScalar, scale, type Scalar } from "./curve.ts";
import { mapMessages, messageFrom, ProtocolFault } from "./fault.ts";
import { evaluate, randomPolynomial, type Party, type Polynomial } from "./polynomial.ts";

/** Who takes part, and how many of them learn nothing together. */
export interface Group {
  /** Indices of all parties, ascending. */
  readonly parties: readonly Party[];
  /** Degree of the sharing: this many shares tell nothing about the key; 2 × degree + 1 parties sign. */
  readonly degree: number;
}

const zHash = z.string().regex(/^[0-9a-f]{64}$/);

/** Round 1, to everybody: a hash of the commitments that follow. */
export const zCommitMessage = z.strictObject({ hash: zHash });
export type CommitMessage = z.output<typeof zCommitMessage>;

/** Round 2, one per receiver: the commitments (the same for everybody) and the receiver's own share. */
export const zDealMessage = z.strictObject({
  /** The polynomial's coefficients times the generator, constant term first. */
  commitments: z.array(zPoint).min(1).max(16),
  salt: zHash,
  share: zScalar,
});
export type DealMessage = z.output<typeof zDealMessage>;

/** What one party holds of a key. */
export interface KeyShare {
  readonly group: Group;
  readonly party: Party;
  readonly publicKey: Point;
  /** This party's share of the secret key. */
  readonly secret: Scalar;
  /** SHA-256 over everybody's commitments, in hex. */
  readonly transcript: string;
}

/** One party's side of one key creation. */
export class KeyCreation {
  readonly #ceremony: string;
  readonly #group: Group;
  readonly #self: Party;
  readonly #polynomial: Polynomial;
  readonly #commitments: readonly Point[];
  readonly #salt = bytesToHex(randomBytes(32));

  /** @param ceremony a fresh identifier, the same for every party; it ties the commitments to this creation */
  constructor(ceremony: string, group: Group, self: Party) {
    this.#ceremony = ceremony;
    this.#group = group;
    this.#self = self;
    this.#polynomial = randomPolynomial(group.degree);
    this.#commitments = this.#polynomial.map(publicPoint);
  }

  /** Round 1. */
  commit(): CommitMessage {
    return { hash: commitmentHash(this.#ceremony, this.#self, this.#commitments, this.#salt) };
  }

  /** Round 2, after every commit has arrived. */
  deal(receiver: Party): DealMessage {
    return {
      commitments: [...this.#commitments],
      salt: this.#salt,
      share: evaluate(this.#polynomial, receiver),
    };
  }

  /**
   * Checks what everybody (this party too) dealt to this party and adds it up.
   * @throws ProtocolFault naming the party whose commitment or share is wrong
   */
  finish(commits: ReadonlyMap<Party, CommitMessage>, deals: ReadonlyMap<Party, DealMessage>): KeyShare {
    for (const party of this.#group.parties) {
      this.#checkDeal(party, messageFrom(commits, party), messageFrom(deals, party));
    }
    const dealt = this.#group.parties.map((party) => messageFrom(deals, party));
    const publicKey = dealt.reduce((sum, { commitments }) => sum.add(constantTerm(commitments)), Point.ZERO);
    if (publicKey.is0()) throw new ProtocolFault(undefined, "The dealt secrets add up to no key.");
    return {
      group: this.#group,
      party: this.#self,
      publicKey,
      secret: dealt.reduce((sum, { share }) => field.add(sum, share), field.ZERO),
      transcript: transcriptHash(mapMessages(commits, (commit) => commit.hash)),
    };
  }

  #checkDeal(party: Party, commit: CommitMessage, deal: DealMessage): void {
    if (deal.commitments.length !== this.#group.degree + 1) {
      throw new ProtocolFault(party, `Party ${party} shared with another degree than agreed.`);
    }
    if (commitmentHash(this.#ceremony, party, deal.commitments, deal.salt) !== commit.hash) {
      throw new ProtocolFault(party, `Party ${party} revealed other commitments than it had committed to.`);
    }
    if (deal.share === 0n || !publicPoint(deal.share).equals(shareCommitment(deal.commitments, this.#self))) {
      throw new ProtocolFault(party, `Party ${party} dealt a share that does not match its commitments.`);
    }
  }
}

/** What a share must be in the exponent: Σ commitment_k × receiver^k. */
function shareCommitment(commitments: readonly Point[], receiver: Party): Point {
  return commitments.reduceRight(
    (sum, commitment) => scale(sum, BigInt(receiver)).add(commitment),
    Point.ZERO,
  );
}

function constantTerm(commitments: readonly Point[]): Point {
  const [first] = commitments;
  if (first === undefined) throw new Error("A deal has at least one commitment.");
  return first;
}

function commitmentHash(ceremony: string, party: Party, commitments: readonly Point[], salt: string): string {
  return bytesToHex(
    sha256(
      concatBytes(
        utf8ToBytes(`trivet key creation commitment|${ceremony}|${party}|`),
        hexToBytes(salt),
        ...commitments.map((point) => point.toBytes(true)),
      ),
    ),
  );
}

function transcriptHash(hashes: ReadonlyMap<Party, string>): string {
  const ordered = [...hashes].sort(([a], [b]) => a - b);
  return bytesToHex(sha256(utf8ToBytes(`trivet key creation transcript|${JSON.stringify(ordered)}`)));
}
